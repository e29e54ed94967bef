using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Passerelle.Smtp;

/// <summary>The receiving direction of a <see cref="SocketPipe"/> where .NET waits for the socket; a buffer is there only once something came.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A source without a timer holds nothing, and an interrupt may come after the end")]
internal sealed class SocketReader(Socket socket) : PipeReader
{
    private readonly Lock _gate = new();
    private ReceiveBuffer _buffer = new();
    private bool _interrupted;
    private CancellationTokenSource _interrupt = new();

    public override bool TryRead(out ReadResult result)
    {
        if (!TakeInterrupt(out var interrupted) && !_buffer.HasNews)
        {
            result = default;
            return false;
        }
        result = _buffer.Give(interrupted);
        return true;
    }

    /// <exception cref="SocketException">The connection broke.</exception>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        TryRead(out var ready) ? new(ready) : ReceiveAsync(cancellationToken);

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _buffer.AdvanceTo(consumed, examined);

    public override void CancelPendingRead()
    {
        CancellationTokenSource pending;
        lock (_gate)
        {
            _interrupted = true;
            pending = _interrupt;
        }
        pending.Cancel();
    }

    public override void Complete(Exception? exception = null) => _buffer.End();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReceiveAsync(CancellationToken cancel)
    {
        _buffer.Shrink();
        var registration = cancel.UnsafeRegister(static reader => ((SocketReader)reader!).CancelPendingRead(), this);
        try
        {
            await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, Interrupt); // only waits
            var count = socket.Receive(_buffer.Room().Span, SocketFlags.None, out var error);
            if (error is SocketError.Success) _buffer.Took(count);
            else if (error is not SocketError.WouldBlock) throw new SocketException((int)error);
        }
        catch (OperationCanceledException)
        {
            // interrupted: what the read then gives says so
        }
        finally
        {
            registration.Dispose();
        }
        TakeInterrupt(out var interrupted);
        cancel.ThrowIfCancellationRequested();
        return _buffer.Give(interrupted);
    }

    private CancellationToken Interrupt
    {
        get
        {
            lock (_gate) return _interrupt.Token;
        }
    }

    /// <returns>Whether there was one; it counts for one read.</returns>
    private bool TakeInterrupt(out bool interrupted)
    {
        lock (_gate)
        {
            interrupted = _interrupted;
            if (!interrupted) return false;
            _interrupted = false;
            _interrupt = new CancellationTokenSource(); // the former is spent; it has no timer and nothing to dispose
            return true;
        }
    }
}
