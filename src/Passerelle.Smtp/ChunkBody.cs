using System.Buffers;

namespace Passerelle.Smtp;

/// <summary>A body that comes in chunks (RFC 3030 §2). The host reads it as one; between two chunks we answer the one that
/// is complete and wait for the next BDAT.</summary>
/// <param name="next">Answers the chunk and returns the one after it.</param>
internal sealed class ChunkBody(
    SmtpWire wire, SmtpSession session, Chunk first, Func<Chunk, long, ValueTask<Chunk>> next) : IncomingBody
{
    private const int Enough = 64 * 1024;

    private readonly SmtpLimits _limits = session.Limits;
    private readonly long _due = wire.DueAfter(session.Limits.MessageTimeout);
    private ChunkScan _scan = new(session.Limits, session.Open is { Body: MailBody.BinaryMime });
    private Chunk _chunk = first;
    private long _left = first.Bytes;

    public override long BytesRead => _scan.Bytes;

    public override SmtpReply? Refusal => _scan.Refusal;

    public override bool AtLastPiece => _chunk.Last;

    public override async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfZero(destination.Length);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (Broken is not null) throw Broken;
            if (_scan.Refusal is { } refusal) throw new SmtpRefusedException(refusal);
            if (Finished) return 0;
            if (_left > 0)
            {
                var written = Take(await wire.ReadContentAsync(_due), destination.Span);
                if (_scan.Refusal is null) return written;
            }
            else if (_chunk.Last)
            {
                _scan.End();
                Finished = _scan.Refusal is null;
            }
            else
            {
                await NextAsync();
            }
        }
    }

    public override async ValueTask<bool> DrainAsync() =>
        await SkipAsync(wire, _left, _limits.MaxBytes + Enough, _due);

    /// <summary>Reads over the octets of a chunk that is refused.</summary>
    /// <returns>False when they are too many to be worth it.</returns>
    public static async ValueTask<bool> SkipAsync(SmtpWire wire, long bytes, long most, long due)
    {
        for (var left = Math.Min(bytes, most); left > 0;)
        {
            var content = await wire.ReadContentAsync(due);
            var taken = Math.Min(left, content.Length);
            wire.Taken(content.GetPosition(taken));
            left -= taken;
        }
        return bytes <= most;
    }

    private async ValueTask NextAsync()
    {
        try
        {
            _chunk = await next(_chunk, _due);
            _left = _chunk.Bytes;
        }
        catch (Exception broken) when (broken is SmtpClosedException or SmtpAbandonedException)
        {
            Broken = broken;
            throw;
        }
    }

    private int Take(ReadOnlySequence<byte> content, Span<byte> target)
    {
        var taken = (int)Math.Min(Math.Min(content.Length, target.Length), _left);
        var piece = content.Slice(0, taken);
        piece.CopyTo(target);
        wire.Taken(piece.End);
        _left -= taken;
        _scan.Take(target[..taken]);
        return taken;
    }
}
