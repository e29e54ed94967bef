using System.Net.Sockets;

namespace Passerelle.Smtp;

/// <summary>A listening socket of a <see cref="SocketLoop"/>.</summary>
/// <param name="socket">Bound and listening; the caller's.</param>
public sealed class LoopListener(Socket socket, SocketLoop loop) : ILoopSocket, IDisposable
{
    private readonly Lock _gate = new();
    private readonly int _descriptor = SocketLoop.DescriptorOf(socket);
    private TaskCompletionSource? _waiting;
    private bool _isWatched;
    private bool _isClosed;

    /// <summary>One caller at a time.</summary>
    /// <exception cref="SocketException">The client is gone already, or no descriptor is free.</exception>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public async Task<Socket> AcceptAsync()
    {
        await WhenSomebodyComes();
        return socket.Accept();
    }

    /// <summary>Before the socket itself is closed.</summary>
    public void Dispose()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _isClosed = true;
            if (_isWatched) loop.Remove(_descriptor);
            (waiting, _waiting, _isWatched) = (_waiting, null, false);
        }
        waiting?.SetException(new ObjectDisposedException(nameof(LoopListener)));
    }

    void ILoopSocket.Happened(uint events)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            (waiting, _waiting) = (_waiting, null);
            if (waiting is null && _isWatched)
            {
                loop.Remove(_descriptor); // nobody accepts now: it would be told again and again
                _isWatched = false;
            }
        }
        waiting?.SetResult();
    }

    private Task WhenSomebodyComes()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_isWatched) loop.Add(_descriptor, this, Epoll.Readable);
            _isWatched = true;
            return _waiting.Task;
        }
    }
}
