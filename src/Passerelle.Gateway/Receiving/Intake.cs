using System.Buffers;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Store;
using Passerelle.Smtp;

namespace Passerelle.Gateway.Receiving;

/// <summary>Takes the bytes of one mail in, then writes them with their receipts in one transaction.</summary>
internal sealed class Intake(IStore store)
{
    /// <summary>Reads to the end of the mail.</summary>
    /// <param name="trace">Our own header, which goes on top.</param>
    public static async Task<ArrivingMail> ReadAsync(byte[] trace, SmtpBody body, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(RawMails.LargestRow);
        trace.CopyTo(buffer, 0);
        var length = trace.Length;
        try
        {
            while (await body.ReadAsync(buffer.AsMemory(length), cancel) is > 0 and var read)
            {
                length += read;
                if (length == buffer.Length) buffer = Grow(buffer);
            }
            return new ArrivingMail(buffer, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    /// <summary>Completes once everything is on the disk.</summary>
    /// <exception cref="StoreUnavailable">Nothing was written.</exception>
    public Task StoreAsync(ArrivingMail mail, IReadOnlyList<Receipt> receipts, CancellationToken cancel) => store.WriteAsync(
        Lane.Receipts,
        tx =>
        {
            foreach (var raw in receipts.DistinctBy(receipt => receipt.RawId))
            {
                RawMails.Insert(tx, raw.OrganisationId, raw.RawId, mail.Content, raw.ReceivedAt);
            }
            foreach (var receipt in receipts) ReceiptRows.Insert(tx, receipt);
            return receipts.Count;
        },
        cancel);

    private static byte[] Grow(byte[] full)
    {
        var larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }
}

/// <summary>One mail between its DATA and its 250.</summary>
internal sealed class ArrivingMail(byte[] buffer, int length) : IAsyncDisposable
{
    public long Size => length;
    public ReadOnlyMemory<byte> Content => buffer.AsMemory(0, length);

    /// <summary>At most the first 64 KiB.</summary>
    public ReadOnlySpan<byte> Start => buffer.AsSpan(0, Math.Min(length, RawMails.LargestRow));

    public ValueTask DisposeAsync()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        return ValueTask.CompletedTask;
    }
}
