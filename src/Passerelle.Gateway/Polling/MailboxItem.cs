using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Polling;

/// <summary>A mail that lies in the mailbox and should come, or have come, by forwarding.</summary>
internal sealed record MailboxItem
{
    public required Guid OrganisationId { get; init; }
    public required Guid AppId { get; init; }

    /// <summary>UIDVALIDITY:UID (RFC 9051 §2.3.1.1).</summary>
    public required string Item { get; init; }

    /// <summary>Message-ID with angle brackets; empty when it has none.</summary>
    public required string InternetId { get; init; }
    public required DateTimeOffset DeliveredAt { get; init; }
}

/// <summary>The SQL of table <c>mailbox_item</c>.</summary>
internal static class MailboxItemRows
{
    /// <summary>Once, however often it is listed.</summary>
    public static void Add(Tx tx, MailboxItem item, DateTimeOffset due) => tx.For(item.OrganisationId).Execute(
        """
        INSERT INTO mailbox_item (organisation_id, app_id, item, internet_id, delivered_at, state, due_at)
        VALUES (@organisation, @AppId, @Item, @InternetId, @DeliveredAt, 'waiting', @due)
        ON CONFLICT (organisation_id, app_id, item) DO NOTHING
        """,
        new { item.AppId, item.Item, item.InternetId, item.DeliveredAt, due });

    public static List<MailboxItem> Due(Tx tx, Guid organisationId, Guid appId, DateTimeOffset now, int limit) => tx.For(organisationId).List<MailboxItem>(
        """
        SELECT * FROM mailbox_item
        WHERE organisation_id = @organisation AND app_id = @appId AND state = 'waiting' AND due_at <= @now ORDER BY due_at LIMIT @limit
        """,
        new { appId, now, limit });

    /// <returns>False: it was settled before.</returns>
    public static bool Settle(Tx tx, MailboxItem item, string state, Guid? receiptId = null) => tx.For(item.OrganisationId).Execute(
        """
        UPDATE mailbox_item SET state = @state, receipt_id = @receiptId
        WHERE organisation_id = @organisation AND app_id = @AppId AND item = @Item AND state = 'waiting'
        """,
        new { item.AppId, item.Item, state, receiptId }) == 1;

    /// <summary>That mail is older than the app keeps messages: whether it came nobody can say, and fetched it would go again.</summary>
    public static bool IsForgotten(Tx tx, MailboxItem item, DateTimeOffset now) =>
        tx.For(item.OrganisationId).One<long?>("SELECT keep_message_days FROM app WHERE organisation_id = @organisation AND id = @AppId", new { item.AppId })
            is { } days && item.DeliveredAt < now.AddDays(-days);

    /// <summary>That mail is a message here. One without an id is compared when it is read (the digest of design §8.2).</summary>
    public static bool HasArrived(Tx tx, MailboxItem item) => item.InternetId.Length > 0 && tx.For(item.OrganisationId).One<long>(
        "SELECT COUNT(*) FROM message WHERE organisation_id = @organisation AND app_id = @AppId AND internet_id = @InternetId",
        new { item.AppId, item.InternetId }) > 0;

    /// <summary>Mail that came and has not been read: what it is nobody knows yet.</summary>
    public static bool IsReadingBehind(Tx tx, Guid organisationId, Guid appId) => tx.For(organisationId).One<long>(
        "SELECT COUNT(*) FROM receipt WHERE organisation_id = @organisation AND app_id = @appId AND state = 'received'", new { appId }) > 0;

    /// <summary>Mails that forwarding lost: fetched, and no copy of one that had come.</summary>
    public static long CountLost(Tx tx, Guid organisationId, Guid appId, DateTimeOffset since) => tx.For(organisationId).One<long>(
        """
        SELECT COUNT(*) FROM mailbox_item i JOIN receipt r ON r.organisation_id = i.organisation_id AND r.id = i.receipt_id
        WHERE i.organisation_id = @organisation AND i.app_id = @appId AND i.state = 'fetched' AND i.delivered_at >= @since AND r.state <> 'duplicate'
        """,
        new { appId, since });

    /// <summary>Those that are settled and older: the mailbox is listed from its position on, so they are not met again.</summary>
    public static void Forget(Tx tx, Guid organisationId, Guid appId, DateTimeOffset before) => tx.For(organisationId).Execute(
        "DELETE FROM mailbox_item WHERE organisation_id = @organisation AND app_id = @appId AND state <> 'waiting' AND delivered_at < @before",
        new { appId, before });
}
