using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Passerelle.Smtp;

/// <summary>The receiving direction of a <see cref="SocketPipe"/>: one buffer, as large as what comes.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A source without a timer holds nothing, and an interrupt may come after the end")]
internal sealed class SocketReader(Socket socket) : PipeReader
{
    /// <summary>Holds any command; ten thousand idle connections have one each.</summary>
    private const int Small = 4 * 1024;
    private const int Large = 64 * 1024;

    private readonly Lock _gate = new();
    private byte[] _buffer = [];
    private int _start;   // octets from here to _end wait to be consumed
    private int _end;
    private int _seen;    // the caller has looked as far as this and wants more
    private int _wanted = Small;
    private bool _ended;
    private bool _receiving;
    private bool _interrupted;
    private CancellationTokenSource _interrupt = new();
    private ReadOnlySequence<byte> _given;

    public override bool TryRead(out ReadResult result)
    {
        if (!TakeInterrupt(out var interrupted) && _seen == _end && !_ended)
        {
            result = default;
            return false;
        }
        result = Give(interrupted);
        return true;
    }

    /// <exception cref="SocketException">The connection broke.</exception>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        TryRead(out var ready) ? new(ready) : ReceiveAsync(cancellationToken);

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var start = _start;
        _start = start + (int)_given.GetOffset(consumed) - (int)_given.GetOffset(_given.Start);
        _seen = Math.Max(_start, start + (int)_given.GetOffset(examined) - (int)_given.GetOffset(_given.Start));
        _given = default;
        if (_start < _end) return;
        (_start, _seen, _end) = (0, 0, 0);
        if (_buffer.Length > Small) Replace([]); // nobody waits with a large one
    }

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

    /// <summary>The buffer goes back, unless the system may still write into it.</summary>
    public override void Complete(Exception? exception = null)
    {
        _ended = true;
        if (_receiving) return;
        (_start, _seen, _end) = (0, 0, 0);
        Replace([]);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReceiveAsync(CancellationToken cancel)
    {
        MakeRoom();
        var registration = cancel.UnsafeRegister(static reader => ((SocketReader)reader!).CancelPendingRead(), this);
        try
        {
            _receiving = true;
            var received = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, Interrupt);
            _receiving = false;
            Receive(received);
        }
        catch (OperationCanceledException)
        {
            _receiving = false; // interrupted: what the read then gives says so
        }
        finally
        {
            registration.Dispose();
        }
        TakeInterrupt(out var interrupted);
        cancel.ThrowIfCancellationRequested();
        return Give(interrupted);
    }

    private void Receive(int received)
    {
        if (received == 0) _ended = true;
        var filled = received == _buffer.Length - _end;
        _end += received;
        _wanted = filled ? Math.Min(_buffer.Length * 4, Large) : Small; // full: more is on its way
    }

    private ReadResult Give(bool interrupted)
    {
        _given = new ReadOnlySequence<byte>(_buffer, _start, _end - _start);
        return new ReadResult(_given, interrupted, _ended);
    }

    /// <summary>Room behind what is there: an unfinished line that fills the buffer gets one of double size.</summary>
    private void MakeRoom()
    {
        var kept = _end - _start;
        if (kept == 0 && _buffer.Length < _wanted) Replace(ArrayPool<byte>.Shared.Rent(_wanted));
        if (_end < _buffer.Length) return;
        if (_start == 0) Replace(ArrayPool<byte>.Shared.Rent(Math.Max(_wanted, _buffer.Length * 2)));
        else _buffer.AsSpan(_start, kept).CopyTo(_buffer);
        (_start, _seen, _end) = (0, _seen - _start, kept);
    }

    private void Replace(byte[] next)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(next.AsSpan(_start));
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = next;
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
