using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Cluster;

/// <summary>
/// Compares this node's clock with the database's, and writes down how they differ: when a letter is due, and until when it is in somebody's
/// hand, is said by the clock of one node and read by that of another.
/// </summary>
internal sealed class NodeClock(IStore store, IPlacement placement, TimeProvider time, ILogger<NodeClock> log) : BackgroundService
{
    /// <summary>NTP keeps machines within milliseconds; this is a clock that nobody keeps.</summary>
    public static readonly TimeSpan Bearable = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);
    private bool _isWrong;

    /// <returns>How far this clock is before the database's; negative: behind it.</returns>
    internal async Task<TimeSpan> CompareAsync(CancellationToken cancel)
    {
        var ahead = await store.WriteAsync(
            Lane.Maintenance,
            tx =>
            {
                var nodes = tx.Across("the clock of a node");
                var before = time.GetUtcNow();
                var theirs = nodes.One<DateTime>("SELECT clock_timestamp() -- across: the clock of a node");
                var ours = before + (time.GetUtcNow() - before) / 2;
                var ahead = ours - new DateTimeOffset(theirs, TimeSpan.Zero);
                nodes.Execute(
                    "UPDATE node SET clock_ahead = @ahead WHERE name = @Node AND status = @Active -- across: the clock of a node",
                    new { ahead = (long)ahead.TotalMilliseconds, placement.Node, NodeRow.Active });
                return ahead;
            },
            cancel);
        var isWrong = ahead.Duration() > Bearable;
        if (isWrong && !_isWrong) log.ClockWrong(ahead.TotalSeconds);
        if (!isWrong && _isWrong) log.ClockRight();
        _isWrong = isWrong;
        return ahead;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do await CompareOnceAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping
        }
    }

    private async Task CompareOnceAsync(CancellationToken cancel)
    {
        try
        {
            await CompareAsync(cancel);
        }
        catch (StoreUnavailable)
        {
            // the store is away, and has said so
        }
    }
}
