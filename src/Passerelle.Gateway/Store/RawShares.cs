namespace Passerelle.Gateway.Store;

/// <summary>
/// Who uses the bytes of a mail. One mail to several apps of an organisation is stored once and has a row for each of its receipts;
/// bytes that one receipt or one letter uses have none. They go with their last user.
/// </summary>
internal static class RawShares
{
    /// <summary>Only for bytes that more than one receipt uses.</summary>
    public static void Insert(Tx tx, Guid organisationId, Guid rawId, Guid receiptId) => tx.For(organisationId).Put(
        "INSERT INTO raw_share (organisation_id, raw_id, receipt_id) VALUES (@organisation, @rawId, @receiptId)",
        new Share(rawId, receiptId));

    /// <summary>This user needs the bytes no more; asking twice changes nothing.</summary>
    /// <param name="files">Gets the id when the bytes lie in a spooled file, to be deleted once this transaction is durable.</param>
    public static void Release(Tx tx, Guid organisationId, Guid rawId, Guid userId, ICollection<Guid> files)
    {
        var sql = tx.For(organisationId);
        sql.Execute("DELETE FROM raw_share WHERE organisation_id = @organisation AND raw_id = @rawId AND receipt_id = @userId", new { rawId, userId });
        var isFile = sql.One<long?>(
            """
            DELETE FROM raw_mail WHERE organisation_id = @organisation AND id = @rawId
              AND NOT EXISTS (SELECT 1 FROM raw_share s WHERE s.organisation_id = @organisation AND s.raw_id = @rawId)
            RETURNING CAST(CASE WHEN content IS NULL THEN 1 ELSE 0 END AS bigint)
            """,
            new { rawId });
        if (isFile == 1) files.Add(rawId);
    }

    private sealed record Share(Guid RawId, Guid ReceiptId) : IRow
    {
        public void TellTo(IValues values)
        {
            values.Add("rawId", RawId);
            values.Add("receiptId", ReceiptId);
        }
    }
}
