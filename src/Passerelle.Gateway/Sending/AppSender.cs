using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Sending;

/// <summary>All sending of one app under one ownership: as many workers as it may have connections, within its budget.</summary>
/// <param name="quietUntil">Until then an older owner may still be connected: one connection only.</param>
internal sealed class AppSender(
    Ownership owner, Dispatch dispatch, SubmissionPool pool, SendingBudget budget, int connections, DateTimeOffset? quietUntil, TimeProvider time)
    : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Task> _workers = [];

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
            do
            {
                while (budget.Take() is { Ticks: > 0 } wait) await Task.Delay(wait, time, cancel);
            }
            while (await dispatch.SendNextAsync(Owner, pool, cancel));
            budget.GiveBack();
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
}
