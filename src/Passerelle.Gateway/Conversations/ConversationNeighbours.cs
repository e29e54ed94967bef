using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Conversations;

/// <summary>Another conversation of the same correspondent, which this one may belong to.</summary>
internal sealed record NeighbourLine
{
    /// <summary>Its latest message.</summary>
    public required Guid MessageId { get; init; }
    public required string Subject { get; init; }
    public required DateTimeOffset LastAt { get; init; }
}

/// <summary>What a conversation could be merged into.</summary>
internal sealed class ConversationNeighbours(IStore store)
{
    private const int Most = 20;

    /// <summary>Latest first. Somebody may have written thousands: they are read in the order of their index, and only until there are enough.</summary>
    public Task<List<NeighbourLine>> OfAsync(Guid organisationId, Guid conversationId, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).List<NeighbourLine>(
            """
            SELECT found.message_id, found.subject, found.last_at
            FROM (
                SELECT (SELECT l.id FROM message l WHERE l.organisation_id = @organisation AND l.conversation_id = n.id ORDER BY l.id DESC LIMIT 1) AS message_id, n.subject, n.last_at
                FROM conversation n
                WHERE n.organisation_id = @organisation AND n.id <> @conversationId AND n.correspondent <> ''
                      AND n.app_id = (SELECT app_id FROM conversation WHERE organisation_id = @organisation AND id = @conversationId)
                      AND n.correspondent = (SELECT correspondent FROM conversation WHERE organisation_id = @organisation AND id = @conversationId)
            ) found
            WHERE found.message_id IS NOT NULL ORDER BY found.last_at DESC LIMIT @Most
            """,
            new { conversationId, Most }),
        cancel);
}
