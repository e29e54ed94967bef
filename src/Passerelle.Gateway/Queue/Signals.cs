using System.Threading.Channels;

namespace Passerelle.Gateway.Queue;

/// <summary>
/// Wakes the next stage of this process at once. Only a hint: the row is the hand-over, and every stage also looks by
/// itself every few seconds, so a lost signal costs time and never mail.
/// </summary>
internal sealed class Signals
{
    public Signal Receipts { get; } = new();
    public Signal Messages { get; } = new();
    public Signal Letters { get; } = new();
    public Signal HttpCalls { get; } = new();
    public Signal DeviceSignIns { get; } = new();
    public Signal Notices { get; } = new();
    public Signal Polls { get; } = new();
    public Signal Keeping { get; } = new();
    public Signal Deliveries { get; } = new();

    /// <summary>Something a person may be looking at has changed: journeys, messages, app states.</summary>
    public Signal Views { get; } = new();
}

/// <summary>Any number of listeners; each is woken at least once after every <see cref="Raise"/>, never queued up.</summary>
internal sealed class Signal
{
    private readonly Lock _gate = new();
    private readonly List<Channel<bool>> _listeners = [];

    public void Raise()
    {
        lock (_gate)
        {
            foreach (var listener in _listeners) listener.Writer.TryWrite(true);
        }
    }

    /// <summary>Starts listening; what is raised from now on is not missed.</summary>
    public Listener Listen()
    {
        var channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        lock (_gate) _listeners.Add(channel);
        return new Listener(this, channel);
    }

    private void Remove(Channel<bool> channel)
    {
        lock (_gate) _listeners.Remove(channel);
    }

    internal sealed class Listener(Signal signal, Channel<bool> channel) : IDisposable
    {
        /// <summary>Returns when raised, or after <paramref name="atMost"/>.</summary>
        public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancel)
        {
            using var deadline = new CancellationTokenSource(atMost, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
            try
            {
                await channel.Reader.ReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                // the deadline: time to look by oneself
            }
        }

        public void Dispose() => signal.Remove(channel);
    }
}
