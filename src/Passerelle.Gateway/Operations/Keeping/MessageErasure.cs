using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>
/// The one place that says what hangs on a message and on a letter, and takes it away, within the caller's transaction. A table that
/// gets rows of messages is added here; a test asks the scripts for one that was forgotten.
/// </summary>
/// <remarks>The digest stays for a while (design §8.2): it is a hash, and a second copy that comes late must still be recognised.</remarks>
internal static class MessageErasure
{
    /// <summary>Tables that hold rows of one message, by their column <c>message_id</c>.</summary>
    public static IReadOnlyList<string> OfMessage { get; } = ["attachment", "message_thread", "message_alias", "forwarding_confirmation", "returned", "event_outbox", "webhook_delivery", "webhook_attempt"];

    /// <summary>Those of them that hold what the mail says: they go with its text.</summary>
    public static IReadOnlyList<string> OfText { get; } = ["attachment"];

    /// <summary>Those of one letter, by their column <c>letter_id</c>.</summary>
    public static IReadOnlyList<string> OfLetter { get; } = ["letter_recipient", "attempt", "letter_alias", "returned", "letter_event", "order_key", "letter_reference", "event_outbox", "webhook_delivery", "webhook_attempt"];

    /// <summary>The bytes of the mail and of its later copies.</summary>
    /// <param name="files">Gets what lies in spooled files, to be deleted once this is durable.</param>
    public static void DropRaw(Tx tx, Guid organisationId, Guid messageId, DateTimeOffset now, ICollection<Guid> files)
    {
        foreach (var receipt in Receipts(tx, organisationId, messageId)) RawShares.Release(tx, organisationId, receipt.RawId, receipt.Id, files);
        tx.For(organisationId).Execute(
            "UPDATE message SET raw_pruned_at = COALESCE(raw_pruned_at, @now) WHERE organisation_id = @organisation AND id = @messageId",
            new { messageId, now });
    }

    /// <summary>What the mail says, wherever it stands: who wrote when about what stays.</summary>
    public static void DropText(Tx tx, Guid organisationId, Guid messageId, DateTimeOffset now, ICollection<Guid> files)
    {
        DropRaw(tx, organisationId, messageId, now, files);
        var sql = tx.For(organisationId);
        Delete(sql, OfText, "message_id", messageId);
        sql.Execute(
            """
            UPDATE http_call SET request = '', response = '' WHERE organisation_id = @organisation AND run_id IN (
                SELECT id FROM run WHERE organisation_id = @organisation AND message_id = @messageId)
            """,
            new { messageId });
        sql.Execute("UPDATE run SET snapshot = '{}' WHERE organisation_id = @organisation AND message_id = @messageId", new { messageId });
        sql.Execute(
            "UPDATE message SET text = '', html = '', text_pruned_at = @now WHERE organisation_id = @organisation AND id = @messageId",
            new { messageId, now });
    }

    /// <summary>All of it, and its conversation when that is empty then.</summary>
    /// <param name="forgetDigestAt">Until then a second copy of it is recognised.</param>
    public static void Erase(Tx tx, Guid organisationId, Guid messageId, Guid conversationId, DateTimeOffset forgetDigestAt, ICollection<Guid> files)
    {
        var sql = tx.For(organisationId);
        sql.Execute(
            "UPDATE message_digest SET forget_at = @forgetDigestAt WHERE organisation_id = @organisation AND message_id = @messageId",
            new { messageId, forgetDigestAt });
        foreach (var receipt in Receipts(tx, organisationId, messageId)) EraseReceipt(tx, organisationId, receipt, files);
        foreach (var run in sql.List<Guid>("SELECT id FROM run WHERE organisation_id = @organisation AND message_id = @messageId", new { messageId }))
        {
            sql.Execute("DELETE FROM http_call WHERE organisation_id = @organisation AND run_id = @run", new { run });
            sql.Execute("DELETE FROM run_step WHERE organisation_id = @organisation AND run_id = @run", new { run });
            sql.Execute("DELETE FROM run WHERE organisation_id = @organisation AND id = @run", new { run });
        }
        Delete(sql, OfMessage, "message_id", messageId);
        sql.Execute("UPDATE verification SET message_id = NULL WHERE organisation_id = @organisation AND message_id = @messageId", new { messageId });
        sql.Execute("DELETE FROM message WHERE organisation_id = @organisation AND id = @messageId", new { messageId });
        EraseIfEmpty(tx, organisationId, conversationId);
    }

    /// <summary>A copy that came later, or the mail's own receipt.</summary>
    public static void EraseReceipt(Tx tx, Guid organisationId, RawUser receipt, ICollection<Guid> files)
    {
        RawShares.Release(tx, organisationId, receipt.RawId, receipt.Id, files);
        tx.For(organisationId).Execute("DELETE FROM receipt WHERE organisation_id = @organisation AND id = @Id", new { receipt.Id });
    }

    /// <summary>All of a letter, and its conversation when that is empty then.</summary>
    public static void EraseLetter(Tx tx, Guid organisationId, Guid letterId, Guid rawId, Guid conversationId, ICollection<Guid> files)
    {
        var sql = tx.For(organisationId);
        RawShares.Release(tx, organisationId, rawId, letterId, files);
        Delete(sql, OfLetter, "letter_id", letterId);
        sql.Execute("DELETE FROM letter WHERE organisation_id = @organisation AND id = @letterId", new { letterId });
        EraseIfEmpty(tx, organisationId, conversationId);
    }

    public static void EraseIfEmpty(Tx tx, Guid organisationId, Guid conversationId)
    {
        var gone = tx.For(organisationId).Execute(
            """
            DELETE FROM conversation WHERE organisation_id = @organisation AND id = @conversationId
              AND NOT EXISTS (SELECT 1 FROM message m WHERE m.organisation_id = @organisation AND m.conversation_id = @conversationId)
              AND NOT EXISTS (SELECT 1 FROM letter l WHERE l.organisation_id = @organisation AND l.conversation_id = @conversationId)
            """,
            new { conversationId });
        if (gone == 0) return;
        tx.For(organisationId).Execute(
            "DELETE FROM conversation_move WHERE organisation_id = @organisation AND (from_id = @conversationId OR into_id = @conversationId)",
            new { conversationId });
    }

    private static List<RawUser> Receipts(Tx tx, Guid organisationId, Guid messageId) => tx.For(organisationId).List<RawUser>(
        """
        SELECT id, raw_id FROM receipt WHERE organisation_id = @organisation AND id = @messageId
        UNION ALL
        SELECT id, raw_id FROM receipt WHERE organisation_id = @organisation AND message_id = @messageId AND state = 'duplicate'
        """,
        new { messageId });

    private static void Delete(Sql sql, IReadOnlyList<string> tables, string column, Guid id)
    {
        foreach (var table in tables) sql.Execute($"DELETE FROM {table} WHERE organisation_id = @organisation AND {column} = @id", new { id });
    }

    internal sealed record RawUser
    {
        public required Guid Id { get; init; }
        public required Guid RawId { get; init; }
    }
}
