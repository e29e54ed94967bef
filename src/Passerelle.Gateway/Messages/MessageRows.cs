using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Messages;

/// <summary>Message and attachment rows, within the caller's transaction.</summary>
internal static class MessageRows
{
    public const string Columns = """
        organisation_id, id, app_id, receipt_id, raw_id, conversation_id, kind, kind_evidence, from_address, from_name,
        parties AS parties_json, subject, text, html, sent_at, internet_id, in_reply_to, reference_ids, verdict,
        verdict_reasons, findings, size, received_at, read_at, state, state_reason, routed_at, attempts, due_at, epoch,
        spf, dkim, dmarc, arc, authentication_results, delivered_by, raw_pruned_at, text_pruned_at, malware, spam
        """;

    public static Message? Find(Tx tx, Guid organisationId, Guid id) => tx.For(organisationId).One<Message>(
        $"SELECT {Columns} FROM message WHERE organisation_id = @organisation AND id = @id", new { id });

    public static List<Attachment> Attachments(Tx tx, Guid organisationId, Guid messageId) =>
        tx.For(organisationId).List<Attachment>(
            """
            SELECT number, name, type, size, sha256, content_id FROM attachment
            WHERE organisation_id = @organisation AND message_id = @messageId ORDER BY number
            """,
            new { messageId });

    public static void Insert(Tx tx, Message message, IEnumerable<Attachment> attachments)
    {
        var sql = tx.For(message.OrganisationId);
        sql.Execute(
            """
            INSERT INTO message (organisation_id, id, app_id, receipt_id, raw_id, conversation_id, kind, kind_evidence,
                from_address, from_name, parties, subject, text, html, sent_at, internet_id, in_reply_to, reference_ids,
                verdict, verdict_reasons, findings, size, received_at, read_at, state, state_reason, attempts, due_at, epoch,
                spf, dkim, dmarc, arc, authentication_results, delivered_by, malware, spam)
            VALUES (@organisation, @Id, @AppId, @ReceiptId, @RawId, @ConversationId, @Kind, @KindEvidence,
                @FromAddress, @FromName, @PartiesJson, @Subject, @Text, @Html, @SentAt, @InternetId, @InReplyTo, @ReferenceIds,
                @Verdict, @VerdictReasons, @Findings, @Size, @ReceivedAt, @ReadAt, @state, @StateReason, 0, @DueAt, @Epoch,
                @Spf, @Dkim, @Dmarc, @Arc, @AuthenticationResults, @DeliveredBy, @Malware, @Spam)
            """,
            new
            {
                message.Id,
                message.AppId,
                message.ReceiptId,
                message.RawId,
                message.ConversationId,
                message.Kind,
                message.KindEvidence,
                message.FromAddress,
                message.FromName,
                message.PartiesJson,
                message.Subject,
                message.Text,
                message.Html,
                message.SentAt,
                message.InternetId,
                message.InReplyTo,
                message.ReferenceIds,
                message.Verdict,
                message.VerdictReasons,
                message.Findings,
                message.Size,
                message.ReceivedAt,
                message.ReadAt,
                state = Word(message.State),
                message.StateReason,
                message.DueAt,
                message.Epoch,
                message.Spf,
                message.Dkim,
                message.Dmarc,
                message.Arc,
                message.AuthenticationResults,
                message.DeliveredBy,
                message.Malware,
                message.Spam,
            });
        foreach (var part in attachments) Insert(sql, message.Id, part);
    }

    /// <summary>The word a column holds.</summary>
    public static string Word(MessageState state) => state.ToString().ToLowerInvariant();

    private static void Insert(Sql sql, Guid messageId, Attachment part) => sql.Execute(
        """
        INSERT INTO attachment (organisation_id, message_id, number, name, type, size, sha256, content_id)
        VALUES (@organisation, @messageId, @Number, @Name, @Type, @Size, @Sha256, @ContentId)
        """,
        new { messageId, part.Number, part.Name, part.Type, part.Size, part.Sha256, part.ContentId });
}
