using Microsoft.Extensions.Options;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>Orders the pruning of each organisation in time, and deletes exports whose time has passed.</summary>
internal sealed class KeepingClock(
    IStore store, ExportFiles files, Signals signals, IOptions<OperationsOptions> options, TimeProvider time, ILogger<KeepingClock> log) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(5);

    /// <summary>Orders what is due; an organisation whose apps keep everything for ever has nothing to prune.</summary>
    /// <returns>Jobs ordered.</returns>
    public async Task<int> OrderAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var due = await store.ReadAsync(tx => PruningRows.OrganisationsDue(tx, now, now.AddHours(-options.Value.PruneHours)), cancel);
        foreach (var organisation in due)
        {
            await store.WriteAsync(
                Lane.Maintenance,
                tx =>
                {
                    KeepingJobRows.Insert(tx, KeepingJobs.New(organisation, KeepingJob.Prune, new(), null, now));
                    return true;
                },
                cancel);
        }
        if (due.Count > 0) signals.Keeping.Raise();
        return due.Count;
    }

    /// <returns>Files deleted.</returns>
    public async Task<int> SweepAsync(CancellationToken cancel)
    {
        var expired = await store.ReadAsync(tx => KeepingJobRows.Expired(tx, time.GetUtcNow()), cancel);
        foreach (var job in expired)
        {
            files.Delete(job.OrganisationId, job.Id);
            await store.WriteAsync(
                Lane.Maintenance,
                tx =>
                {
                    KeepingJobRows.ForgetFile(tx, job.OrganisationId, job.Id);
                    return true;
                },
                cancel);
        }
        return expired.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Between, time);
        do
        {
            try
            {
                await OrderAsync(stoppingToken);
                await SweepAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is StoreUnavailable or TimeoutException or IOException or UnauthorizedAccessException)
            {
                log.KeepingClockFailed(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
