using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Passerelle.Gateway.Queue;

/// <summary>
/// One stage's loop: looks for due rows whenever its signal is raised (and every few seconds by itself) and hands each to
/// one of its workers. What is in work is remembered by key, so no two workers ever hold the same one; nothing is written
/// to claim it, for a crash must leave the row as it was.
/// </summary>
/// <param name="signal">Raised too whenever a worker is done: what waited behind that row may go now.</param>
internal sealed class Pickup<TRow, TKey>(Signal signal, int workers, TimeProvider time, ILogger log)
    where TKey : notnull
{
    private static readonly TimeSpan LookBySelf = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<TKey, bool> _inWork = new();

    /// <summary>Runs until cancelled.</summary>
    /// <param name="look">The due rows, most urgent first, at most as many as asked for.</param>
    /// <param name="work">What it throws is logged and the row is met again a second later.</param>
    /// <param name="taken">Told of each row that will be worked on, in the order of the look, before anybody works on it.</param>
    public async Task RunAsync(
        Func<int, CancellationToken, Task<List<TRow>>> look, Func<TRow, TKey> key, Func<TRow, CancellationToken, Task> work,
        CancellationToken cancel, Action<TRow>? taken = null)
    {
        var rows = Channel.CreateBounded<TRow>(workers);
        var working = Enumerable.Range(0, workers).Select(_ => WorkAsync(rows.Reader, key, work, cancel)).ToArray();
        try
        {
            await LookAsync(rows.Writer, look, key, taken, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // stopping: workers finish what they hold
        }
        rows.Writer.Complete();
        await Task.WhenAll(working);
    }

    private async Task LookAsync(
        ChannelWriter<TRow> rows, Func<int, CancellationToken, Task<List<TRow>>> look, Func<TRow, TKey> key, Action<TRow>? taken, CancellationToken cancel)
    {
        using var listener = signal.Listen();
        while (true)
        {
            // more than can be in work, so that those in work never hide the others
            foreach (var row in await LookOnceAsync(look, workers * 4 + 16, cancel))
            {
                if (!_inWork.TryAdd(key(row), true)) continue;
                taken?.Invoke(row);
                await rows.WriteAsync(row, cancel);
            }
            await listener.WaitAsync(LookBySelf, time, cancel);
        }
    }

    private async Task<List<TRow>> LookOnceAsync(
        Func<int, CancellationToken, Task<List<TRow>>> look, int limit, CancellationToken cancel)
    {
        try
        {
            return await look(limit, cancel);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.LookFault(fault);
            return []; // the store is away: the loop asks again by itself
        }
    }

    private async Task WorkAsync(
        ChannelReader<TRow> rows, Func<TRow, TKey> key, Func<TRow, CancellationToken, Task> work, CancellationToken cancel)
    {
        await foreach (var row in rows.ReadAllAsync(CancellationToken.None))
        {
            if (!cancel.IsCancellationRequested) await WorkOnceAsync(row, work, cancel);
            _inWork.TryRemove(key(row), out _);
            signal.RaiseHere();
        }
    }

    private async Task WorkOnceAsync(TRow row, Func<TRow, CancellationToken, Task> work, CancellationToken cancel)
    {
        try
        {
            await work(row, cancel);
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            // stopping: the row is as it was
        }
        catch (Exception fault)
        {
            log.WorkFault(fault);
            await Task.Delay(AfterFault, time, cancel).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }
}
