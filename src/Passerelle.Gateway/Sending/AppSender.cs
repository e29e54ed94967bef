using System.Diagnostics;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Sending.Budgets;

namespace Passerelle.Gateway.Sending;

/// <summary>All sending of one app under one ownership: as many workers as it may have connections, within its budget.</summary>
/// <param name="quietUntil">Until then an older owner may still be connected: one connection only.</param>
internal sealed class AppSender(
    Ownership owner, Dispatch dispatch, SubmissionPool pool, SendingBudget budget, DateTimeOffset? quietUntil, TimeProvider time)
    : IDisposable
{
    private const int MostAtOnce = 16;

    /// <summary>What is claimed is out of reach of a pause and of an answer that is more urgent, and in doubt when we die: no more than leaves within this.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(50);

    /// <summary>Nobody sleeps longer without looking: an admin may have allowed more meanwhile.</summary>
    private static readonly TimeSpan LongestNap = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly List<(int Number, Task Work)> _workers = [];

    /// <summary>Of one letter, as the last ones took; until it is known, one is claimed at a time.</summary>
    private TimeSpan _each = Ahead;

    public Ownership Owner { get; } = owner;

    /// <summary>Makes sure that somebody works; called whenever a letter is due.</summary>
    /// <param name="lost">Called when somebody newer owns the app.</param>
    public void Start(Action<AppSender> lost, CancellationToken cancel)
    {
        lock (_gate)
        {
            _workers.RemoveAll(worker => worker.Work.IsCompleted);
            foreach (var number in Enumerable.Range(0, Connections).Except(_workers.Select(worker => worker.Number)).ToList())
                _workers.Add((number, Task.Run(() => WorkAsync(number, lost, cancel), CancellationToken.None)));
        }
    }

    /// <summary>What an admin says now.</summary>
    public void Limit(BudgetLimits limits) => budget.Limits = limits;

    /// <summary>While other nodes live, one connection less than there may be: whoever takes the app over begins with one, and those of this node may stand longer than its work.</summary>
    public Func<bool> HasNeighbours { get; init; } = () => false;

    /// <summary>As many as it may have now.</summary>
    public int Connections => quietUntil is { } until && time.GetUtcNow() < until ? 1 : Math.Max(1, budget.Connections - (HasNeighbours() ? 1 : 0));

    /// <summary>Sends until nothing is due, or there is one connection too many.</summary>
    private async Task WorkAsync(int number, Action<AppSender> lost, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ended.Token);
        try
        {
            await SendAllAsync(number, either.Token);
        }
        catch (OwnershipLost)
        {
            lost(this);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // stopping
        }
    }

    public void CloseIdle() => pool.CloseIdle();

    public Task FinishAsync()
    {
        lock (_gate) return Task.WhenAll(_workers.Select(worker => worker.Work));
    }

    /// <summary>Begins nothing any more; returns when each letter in hand has ended.</summary>
    public async Task EndAsync()
    {
        await _ended.CancelAsync();
        await FinishAsync();
    }

    public void Dispose() => pool.Dispose(); // workers may still ask whether it has ended

    private async Task SendAllAsync(int number, CancellationToken cancel)
    {
        var settling = Task.CompletedTask;
        try
        {
            for (var tried = 1; tried > 0 && number < Connections;)
            {
                var places = await PlacesAsync(cancel);
                var began = Stopwatch.GetTimestamp(); // the machine's pace, whatever the clock says
                var before = settling;
                (tried, settling) = await dispatch.SendSomeAsync(Owner, pool, places.Count, budget.Hear, cancel);
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
            await Task.Delay(wait < LongestNap ? wait : LongestNap, time, cancel);
        }
    }
}
