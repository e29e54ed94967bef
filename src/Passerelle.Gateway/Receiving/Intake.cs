using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Store;
using Passerelle.Smtp;

namespace Passerelle.Gateway.Receiving;

/// <summary>Takes the bytes of one mail in, then writes them with their receipts in one transaction.</summary>
internal sealed class Intake(IStore store, Spool spool)
{
    private const int Piece = 8 * 1024;

    /// <summary>Whether a mail of this size may be sent now; a client that declares none is held to the bound while we read.</summary>
    public bool HasRoomFor(long bytes) => spool.Room.Holds(bytes);

    /// <summary>Reads to the end of the mail.</summary>
    /// <param name="trace">Our own header, which goes on top.</param>
    /// <exception cref="StoreUnavailable">There is no room for it.</exception>
    public async Task<Arrival> ReadAsync(byte[] trace, SmtpBody body, CancellationToken cancel)
    {
        var mail = spool.Begin();
        var buffer = spool.Buffers.Rent(Piece);
        try
        {
            await mail.WriteAsync(trace, cancel);
            while (await body.ReadAsync(buffer, cancel) is > 0 and var read) await mail.WriteAsync(buffer.AsMemory(0, read), cancel);
            return mail;
        }
        catch
        {
            await mail.DisposeAsync();
            throw;
        }
        finally
        {
            spool.Buffers.Return(buffer);
        }
    }

    /// <summary>Completes once everything is on the disk: large bytes first, then the rows that speak of them.</summary>
    /// <param name="canaries">Return addresses of the doctor among the recipients; what it needs of a report stands at its start.</param>
    /// <exception cref="StoreUnavailable">Nothing was written.</exception>
    public async Task StoreAsync(
        Arrival mail, IReadOnlyList<Receipt> receipts, IReadOnlyList<Addressee> canaries, DateTimeOffset now, CancellationToken cancel)
    {
        var report = canaries.Count > 0 ? mail.Start.ToArray() : [];
        var raws = receipts.DistinctBy(receipt => receipt.RawId).ToList();
        if (raws.Count > 0) await mail.PlaceAsync([.. raws.Select(raw => (raw.OrganisationId, raw.RawId))], cancel);
        await store.WriteAsync(
            Lane.Receipts,
            tx =>
            {
                foreach (var raw in raws) mail.Insert(tx, raw.OrganisationId, raw.RawId, raw.ReceivedAt);
                foreach (var receipt in receipts) ReceiptRows.Insert(tx, receipt);
                if (raws.Count < receipts.Count) Share(tx, receipts);
                foreach (var canary in canaries) CanaryRows.AddReport(tx, canary.OrganisationId, canary.CanaryId!.Value, report, now); // it is one
                return receipts.Count;
            },
            cancel);
    }

    /// <summary>Bytes that several receipts of an organisation use go with the last of them.</summary>
    private static void Share(Tx tx, IReadOnlyList<Receipt> receipts)
    {
        foreach (var receipt in receipts.GroupBy(receipt => receipt.RawId).Where(users => users.Count() > 1).SelectMany(users => users))
        {
            RawShares.Insert(tx, receipt.OrganisationId, receipt.RawId, receipt.Id);
        }
    }
}
