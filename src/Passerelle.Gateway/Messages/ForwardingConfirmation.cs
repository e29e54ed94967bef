using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Messages;

/// <summary>A provider's question whether it may forward a mailbox to one of our addresses, as it was read.</summary>
internal sealed record ForwardingConfirmation
{
    public required Guid MessageId { get; init; }
    public required Guid AppId { get; init; }

    /// <summary>Who wants to forward, as the mail says; empty when it does not.</summary>
    public required string Mailbox { get; init; }
    public required string Code { get; init; }

    /// <summary>https to a host of the provider; empty when the mail has none.</summary>
    public required string Link { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public DateTimeOffset? ConfirmedAt { get; init; }
}

/// <summary>The SQL of table <c>forwarding_confirmation</c>.</summary>
internal static class ForwardingConfirmationRows
{
    private const int MostShown = 5;

    public static void Insert(Tx tx, Guid organisationId, ForwardingConfirmation asked) => tx.For(organisationId).Execute(
        """
        INSERT INTO forwarding_confirmation (organisation_id, message_id, app_id, mailbox, code, link, received_at)
        VALUES (@organisation, @MessageId, @AppId, @Mailbox, @Code, @Link, @ReceivedAt)
        """,
        asked);

    public static ForwardingConfirmation? Find(Tx tx, Guid organisationId, Guid messageId) => tx.For(organisationId).One<ForwardingConfirmation>(
        "SELECT * FROM forwarding_confirmation WHERE organisation_id = @organisation AND message_id = @messageId", new { messageId });

    /// <returns>Newest first.</returns>
    public static List<ForwardingConfirmation> OfApp(Tx tx, Guid organisationId, Guid appId) => tx.For(organisationId).List<ForwardingConfirmation>(
        """
        SELECT * FROM forwarding_confirmation WHERE organisation_id = @organisation AND app_id = @appId
        ORDER BY received_at DESC LIMIT @MostShown
        """,
        new { appId, MostShown });

    public static void Confirm(Tx tx, Guid organisationId, Guid messageId, DateTimeOffset now) => tx.For(organisationId).Execute(
        """
        UPDATE forwarding_confirmation SET confirmed_at = @now
        WHERE organisation_id = @organisation AND message_id = @messageId AND confirmed_at IS NULL
        """,
        new { messageId, now });
}
