using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Portal;

/// <summary>One answer to a message, with how its delivery stands.</summary>
internal sealed record AnswerLine
{
    public required Guid Id { get; init; }
    public required string Origin { get; init; }
    public required string State { get; init; }
    public required string StateReason { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string Recipients { get; init; }
}

/// <summary>Reads the answers of one message, oldest first.</summary>
internal sealed class AnswerLines(IStore store)
{
    public Task<List<AnswerLine>> OfAsync(Guid organisationId, Guid messageId, CancellationToken cancel) => store.ReadAsync(
        tx =>
        {
            var sql = tx.For(organisationId);
            return sql.List<AnswerLine>(
                """
                SELECT id, origin, state, state_reason, created_at, correspondent AS recipients FROM letter
                WHERE organisation_id = @organisation AND in_answer_to = @messageId ORDER BY created_at, id
                """,
                new { messageId }).ConvertAll(line => line with { Recipients = RecipientsOf(sql, line) });
        },
        cancel);

    private static string RecipientsOf(Sql sql, AnswerLine line) =>
        sql.List<string>(
            "SELECT address FROM letter_recipient WHERE organisation_id = @organisation AND letter_id = @Id ORDER BY address",
            new { line.Id }) is { Count: > 0 } addresses ? string.Join(", ", addresses) : line.Recipients;
}
