using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations.Keeping;

internal sealed record ErasableMessage
{
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }
    public required Guid ConversationId { get; init; }
    public required string FromAddress { get; init; }
    public required string PartiesJson { get; init; }
    public string? Correspondent { get; init; }
    public string? EnvelopeFrom { get; init; }

    /// <summary>They wrote it, or the conversation it stands in is with them.</summary>
    public bool IsOf(string address) => FromAddress == address || Correspondent == address || AddressText.Fold(EnvelopeFrom ?? "") == address;
}

internal sealed record ErasableLetter
{
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }
    public required Guid ConversationId { get; init; }
    public required Guid RawId { get; init; }
    public required string State { get; init; }
    public required string Correspondent { get; init; }

    /// <summary>How often they are among its recipients.</summary>
    public required long Named { get; init; }

    public bool IsLeaving => State is "claimed" or "submitting";
}

internal sealed record ErasableConversation
{
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }
    public required string Correspondent { get; init; }
}

/// <summary>The SQL of erasing a correspondent: pages over all that an organisation has, for a party can stand anywhere.</summary>
internal static class ErasingRows
{
    /// <summary>Messages and letters.</summary>
    public static long Count(Tx tx, Guid organisationId) =>
        tx.For(organisationId).One<long>("SELECT COUNT(*) FROM message WHERE organisation_id = @organisation")
        + tx.For(organisationId).One<long>("SELECT COUNT(*) FROM letter WHERE organisation_id = @organisation");

    public static List<ErasableMessage> Messages(Tx tx, Guid organisationId, Guid after, int limit) => tx.For(organisationId).List<ErasableMessage>(
        """
        SELECT m.id, m.app_id, m.conversation_id, m.from_address, m.parties AS parties_json, c.correspondent, r.envelope_from
        FROM message m LEFT JOIN conversation c ON c.organisation_id = m.organisation_id AND c.id = m.conversation_id
        LEFT JOIN receipt r ON r.organisation_id = m.organisation_id AND r.id = m.receipt_id
        WHERE m.organisation_id = @organisation AND m.id > @after ORDER BY m.id LIMIT @limit
        """,
        new { after, limit });

    public static List<ErasableLetter> Letters(Tx tx, Guid organisationId, string address, Guid after, int limit) => tx.For(organisationId).List<ErasableLetter>(
        """
        SELECT l.id, l.app_id, l.conversation_id, l.raw_id, l.state, l.correspondent, (
            SELECT COUNT(*) FROM letter_recipient r WHERE r.organisation_id = @organisation AND r.letter_id = l.id AND LOWER(r.address) = @address) AS named
        FROM letter l WHERE l.organisation_id = @organisation AND l.id > @after ORDER BY l.id LIMIT @limit
        """,
        new { address, after, limit });

    public static List<ErasableConversation> Conversations(Tx tx, Guid organisationId, Guid after, int limit) => tx.For(organisationId).List<ErasableConversation>(
        "SELECT id, app_id, correspondent FROM conversation WHERE organisation_id = @organisation AND id > @after ORDER BY id LIMIT @limit",
        new { after, limit });

    /// <summary>Its bytes may be on their way just now.</summary>
    public static bool IsLeaving(Tx tx, Guid organisationId, Guid letterId) => tx.For(organisationId).One<long>(
        "SELECT COUNT(*) FROM letter WHERE organisation_id = @organisation AND id = @letterId AND state IN ('claimed', 'submitting')",
        new { letterId }) > 0;

    public static void SetParties(Tx tx, Guid organisationId, Guid messageId, string parties) => tx.For(organisationId).Execute(
        "UPDATE message SET parties = @parties WHERE organisation_id = @organisation AND id = @messageId", new { messageId, parties });
}
