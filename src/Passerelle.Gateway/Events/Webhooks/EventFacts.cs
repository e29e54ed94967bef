using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Events.Webhooks;

/// <summary>One row of the outbox.</summary>
internal sealed record OutboxRow
{
    public required Guid OrganisationId { get; init; }
    public required Guid Id { get; init; }
    public required string Type { get; init; }
    public Guid? LetterId { get; init; }
    public Guid? MessageId { get; init; }
    public required string Address { get; init; }
    public required string Words { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>What an event tells of a letter: never what it says, only which it is.</summary>
internal sealed record LetterFacts
{
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }
    public required Guid ConversationId { get; init; }
    public required string Subject { get; init; }
    public required string InternetId { get; init; }
    public required string State { get; init; }

    /// <summary>What its orderer calls it; null: nothing.</summary>
    public string? Reference { get; init; }
    public string? Data { get; init; }
}

/// <summary>What an event tells of a message; its text is asked for with its id.</summary>
internal sealed record MessageFacts
{
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }
    public required Guid ConversationId { get; init; }
    public required string Kind { get; init; }
    public required string FromAddress { get; init; }
    public required string FromName { get; init; }
    public required string Subject { get; init; }
    public required string Verdict { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
}

/// <summary>The SQL of the outbox on its way out.</summary>
internal static class OutboxRows
{
    public static List<OutboxRow> Oldest(Tx tx, int limit) => tx.Across("the outbox of all organisations").List<OutboxRow>(
        """
        -- across: the outbox of all organisations
        SELECT * FROM event_outbox ORDER BY organisation_id, id LIMIT @limit
        """,
        new { limit });

    /// <returns>False when somebody else has handed it on: nothing may be written for it then.</returns>
    public static bool Take(Tx tx, OutboxRow row) =>
        tx.For(row.OrganisationId).Execute("DELETE FROM event_outbox WHERE organisation_id = @organisation AND id = @Id", new { row.Id }) == 1;

    public static LetterFacts? Letter(Tx tx, Guid organisationId, Guid id) => tx.For(organisationId).One<LetterFacts>(
        """
        SELECT l.id, l.app_id, l.conversation_id, l.subject, l.internet_id, l.state, r.reference, r.data
        FROM letter l LEFT JOIN letter_reference r ON r.organisation_id = l.organisation_id AND r.letter_id = l.id
        WHERE l.organisation_id = @organisation AND l.id = @id
        """,
        new { id });

    public static MessageFacts? Message(Tx tx, Guid organisationId, Guid id) => tx.For(organisationId).One<MessageFacts>(
        """
        SELECT id, app_id, conversation_id, kind, from_address, from_name, subject, verdict, received_at
        FROM message WHERE organisation_id = @organisation AND id = @id
        """,
        new { id });
}
