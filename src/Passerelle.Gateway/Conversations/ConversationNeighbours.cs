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

    /// <summary>Latest first.</summary>
    public Task<List<NeighbourLine>> OfAsync(Guid organisationId, Guid conversationId, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).List<NeighbourLine>(
            """
            SELECT m.id AS message_id, n.subject, n.last_at
            FROM conversation c
            JOIN conversation n ON n.organisation_id = @organisation AND n.app_id = c.app_id AND n.correspondent = c.correspondent AND n.id <> c.id
            JOIN message m ON m.organisation_id = @organisation AND m.id =
                (SELECT l.id FROM message l WHERE l.organisation_id = @organisation AND l.conversation_id = n.id ORDER BY l.id DESC LIMIT 1)
            WHERE c.organisation_id = @organisation AND c.id = @conversationId AND c.correspondent <> ''
            ORDER BY n.last_at DESC LIMIT @Most
            """,
            new { conversationId, Most }),
        cancel);
}
