using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue;

/// <summary>
/// What waits was given its moment by the clock of then. When that clock is set back, because it was a day ahead and somebody mended it, the
/// moment is a day away: rows that wait are moved with it. A clock that is set forward makes them due at once, which costs nothing.
/// </summary>
internal sealed class ClockWatch(IStore store, Signals signals, TimeProvider time, ILogger<ClockWatch> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>A clock that is slewed by NTP is no clock that was set.</summary>
    private static readonly TimeSpan Smallest = TimeSpan.FromSeconds(30);

    /// <summary>Twice what a reading is put off for at most.</summary>
    private static readonly TimeSpan LongestPutOff = TimeSpan.FromHours(2);

    private DateTimeOffset _clock = time.GetUtcNow();
    private long _steady = time.GetTimestamp();

    /// <summary>Compares the clock with the time that has really passed.</summary>
    internal async Task LookAsync(CancellationToken cancel)
    {
        var (now, steady) = (time.GetUtcNow(), time.GetTimestamp());
        var back = _clock + time.GetElapsedTime(_steady, steady) - now;
        if (back > Smallest)
        {
            await store.WriteAsync(Lane.Work, tx => Move(tx, now, (long)back.TotalMilliseconds), cancel);
            log.ClockSetBack(back);
            foreach (var signal in (Signal[])[signals.Receipts, signals.Messages, signals.Letters, signals.HttpCalls, signals.Notices]) signal.Raise();
        }
        (_clock, _steady) = (now, steady);
        if (await store.WriteAsync(Lane.Maintenance, tx => Recall(tx, now), cancel) > 0) signals.Receipts.Raise();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await LookOnceAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping
        }
    }

    private async Task LookOnceAsync(CancellationToken cancel)
    {
        try
        {
            await LookAsync(cancel);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.LookFault(fault); // nothing was moved: the next look sees the same jump
        }
    }

    /// <summary>A clock that went ahead and came back between two looks left no jump to see, but mail that waits for longer than reading ever puts off.</summary>
    private static int Recall(Tx tx, DateTimeOffset now) => tx.Across("the clock was ahead").Execute(
        "UPDATE receipt SET due_at = @now WHERE state = 'received' AND due_at > @latest -- across: the clock was ahead",
        new { now, latest = now + LongestPutOff });

    private static int Move(Tx tx, DateTimeOffset now, long back)
    {
        var moved = new { now, back };
        var rows = tx.Across("the clock was set back");
        return rows.Execute("UPDATE receipt SET due_at = due_at - @back WHERE state = 'received' AND due_at > @now -- across: the clock was set back", moved)
            + rows.Execute("UPDATE message SET due_at = due_at - @back WHERE state = 'ready' AND due_at > @now -- across: the clock was set back", moved)
            + rows.Execute("UPDATE letter SET due_at = due_at - @back WHERE state = 'waiting' AND due_at > @now AND (not_before IS NULL OR not_before <= @now) -- across: the clock was set back", moved)
            + rows.Execute($"UPDATE letter SET submitting_until = submitting_until - @back WHERE state IN {LetterRows.OpenStates} AND state IN ('claimed', 'submitting') AND submitting_until > @now -- across: the clock was set back", moved)
            + rows.Execute("UPDATE http_call SET due_at = due_at - @back WHERE state IN ('waiting', 'calling') AND due_at > @now -- across: the clock was set back", moved)
            + rows.Execute("UPDATE alarm_notice SET due_at = due_at - @back WHERE state IN ('waiting', 'handed') AND due_at > @now -- across: the clock was set back", moved);
    }
}
