using System.Net.Sockets;

namespace Passerelle.Smtp;

/// <summary>A socket of a <see cref="SocketLoop"/>.</summary>
internal interface ILoopSocket
{
    /// <summary>Called by the loop's thread.</summary>
    /// <param name="events">Those of <see cref="Epoll"/>.</param>
    void Happened(uint events);
}

/// <summary>
/// One thread that waits for very many sockets and runs there and then what awaits them. SMTP talks in a dozen short turns, and
/// handing each to another thread costs more than the turn itself. Linux only.
/// </summary>
/// <remarks>
/// It is the synchronization context of what runs on it: whatever an asynchronous method of it awaits, it goes on here. So nothing that runs
/// here may wait for a disk or compute for long: that is awaited from other threads (the store, the spool, the handshake of TLS).
/// </remarks>
public sealed class SocketLoop : SynchronizationContext, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Epoll _epoll = new();
    private readonly Dictionary<int, ILoopSocket> _sockets = [];
    private readonly Thread _thread;
    private List<Posted> _posted = [];
    private List<Posted> _running = [];
    private bool _isAsleep;
    private bool _isEnding;
    private bool _hasEnded;

    /// <param name="name">Of its thread.</param>
    public SocketLoop(string name)
    {
        _thread = new Thread(Work) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Runs <paramref name="work"/> here, with everything that it awaits.</summary>
    public Task RunAsync(Func<Task> work)
    {
        var begun = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ => begun.SetResult(work()), null);
        return begun.Task.Unwrap();
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate)
        {
            if (!_hasEnded)
            {
                _posted.Add(new(d, state));
                if (!_isAsleep) return;
                _isAsleep = false;
                _epoll.Ring();
                return;
            }
        }
        ThreadPool.UnsafeQueueUserWorkItem(static posted => posted.Run(), new Posted(d, state), preferLocal: false); // a straggler
    }

    /// <exception cref="NotSupportedException">Always: it would block the caller.</exception>
    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nobody waits for the loop");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>What was posted still runs. Close the sockets first: nobody waits for them any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isEnding) return;
            _isEnding = true;
            _epoll.Ring();
        }
        _thread.Join();
        _epoll.Dispose();
    }

    internal static int DescriptorOf(Socket socket) => (int)socket.SafeHandle.DangerousGetHandle();

    /// <param name="descriptor">Stays open until it is <see cref="Remove"/>d.</param>
    internal void Add(int descriptor, ILoopSocket socket, uint events)
    {
        lock (_gate)
        {
            if (!_hasEnded) _epoll.Watch(descriptor, events);
            _sockets[descriptor] = socket;
        }
    }

    internal void Remove(int descriptor)
    {
        lock (_gate)
        {
            if (_sockets.Remove(descriptor) && !_hasEnded) _epoll.Unwatch(descriptor);
        }
    }

    private void Work()
    {
        SetSynchronizationContext(this);
        while (MayGoOn(out var hasWork))
        {
            var count = _epoll.Wait(look: hasWork);
            for (var i = 0; i < count; i++)
            {
                var (descriptor, events) = _epoll.Happened(i);
                Find(descriptor)?.Happened(events);
            }
            RunPosted();
        }
    }

    /// <returns>False: it was ended, and nothing is left to run.</returns>
    private bool MayGoOn(out bool hasWork)
    {
        lock (_gate)
        {
            hasWork = _posted.Count > 0;
            _hasEnded = _isEnding && !hasWork;
            _isAsleep = !hasWork && !_isEnding;
            return !_hasEnded;
        }
    }

    /// <returns>Null: it was closed, or it is the bell.</returns>
    private ILoopSocket? Find(int descriptor)
    {
        lock (_gate)
        {
            _isAsleep = false;
            return _sockets.GetValueOrDefault(descriptor);
        }
    }

    /// <summary>What these post comes after the sockets have had their turn.</summary>
    private void RunPosted()
    {
        lock (_gate)
        {
            _isAsleep = false;
            (_posted, _running) = (_running, _posted);
        }
        foreach (var posted in _running) posted.Run();
        _running.Clear();
    }

    private readonly record struct Posted(SendOrPostCallback Callback, object? State)
    {
        public void Run() => Callback(State);
    }
}
