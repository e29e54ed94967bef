using Passerelle.Gateway.Queue.Outbox;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue;

/// <summary>Letters whose time is up before they left: nobody wants them any more, and a person sees that they did not go.</summary>
internal static class LetterExpiry
{
    public const string Reason = "It expired before it could leave";
    private const int Most = 100;

    /// <returns>How many.</returns>
    public static int Sweep(Tx tx, DateTimeOffset now)
    {
        var late = tx.Across("deadline sweep").List<Expired>(
            """
            -- across: deadline sweep
            SELECT organisation_id, id FROM letter
            WHERE expires_at IS NOT NULL AND state IN ('waiting', 'blocked') AND expires_at <= @now ORDER BY expires_at LIMIT @limit
            """,
            new { now, limit = Most });
        foreach (var letter in late) Bury(tx, letter, now);
        return late.Count;
    }

    private static void Bury(Tx tx, Expired letter, DateTimeOffset now)
    {
        var sql = tx.For(letter.OrganisationId);
        sql.Execute(
            """
            UPDATE letter SET state = 'dead', state_reason = @Reason, due_at = NULL, settled_at = @now
            WHERE organisation_id = @organisation AND id = @Id AND state IN ('waiting', 'blocked')
            """,
            new { letter.Id, Reason, now });
        sql.Execute(
            """
            UPDATE letter_recipient SET outcome = 'refused', words = @Reason
            WHERE organisation_id = @organisation AND letter_id = @Id AND outcome = 'waiting'
            """,
            new { letter.Id, Reason });
        EventOutbox.Add(tx, letter.OrganisationId, new OutsideEvent(EventTypes.LetterExpired) { LetterId = letter.Id, Words = Reason }, now);
    }

    private sealed record Expired
    {
        public required Guid OrganisationId { get; init; }
        public required Guid Id { get; init; }
    }
}
