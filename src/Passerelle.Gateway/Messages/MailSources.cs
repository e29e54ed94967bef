using Passerelle.Gateway.Store;
using Passerelle.Mail;

namespace Passerelle.Gateway.Messages;

/// <summary>A stored message read again from its bytes: what only an answer needs (return path, automatic signs, hops) is in no column.</summary>
internal sealed class MailSources(IStore store, RawMails raws)
{
    /// <param name="ownAddresses">Of the app.</param>
    /// <exception cref="FileNotFoundException">The bytes are gone.</exception>
    public async Task<ReadMail> ReadAsync(Message message, IReadOnlyCollection<string> ownAddresses, CancellationToken cancel)
    {
        if (message.RawPrunedAt is not null) throw new FileNotFoundException($"The source of message {message.Id} is kept no longer"); // another app's copy may be there still
        var receipt = await store.ReadAsync(tx => ReceiptRows.Find(tx, message.OrganisationId, message.ReceiptId), cancel);
        await using var raw = await raws.OpenAsync(message.OrganisationId, message.RawId, cancel);
        return MailReader.Read(
            raw,
            new ReadingContext
            {
                EnvelopeFrom = receipt?.EnvelopeFrom,
                EnvelopeTo = receipt?.EnvelopeTo,
                OwnAddresses = ownAddresses,
            });
    }
}
