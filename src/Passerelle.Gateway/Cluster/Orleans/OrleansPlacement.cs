using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace Passerelle.Gateway.Cluster.Orleans;

/// <summary>Asks Orleans who lives and what is where, and tells the stages when a node came or went.</summary>
internal sealed class OrleansPlacement(
    IGrainFactory grains, IClusterMembershipService membership, ILocalSiloDetails silo, IOptions<ClusterOptions> options, TimeProvider time,
    ILogger<OrleansPlacement> log) : BackgroundService, IPlacement
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);
    private readonly string _here = silo.SiloAddress.ToParsableString();
    private volatile TaskCompletionSource<CancellationToken> _house = New();

    public string Node => options.Value.Name;

    public string Others { get; private set; } = "";

    public event Action? Changed;

    /// <summary>Every node that lives, this one too, by name.</summary>
    public IReadOnlyDictionary<string, SiloAddress> Living { get; private set; } = new Dictionary<string, SiloAddress>();

    /// <summary>An app has come here from another node: what is due for it is due here.</summary>
    public void Arrive() => Changed?.Invoke();

    public async Task<bool> IsHereAsync(Guid organisationId, Guid appId, CancellationToken cancel) =>
        await grains.GetGrain<IAppGrain>(AppGrain.KeyOf(organisationId, appId)).WhereAsync().WaitAsync(cancel) == _here;

    public Task<CancellationToken> HouseAsync(CancellationToken cancel) => _house.Task.WaitAsync(cancel);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        See(membership.CurrentSnapshot);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(WatchAsync(stoppingToken), KeepHouseAsync(stoppingToken));

    private async Task WatchAsync(CancellationToken cancel)
    {
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(cancel)) See(snapshot);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // stopping
        }
    }

    private void See(ClusterMembershipSnapshot snapshot)
    {
        Living = snapshot.Members.Values
            .Where(member => member.Status is SiloStatus.Active)
            .GroupBy(member => member.Name)
            .ToDictionary(named => named.Key, named => named.MaxBy(member => member.SiloAddress.Generation)!.SiloAddress); // no group is empty
        var names = Living.Keys.Where(name => name != Node).Order(StringComparer.Ordinal).ToList();
        var others = names.Count == 0 ? "" : $"|{string.Join('|', names)}|";
        if (others == Others) return;
        Others = others;
        log.NodesChanged(Node, others);
        Changed?.Invoke();
    }

    private async Task KeepHouseAsync(CancellationToken cancel)
    {
        CancellationTokenSource? term = null;
        try
        {
            for (; ; await Task.Delay(AskEvery, time, cancel))
            {
                var isHere = await IsHouseHereAsync(cancel);
                if (isHere && term is null)
                {
                    term = new CancellationTokenSource();
                    log.KeepsHouse();
                    _house.SetResult(term.Token);
                }
                else if (!isHere && term is not null)
                {
                    _house = New();
                    log.HouseLost();
                    await term.CancelAsync();
                    term.Dispose();
                    term = null;
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // stopping
        }
        finally
        {
            term?.Dispose();
        }
    }

    /// <summary>While nobody can be asked, this node does not do what another may be doing.</summary>
    private async Task<bool> IsHouseHereAsync(CancellationToken cancel)
    {
        try
        {
            return await grains.GetGrain<IHouseGrain>(0).WhereAsync().WaitAsync(cancel) == _here;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.HouseUnknown(fault);
            return false;
        }
    }

    private static TaskCompletionSource<CancellationToken> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
