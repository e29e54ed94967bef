using System.Buffers;
using System.Runtime.CompilerServices;

namespace Passerelle.Smtp;

/// <summary>A body straight from the wire: each octet is copied once, from the pipe to the host's buffer.</summary>
internal sealed class WireBody(SmtpWire wire, SmtpLimits limits) : IncomingBody
{
    private readonly long _due = wire.DueAfter(limits.MessageTimeout);
    private DotDecoder _decoder = new(limits);

    public override long BytesRead => _decoder.Bytes;

    public override SmtpReply? Refusal => _decoder.Refusal;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfZero(destination.Length);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (!_decoder.Ended)
            {
                var content = await wire.ReadContentAsync(_due);
                var written = Decode(content, destination.Span);
                if (_decoder.Refusal is null && written > 0) return written;
            }
            if (_decoder.Refusal is { } refusal) throw new SmtpRefusedException(refusal);
            if (!_decoder.Ended) continue;
            Finished = true;
            return 0;
        }
    }

    public override async ValueTask<bool> DrainAsync()
    {
        var enough = BytesRead + limits.MaxBytes + (64 * 1024);
        var scratch = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            while (!_decoder.Ended && BytesRead < enough)
            {
                var content = await wire.ReadContentAsync(_due);
                Decode(content, scratch);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
        return _decoder.Ended;
    }

    private int Decode(ReadOnlySequence<byte> content, Span<byte> target)
    {
        var total = 0;
        long consumed = 0;
        foreach (var piece in content)
        {
            var taken = _decoder.Decode(piece.Span, target[total..], out var written);
            consumed += taken;
            total += written;
            if (taken < piece.Length || _decoder.Ended) break;
        }
        wire.Taken(content.GetPosition(consumed));
        return total;
    }
}
