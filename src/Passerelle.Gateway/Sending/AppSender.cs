using System.Diagnostics;
using Passerelle.Gateway.Cluster;

namespace Passerelle.Gateway.Sending;

/// <summary>All sending of one app under one ownership: as many workers as it may have connections, within its budget.</summary>
/// <param name="quietUntil">Until then an older owner may still be connected: one connection only.</param>
internal sealed class AppSender(
    Ownership owner, Dispatch dispatch, SubmissionPool pool, SendingBudget budget, int connections, DateTimeOffset? quietUntil, TimeProvider time)
    : IDisposable
{
    private const int MostAtOnce = 16;

    /// <summary>What is claimed is out of reach of a pause and of an answer that is more urgent, and in doubt when we die: no more than leaves within this.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(50);
    private readonly Lock _gate = new();
    private readonly List<Task> _workers = [];

    /// <summary>Of one letter, as the last ones took; until it is known, one is claimed at a time.</summary>
    private TimeSpan _each = Ahead;

    public Ownership Owner { get; } = owner;

    /// <summary>Makes sure that somebody works; called whenever a letter is due.</summary>
    /// <param name="lost">Called when somebody newer owns the app.</param>
    public void Start(Action<AppSender> lost, CancellationToken cancel)
    {
        lock (_gate)
        {
            _workers.RemoveAll(worker => worker.IsCompleted);
            var most = quietUntil is { } until && time.GetUtcNow() < until ? 1 : connections;
            while (_workers.Count < most) _workers.Add(Task.Run(() => WorkAsync(lost, cancel), CancellationToken.None));
        }
    }

    /// <summary>Sends until nothing is due.</summary>
    public async Task WorkAsync(Action<AppSender> lost, CancellationToken cancel)
    {
        try
        {
            await SendAllAsync(cancel);
        }
        catch (OwnershipLost)
        {
            lost(this);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // stopping
        }
    }

    public void CloseIdle() => pool.CloseIdle();

    public Task FinishAsync()
    {
        lock (_gate) return Task.WhenAll(_workers);
    }

    public void Dispose() => pool.Dispose();

    private async Task SendAllAsync(CancellationToken cancel)
    {
        var settling = Task.CompletedTask;
        try
        {
            for (var tried = 1; tried > 0;)
            {
                var places = await PlacesAsync(cancel);
                var began = Stopwatch.GetTimestamp(); // the machine's pace, whatever the clock says
                var before = settling;
                (tried, settling) = await dispatch.SendSomeAsync(Owner, pool, places.Count, _ => { }, cancel);
                budget.GiveBack(places, places.Count - tried);
                if (tried > 0) _each = Stopwatch.GetElapsedTime(began) / tried;
                await before; // it was written before this round's claim
            }
        }
        finally
        {
            await settling;
        }
    }

    private async Task<BudgetPlaces> PlacesAsync(CancellationToken cancel)
    {
        while (true)
        {
            var (taken, wait) = budget.Take((int)Math.Clamp(Ahead / _each, 1, MostAtOnce));
            if (taken is not null) return taken;
            await Task.Delay(wait, time, cancel);
        }
    }
}
