using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations.Keeping;

internal sealed record ExportedMessage
{
    public required Guid Id { get; init; }
    public required string Kind { get; init; }
    public required string FromAddress { get; init; }
    public required string PartiesJson { get; init; }
    public required string Subject { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public DateTimeOffset? RawPrunedAt { get; init; }
    public required string Malware { get; init; }
}

internal sealed record ExportedLetter
{
    public required Guid Id { get; init; }
    public required Guid RawId { get; init; }
    public required string State { get; init; }
    public required string Origin { get; init; }
    public required string Correspondent { get; init; }
    public required string Subject { get; init; }
    public required string MailboxAddress { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The SQL that finds what an export is about; only what is asked for narrows it, so that an index can serve.</summary>
internal static class ExportRows
{
    private const string FromMessages = """
        FROM message m LEFT JOIN conversation c ON c.organisation_id = m.organisation_id AND c.id = m.conversation_id
        WHERE m.organisation_id = @organisation AND m.id > @after
        """;

    private const string FromLetters = """
        FROM letter l LEFT JOIN app a ON a.organisation_id = l.organisation_id AND a.id = l.app_id
        WHERE l.organisation_id = @organisation AND l.id > @after
        """;

    public static long Count(Tx tx, Guid organisationId, KeepingOrders orders) =>
        tx.For(organisationId).One<long>($"SELECT COUNT(*) {FromMessages}" + Of(orders), Values(orders, Guid.Empty, 0))
        + tx.For(organisationId).One<long>($"SELECT COUNT(*) {FromLetters}" + OfLetters(orders), Values(orders, Guid.Empty, 0));

    public static List<ExportedMessage> Messages(Tx tx, Guid organisationId, KeepingOrders orders, Guid after, int limit) =>
        tx.For(organisationId).List<ExportedMessage>(
            $"SELECT m.id, m.kind, m.from_address, m.parties AS parties_json, m.subject, m.received_at, m.raw_pruned_at, m.malware {FromMessages}"
            + Of(orders) + " ORDER BY m.id LIMIT @limit",
            Values(orders, after, limit));

    public static List<ExportedLetter> Letters(Tx tx, Guid organisationId, KeepingOrders orders, Guid after, int limit) =>
        tx.For(organisationId).List<ExportedLetter>(
            $"SELECT l.id, l.raw_id, l.state, l.origin, l.correspondent, l.subject, COALESCE(a.email_id, '') AS mailbox_address, l.created_at {FromLetters}"
            + OfLetters(orders) + " ORDER BY l.id LIMIT @limit",
            Values(orders, after, limit));

    private static string Of(KeepingOrders orders) => string.Concat(
        orders.App is null ? "" : " AND m.app_id = @App",
        orders.Conversation is null ? "" : " AND m.conversation_id = @Conversation",
        orders.Correspondent is null ? "" : " AND (m.from_address = @Correspondent OR c.correspondent = @Correspondent)",
        orders.From is null ? "" : " AND m.id >= @first",
        orders.To is null ? "" : " AND m.id < @end");

    private static string OfLetters(KeepingOrders orders) => string.Concat(
        orders.App is null ? "" : " AND l.app_id = @App",
        orders.Conversation is null ? "" : " AND l.conversation_id = @Conversation",
        orders.Correspondent is null ? "" : " AND l.correspondent = @Correspondent",
        orders.From is null ? "" : " AND l.created_at >= @From",
        orders.To is null ? "" : " AND l.created_at < @To");

    private static object Values(KeepingOrders orders, Guid after, int limit) => new
    {
        after,
        limit,
        orders.App,
        orders.Conversation,
        Correspondent = AddressText.Fold(orders.Correspondent ?? ""),
        orders.From,
        orders.To,
        first = UuidTime.FirstAt(orders.From ?? DateTimeOffset.UnixEpoch),
        end = UuidTime.FirstAt(orders.To ?? DateTimeOffset.UnixEpoch),
    };
}
