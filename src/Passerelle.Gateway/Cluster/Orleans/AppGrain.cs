using Orleans;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Passerelle.Gateway.Cluster.Orleans;

/// <summary>An app in the cluster: it lives on one node, which works for it. Its key says whose it is.</summary>
internal interface IAppGrain : IGrainWithStringKey
{
    /// <returns>The address of the node where it lives.</returns>
    Task<string> WhereAsync();

    /// <summary>It goes on living on another node, as soon as this call has returned. The node that has it must have ended its work for the app.</summary>
    Task MoveAsync(SiloAddress to);
}

/// <summary>Coming to life on a node takes the app over for that node: its epoch is raised, and what an older owner still holds is refused.</summary>
[RandomPlacement, KeepAlive]
internal sealed class AppGrain(Ownerships ownerships, OrleansPlacement placement, ILocalSiloDetails silo) : Grain, IAppGrain, IGrainMigrationParticipant
{
    private const string Moved = "moved";
    private bool _moved;

    public static string KeyOf(Guid organisationId, Guid appId) => $"{organisationId:N}/{appId:N}";

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString().Split('/');
        await ownerships.OfAsync(Guid.ParseExact(key[0], "N"), Guid.ParseExact(key[1], "N"), cancellationToken);
        if (_moved) placement.Arrive();
    }

    public Task<string> WhereAsync() => Task.FromResult(silo.SiloAddress.ToParsableString());

    public Task MoveAsync(SiloAddress to)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, to);
        MigrateOnIdle();
        return Task.CompletedTask;
    }

    public void OnDehydrate(IDehydrationContext dehydrationContext) => dehydrationContext.TryAddValue(Moved, true);

    public void OnRehydrate(IRehydrationContext rehydrationContext) => _moved = rehydrationContext.TryGetValue(Moved, out bool _);
}
