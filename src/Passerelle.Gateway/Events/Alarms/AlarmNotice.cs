using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Events.Alarms;

/// <summary>One app's part of a notice.</summary>
/// <param name="Level">Days left, of kind credential.</param>
internal sealed record AlarmItem(Guid AppId, string App, string Mailbox, string Kind, string Event, long Level, DateTimeOffset Since, Finding Finding)
{
    /// <summary>See <see cref="Alarm.Subject"/>.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Of kind late: who wrote the answer, and alone gets the mail; empty: everybody who wants alarms.</summary>
    public string Writer { get; init; } = "";
}

/// <summary>One telling by one way; the row is the order to do it.</summary>
internal sealed record AlarmNotice
{
    public const string Mail = "mail";
    public const string Webhook = "webhook";
    public const string Test = "test";

    public required Guid OrganisationId { get; init; }

    /// <summary>UUIDv7; also the webhook's message id, so a repeat is recognisable.</summary>
    public required Guid Id { get; init; }
    public Guid? AlarmId { get; init; }

    /// <summary>The app it is about; null: several, or a test.</summary>
    public Guid? AppId { get; init; }

    /// <summary>raised, reminded, cleared or test.</summary>
    public required string Event { get; init; }

    /// <summary>mail or webhook.</summary>
    public required string Way { get; init; }

    /// <summary>Addresses, one a line, or the URL.</summary>
    public required string Target { get; init; }

    /// <summary>JSON: a list of <see cref="AlarmItem"/> for mail, the event as it is posted for a webhook.</summary>
    public required string Body { get; init; }

    /// <summary>waiting, handed (a letter carries it), done or dead.</summary>
    public string State { get; init; } = "waiting";

    /// <summary>The last answer.</summary>
    public string Words { get; init; } = "";
    public long Attempts { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset DueAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The app whose letter carries it, or carried it in vain.</summary>
    public Guid? LetterAppId { get; init; }
    public Guid? LetterId { get; init; }
}

/// <summary>The SQL of table <c>alarm_notice</c>.</summary>
internal static class AlarmNotices
{
    public static void Insert(Tx tx, AlarmNotice notice) => tx.For(notice.OrganisationId).Execute(
        """
        INSERT INTO alarm_notice (organisation_id, id, alarm_id, app_id, event, way, target, body, state, words, attempts, created_at, due_at)
        VALUES (@organisation, @Id, @AlarmId, @AppId, @Event, @Way, @Target, @Body, 'waiting', '', 0, @CreatedAt, @DueAt)
        """,
        new { notice.Id, notice.AlarmId, notice.AppId, notice.Event, notice.Way, notice.Target, notice.Body, notice.CreatedAt, notice.DueAt });

    /// <summary>Waiting, or carried by a letter that is not known to have left.</summary>
    public static List<AlarmNotice> Due(Tx tx, string way, DateTimeOffset now, int limit) => tx.Across("due notices of all organisations").List<AlarmNotice>(
        """
        -- across: due notices of all organisations
        SELECT * FROM alarm_notice WHERE way = @way AND state IN ('waiting', 'handed') AND due_at <= @now ORDER BY due_at LIMIT @limit
        """,
        new { way, now, limit });

    /// <returns>Newest first.</returns>
    public static List<AlarmNotice> Last(Tx tx, Guid organisationId, int limit) => tx.For(organisationId).List<AlarmNotice>(
        "SELECT * FROM alarm_notice WHERE organisation_id = @organisation ORDER BY id DESC LIMIT @limit", new { limit });

    /// <returns>The notice as claimed; null when another worker has it.</returns>
    public static AlarmNotice? Claim(Tx tx, AlarmNotice notice, DateTimeOffset now, DateTimeOffset until) => tx.For(notice.OrganisationId).One<AlarmNotice>(
        """
        UPDATE alarm_notice SET attempts = attempts + 1, due_at = @until
        WHERE organisation_id = @organisation AND id = @Id AND state = 'waiting' AND due_at <= @now
        RETURNING *
        """,
        new { notice.Id, now, until });

    /// <summary>What the way answered; <paramref name="to"/> waiting or handed keeps it due.</summary>
    public static bool Put(Tx tx, AlarmNotice notice, string to, string words, DateTimeOffset due, DateTimeOffset now) =>
        tx.For(notice.OrganisationId).Execute(
            """
            UPDATE alarm_notice SET state = @to, words = @words, due_at = @due, letter_app_id = @LetterAppId, letter_id = @LetterId,
                ended_at = @ended
            WHERE organisation_id = @organisation AND id = @Id AND state = @seen AND attempts = @Attempts
            """,
            new
            {
                notice.Id,
                seen = notice.State,
                notice.Attempts,
                notice.LetterAppId,
                notice.LetterId,
                to,
                words = words.Length > 500 ? words[..500] : words,
                due,
                ended = to is "done" or "dead" ? now : (DateTimeOffset?)null,
            }) == 1;

    /// <summary>Nobody waits there any more.</summary>
    public static int Drop(Tx tx, Guid organisationId, string way, string words, DateTimeOffset now) => tx.For(organisationId).Execute(
        """
        UPDATE alarm_notice SET state = 'dead', words = @words, ended_at = @now
        WHERE organisation_id = @organisation AND way = @way AND state = 'waiting'
        """,
        new { way, words, now });
}
