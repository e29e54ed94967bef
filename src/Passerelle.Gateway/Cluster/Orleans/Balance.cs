using Orleans;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Cluster.Orleans;

/// <summary>
/// When a node came back, those that worked for its apps meanwhile give it a share. Each node looks for itself: with more than its share it
/// hands some over, one after the other has ended what it has in hand, to the node that has least.
/// </summary>
internal sealed class Balance(
    IStore store, Ownerships ownerships, OrleansPlacement placement, IGrainFactory grains, TimeProvider time, ILogger<Balance> log) : BackgroundService
{
    private const int AtATime = 8;

    /// <summary>A node that has just come is still cold, and may go again.</summary>
    private static readonly TimeSpan AfterChange = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BySelf = TimeSpan.FromMinutes(1);

    /// <summary>How many apps this node gives, and to whom. A difference of a tenth is none.</summary>
    /// <param name="owned">Apps of each node that lives.</param>
    /// <returns>Null: it has no more than its share.</returns>
    internal static (string Target, int Count)? Plan(string node, IReadOnlyDictionary<string, int> owned)
    {
        var fair = (int)Math.Ceiling(owned.Values.Sum() / (double)owned.Count);
        var (target, least) = owned.MinBy(one => one.Value);
        var more = owned[node] - fair;
        return more > Math.Max(1, fair / 10) ? (target, Math.Min(more, fair - least)) : null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changed = new SemaphoreSlim(0);
        void Change() => changed.Release();
        placement.Changed += Change;
        try
        {
            while (true)
            {
                if (await changed.WaitAsync(BySelf, stoppingToken)) await Task.Delay(AfterChange, time, stoppingToken);
                while (changed.Wait(0, CancellationToken.None)) ; // all that came meanwhile is one change
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping
        }
        finally
        {
            placement.Changed -= Change;
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            while (await OwnedAsync(cancel) is { } owned && Plan(placement.Node, owned) is { } plan)
            {
                var given = await GiveAsync(plan.Target, plan.Count, cancel);
                if (given == 0) return; // what is left has something in hand that cannot be moved now
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.HandOverFault(fault);
        }
    }

    private async Task<Dictionary<string, int>> OwnedAsync(CancellationToken cancel)
    {
        var counts = await store.ReadAsync(
            tx => tx.Across("which node owns what").List<Owner>(
                "SELECT node, COUNT(*) AS apps FROM app WHERE node <> '' AND state NOT IN ('draft', 'gone') GROUP BY node -- across: which node owns what"),
            cancel);
        return placement.Living.Keys.ToDictionary(name => name, name => (int)(counts.Find(one => one.Node == name)?.Apps ?? 0));
    }

    /// <returns>How many went.</returns>
    private async Task<int> GiveAsync(string target, int count, CancellationToken cancel)
    {
        if (!placement.Living.TryGetValue(target, out var to)) return 0;
        var given = 0;
        var apps = await MovableAsync(count, cancel);
        log.HandsOver(apps.Count, target);
        await Parallel.ForEachAsync(apps, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel }, async (app, _) =>
        {
            var grain = grains.GetGrain<IAppGrain>(AppGrain.KeyOf(app.OrganisationId, app.Id));
            await ownerships.HandOverAsync(app.OrganisationId, app.Id, async () =>
            {
                await grain.MoveAsync(to);
                if (await grain.WhereAsync() == to.ToParsableString()) Interlocked.Increment(ref given); // answered from where it is then
            });
        });
        return given;
    }

    /// <summary>A call of a flow that is under way would have to be made again, so its app stays; those that have been idle longest go first.</summary>
    private Task<List<Movable>> MovableAsync(int count, CancellationToken cancel) => store.ReadAsync(
        tx => tx.Across("which node owns what").List<Movable>(
            """
            -- across: which node owns what
            SELECT a.organisation_id, a.id FROM app a WHERE a.node = @Node AND a.state NOT IN ('draft', 'gone')
              AND NOT EXISTS (SELECT 1 FROM http_call c WHERE c.organisation_id = a.organisation_id AND c.app_id = a.id AND c.state = 'calling')
            ORDER BY a.last_sent_at NULLS FIRST, a.id LIMIT @count
            """,
            new { placement.Node, count }),
        cancel);

    private sealed record Owner
    {
        public required string Node { get; init; }
        public required long Apps { get; init; }
    }

    private sealed record Movable
    {
        public required Guid OrganisationId { get; init; }
        public required Guid Id { get; init; }
    }
}
