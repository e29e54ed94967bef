using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Tests.Exchange;

internal static class PutMail
{
    /// <summary>One mail, kept at once.</summary>
    public static async Task<StoredMail> AddAsync(
        this MailStore store, string mailbox, MailFolder folder, string reversePath, ReadOnlyMemory<byte> raw, CancellationToken cancel)
    {
        using var batch = new MailBatch();
        var mail = await store.PrepareAsync(batch, mailbox, folder, reversePath, raw, cancel);
        batch.Keep();
        return mail;
    }
}
