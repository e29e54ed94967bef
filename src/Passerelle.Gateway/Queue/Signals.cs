using System.Threading.Channels;

namespace Passerelle.Gateway.Queue;

/// <summary>
/// Wakes the next stage of this process at once, and those of other nodes (<see cref="Nudges"/>) soon after. Only a hint: the row is the hand-over, and every stage also looks by
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

    /// <summary>Each by its name.</summary>
    public IReadOnlyDictionary<string, Signal> All => new Dictionary<string, Signal>
    {
        [nameof(Receipts)] = Receipts,
        [nameof(Messages)] = Messages,
        [nameof(Letters)] = Letters,
        [nameof(HttpCalls)] = HttpCalls,
        [nameof(DeviceSignIns)] = DeviceSignIns,
        [nameof(Notices)] = Notices,
        [nameof(Polls)] = Polls,
        [nameof(Keeping)] = Keeping,
        [nameof(Deliveries)] = Deliveries,
        [nameof(Views)] = Views,
    };
}

/// <summary>Any number of listeners; each is woken at least once after every <see cref="Raise"/>, never queued up.</summary>
internal sealed class Signal
{
    private readonly Lock _gate = new();
    private readonly List<Channel<bool>> _listeners = [];

    /// <summary>Told of each <see cref="Raise"/>, so that other nodes hear of it; null: there are none.</summary>
    internal Action? Elsewhere { get; set; }

    public void Raise()
    {
        RaiseHere();
        Elsewhere?.Invoke();
    }

    /// <summary>What only other nodes need to know.</summary>
    public void RaiseElsewhere() => Elsewhere?.Invoke();

    /// <summary>What only this node needs to know.</summary>
    public void RaiseHere()
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
