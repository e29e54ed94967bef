namespace Passerelle.Gateway.Store;

/// <summary>Removes spooled files that no row speaks of: mail whose transaction failed, and mail that was pruned.</summary>
internal sealed class SpoolSweep(IStore store, Spool spool, TimeProvider time, ILogger<SpoolSweep> log) : BackgroundService
{
    private const int FilesATurn = 100;
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(10);

    /// <summary>A file younger than this may still be waiting for its row: in another process of a shared folder, for ours says what it holds.</summary>
    private static readonly TimeSpan Youngest = TimeSpan.FromHours(1);

    /// <returns>Files removed.</returns>
    public async Task<int> SweepAsync(CancellationToken cancel)
    {
        var removed = 0;
        foreach (var names in spool.Before(time.GetUtcNow() - Youngest).Chunk(FilesATurn))
        {
            var orphans = await store.WriteAsync(Lane.Maintenance, tx => names.Where(name => !HasRow(tx, name)).ToList(), cancel);
            foreach (var orphan in orphans) spool.Delete(orphan);
            removed += orphans.Count;
        }
        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Between, time);
        do
        {
            try
            {
                if (await SweepAsync(stoppingToken) is > 0 and var removed) log.SpoolSwept(removed);
            }
            catch (Exception failure) when (failure is StoreUnavailable or IOException or UnauthorizedAccessException)
            {
                log.SweepFailed(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>The last look at the row is by key; what still has its arriving name never had one.</summary>
    private static bool HasRow(Tx tx, string name) =>
        name.Split('/') is [.., var organisation, var file]
        && Guid.TryParseExact(organisation, "N", out var organisationId)
        && Guid.TryParseExact(file, "N", out var id)
        && tx.For(organisationId).One<long>(
            "SELECT COUNT(*) FROM raw_mail WHERE organisation_id = @organisation AND id = @id", new { id }) > 0;
}
