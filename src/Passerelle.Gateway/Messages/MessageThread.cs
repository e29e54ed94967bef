using System.Text.Json;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Messages;

/// <summary>Why a message stands in its conversation.</summary>
/// <param name="Score">1 to 100, how sure; 0 when it began one.</param>
/// <param name="Reasons">InReplyTo, References, ThreadIndex, SubjectAndParty; the strongest first.</param>
internal sealed record MessageThread(Guid ConversationId, int Score, IReadOnlyList<string> Reasons)
{
    /// <returns>Null when the organisation has no such message.</returns>
    public static MessageThread? Find(Tx tx, Guid organisationId, Guid messageId) =>
        tx.For(organisationId).One<Row>(
            """
            SELECT m.conversation_id, COALESCE(t.score, 0) AS score, COALESCE(t.reasons, '[]') AS reasons
            FROM message m LEFT JOIN message_thread t ON t.organisation_id = m.organisation_id AND t.message_id = m.id
            WHERE m.organisation_id = @organisation AND m.id = @messageId
            """,
            new { messageId }) is { } row
            ? new MessageThread(row.ConversationId, (int)row.Score, JsonSerializer.Deserialize<string[]>(row.Reasons) ?? [])
            : null;

    private sealed record Row
    {
        public required Guid ConversationId { get; init; }
        public required long Score { get; init; }
        public required string Reasons { get; init; }
    }
}
