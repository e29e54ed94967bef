using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Passerelle.Smtp;

/// <summary>The receiving direction of a <see cref="SocketPipe"/> whose waits a <see cref="SocketLoop"/> has: no task, no queue and no
/// buffer while nothing comes.</summary>
/// <remarks>Read by one caller at a time, on any thread; interrupted from any thread.</remarks>
internal sealed class LoopReader : PipeReader, IValueTaskSource<ReadResult>, ILoopSocket, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Socket _socket;
    private readonly SocketLoop _loop;
    private readonly int _descriptor;
    private ReceiveBuffer _buffer = new();
    private ManualResetValueTaskSourceCore<ReadResult> _wait;
    private bool _isWaiting;
    private bool _isInterrupted;
    private bool _mayHoldMore; // the socket, as far as we were told
    private bool _endComes;    // no further word will be said of that

    public LoopReader(Socket socket, SocketLoop loop)
    {
        _socket = socket;
        _loop = loop;
        _descriptor = SocketLoop.DescriptorOf(socket);
        loop.Add(_descriptor, this, Epoll.Readable | Epoll.EndComes | Epoll.OnChange);
    }

    public override bool TryRead(out ReadResult result)
    {
        lock (_gate)
        {
            if (!_isInterrupted && !_buffer.HasNews)
            {
                result = default;
                return false;
            }
            result = _buffer.Give(_isInterrupted);
            _isInterrupted = false;
            return true;
        }
    }

    /// <exception cref="SocketException">The connection broke.</exception>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        cancellationToken.CanBeCanceled ? ReadOrCancelAsync(cancellationToken) : BeginAsync();

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_gate) _buffer.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead()
    {
        ReadResult interrupted;
        lock (_gate)
        {
            _isInterrupted = !_isWaiting;
            if (!_isWaiting) return;
            _isWaiting = false;
            interrupted = _buffer.Give(interrupted: true);
        }
        _wait.SetResult(interrupted);
    }

    /// <summary>Whoever still waits hears that it is over.</summary>
    public override void Complete(Exception? exception = null)
    {
        ReadResult ended;
        lock (_gate)
        {
            _buffer.End();
            if (!_isWaiting) return;
            _isWaiting = false;
            ended = _buffer.Give(interrupted: false);
        }
        _wait.SetResult(ended);
    }

    /// <summary>Before the socket is closed: its descriptor may be another's right after.</summary>
    public void Dispose() => _loop.Remove(_descriptor);

    public void Happened(uint events)
    {
        lock (_gate)
        {
            _mayHoldMore = true;
            if ((events & (Epoll.EndComes | Epoll.Broken)) != 0) _endComes = true;
        }
        Receive();
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private ValueTask<ReadResult> BeginAsync()
    {
        lock (_gate)
        {
            if (TryRead(out var ready)) return new(ready);
            _wait.Reset();
            _isWaiting = true;
            if (!_mayHoldMore) _buffer.Shrink();
            else _loop.Post(static reader => ((LoopReader)reader!).Receive(), this); // the others have their turn before
            return new(this, _wait.Version);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadOrCancelAsync(CancellationToken cancel)
    {
        using var registration = cancel.UnsafeRegister(static reader => ((LoopReader)reader!).CancelPendingRead(), this);
        var read = await BeginAsync();
        cancel.ThrowIfCancellationRequested();
        return read;
    }

    /// <summary>On the loop's thread.</summary>
    private void Receive()
    {
        ReadResult read;
        SocketError error;
        lock (_gate)
        {
            if (!_isWaiting) return;
            var count = _socket.Receive(_buffer.Room().Span, SocketFlags.None, out error);
            if (error is SocketError.WouldBlock)
            {
                _mayHoldMore = false;
                _buffer.Shrink();
                return;
            }
            // "if fewer octets came than were asked for, the descriptor is drained" (epoll(7)), but for an end that was told with them
            _mayHoldMore = (error is SocketError.Success && _buffer.Took(count)) || _endComes;
            _isWaiting = false;
            read = _buffer.Give(interrupted: false);
        }
        if (error is SocketError.Success) _wait.SetResult(read);
        else _wait.SetException(new SocketException((int)error));
    }
}
