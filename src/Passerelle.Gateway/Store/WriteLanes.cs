using System.Diagnostics;
using System.Threading.Channels;

namespace Passerelle.Gateway.Store;

/// <summary>The bounded queues before the one writer, and the order in which it serves them.</summary>
/// <param name="groupSize">Delegates that one group takes at most.</param>
/// <param name="capacity">Delegates a lane holds; whoever comes then waits, which slows the door instead of filling memory.</param>
internal sealed class WriteLanes(int groupSize, int capacity) : IDisposable
{
    /// <summary>Maintenance goes when nothing else waits, and at the latest after this.</summary>
    private static readonly TimeSpan LongestMaintenanceWait = TimeSpan.FromMilliseconds(100);

    private readonly Channel<Write>[] _lanes = [NewLane(capacity), NewLane(capacity), NewLane(capacity)];
    private readonly ManualResetEventSlim _wake = new(initialState: false, spinCount: 0); // who would set it needs the processor we would spin on
    private long _maintenanceServed = Stopwatch.GetTimestamp();
    private volatile bool _closed;

    public async ValueTask AddAsync(Lane lane, Write write, CancellationToken cancel)
    {
        try
        {
            await _lanes[(int)lane].Writer.WriteAsync(write, cancel);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(IStore));
        }
        _wake.Set();
    }

    /// <summary>Takes nothing more; what was taken is still served.</summary>
    public void Close()
    {
        foreach (var lane in _lanes) lane.Writer.TryComplete();
        _closed = true;
        _wake.Set();
    }

    public void Dispose() => _wake.Dispose();

    /// <summary>Blocks until there is a group or <paramref name="atMost"/> has passed.</summary>
    /// <returns>False once closed and drained.</returns>
    public bool Take(List<Write> group, TimeSpan atMost, out Lane last)
    {
        group.Clear();
        _wake.Reset(); // before looking: what comes later sets it again
        var closed = _closed;
        last = Fill(group);
        if (group.Count > 0) return true;
        if (closed) return false;
        _wake.Wait(atMost);
        return true;
    }

    /// <summary>Receipts first, but a quarter of the group is kept for stage work while some waits.</summary>
    private Lane Fill(List<Write> group)
    {
        var work = _lanes[(int)Lane.Work].Reader.Count;
        if (MaintenanceIsDue() && Take(Lane.Maintenance, group, 1)) return Lane.Maintenance;
        Take(Lane.Receipts, group, groupSize - Math.Min(work, groupSize / 4));
        Take(Lane.Work, group, groupSize);
        Take(Lane.Receipts, group, groupSize);
        return group.Count == 0 && Take(Lane.Maintenance, group, 1) ? Lane.Maintenance : Lane.Work;
    }

    private bool MaintenanceIsDue() => Stopwatch.GetElapsedTime(_maintenanceServed) > LongestMaintenanceWait;

    private bool Take(Lane lane, List<Write> group, int upTo)
    {
        var before = group.Count;
        while (group.Count < upTo && _lanes[(int)lane].Reader.TryRead(out var write)) group.Add(write);
        if (lane == Lane.Maintenance) _maintenanceServed = Stopwatch.GetTimestamp();
        return group.Count > before;
    }

    private static Channel<Write> NewLane(int capacity) =>
        Channel.CreateBounded<Write>(new BoundedChannelOptions(capacity) { SingleReader = true });
}
