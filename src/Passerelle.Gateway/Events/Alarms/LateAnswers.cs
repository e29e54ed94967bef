using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Events.Alarms;

/// <summary>Answers that a person wrote and that no server has taken in time: who wrote one is told, once.</summary>
internal static class LateAnswers
{
    /// <summary>Older news is no alarm.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>A refused answer counts, one that a person cancelled does not: only the former ended with its last attempt.</summary>
    public static List<AlarmCondition> Find(Tx tx, DateTimeOffset now, TimeSpan late) => tx.Across("alarms").List<Row>(
        """
        -- across: alarms
        SELECT l.organisation_id, l.app_id, l.id, l.subject, l.state_reason FROM letter l
        WHERE l.origin = 'person' AND l.state <> 'settled' AND l.created_at <= @before AND l.created_at > @after
          AND (l.not_before IS NULL OR l.not_before <= @before)
          AND (l.state <> 'dead' OR EXISTS (SELECT 1 FROM attempt t
               WHERE t.organisation_id = l.organisation_id AND t.letter_id = l.id AND t.ended_at = l.settled_at))
        """,
        new { before = now - late, after = now - Longest }).ConvertAll(row => new AlarmCondition(
            row.OrganisationId, row.AppId, Alarm.Late, row.Id.ToString(), 0,
            new Finding("late-answer", "", Finding.Wrong, Finding.Seen, row.StateReason.Length > 0 ? $"{row.Subject}: {row.StateReason}" : row.Subject, Owner, Fix)));

    /// <returns>Null: nobody knows who wrote it any more.</returns>
    public static string? WriterOf(Tx tx, Alarm alarm) => tx.For(alarm.OrganisationId).One<string>(
        """
        SELECT p.email FROM letter l JOIN person p ON p.id = l.person_id
        WHERE l.organisation_id = @organisation AND l.id = @letter
        """,
        new { letter = Guid.Parse(alarm.Subject) });

    /// <summary>Fixed, so that they have their translations.</summary>
    internal const string Owner = "Who wrote the answer";
    internal const string Fix = "Open the page Sending: it says what the letter waits for, and there it is hurried, cancelled or sent again";

    private sealed record Row
    {
        public required Guid OrganisationId { get; init; }
        public required Guid AppId { get; init; }
        public required Guid Id { get; init; }
        public required string Subject { get; init; }
        public required string StateReason { get; init; }
    }
}
