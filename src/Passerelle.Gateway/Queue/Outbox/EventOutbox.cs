using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue.Outbox;

/// <summary>
/// The rows of what happened, written in the transaction of the deed itself: an event is told if and only if it was. Nobody is
/// called from here; an organisation that has no webhook pays one look at an index.
/// </summary>
internal static class EventOutbox
{
    /// <summary>A letter came to an end. Waiting and blocked are none: nobody outside is told of them.</summary>
    /// <param name="state">As in the letter's row.</param>
    public static void AddFate(Tx tx, Guid organisationId, Guid letterId, string state, string words, DateTimeOffset now)
    {
        var type = state switch
        {
            "settled" => EventTypes.LetterAccepted,
            "dead" => EventTypes.LetterDead,
            "unclear" => EventTypes.LetterUnclear,
            _ => null,
        };
        if (type is null) return;
        tx.For(organisationId).Put(
            """
            INSERT INTO event_outbox (organisation_id, id, type, letter_id, message_id, address, words, at)
            SELECT @organisation, @id, @type, @letter, NULL, '', @words, @now
            WHERE EXISTS (SELECT 1 FROM webhook WHERE organisation_id = @organisation AND state = 'on')
            """,
            new Fate(Guid.CreateVersion7(now), type, letterId, LetterSettling.Cut(words), now));
    }

    public static void Add(Tx tx, Guid organisationId, OutsideEvent what, DateTimeOffset now)
    {
        var sql = tx.For(organisationId);
        if (sql.List<long>("SELECT 1 FROM webhook WHERE organisation_id = @organisation AND state = 'on' LIMIT 1").Count == 0) return;
        sql.Execute(
            """
            INSERT INTO event_outbox (organisation_id, id, type, letter_id, message_id, address, words, at)
            VALUES (@organisation, @id, @Type, @LetterId, @MessageId, @Address, @words, @now)
            """,
            new { id = Guid.CreateVersion7(now), what.Type, what.LetterId, what.MessageId, what.Address, words = LetterSettling.Cut(what.Words), now });
    }

    private sealed record Fate(Guid Id, string Type, Guid Letter, string Words, DateTimeOffset Now) : IRow
    {
        public void TellTo(IValues values)
        {
            values.Add("id", Id);
            values.Add("type", Type);
            values.Add("letter", Letter);
            values.Add("words", Words);
            values.Add("now", Now);
        }
    }
}
