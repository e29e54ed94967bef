using Orleans;
using Orleans.Placement;
using Orleans.Runtime;

namespace Passerelle.Gateway.Cluster.Orleans;

/// <summary>An app in the cluster: it lives on one node, which works for it. Its key says whose it is.</summary>
internal interface IAppGrain : IGrainWithStringKey
{
    /// <returns>The address of the node where it lives.</returns>
    Task<string> WhereAsync();
}

/// <summary>Coming to life on a node takes the app over for that node: its epoch is raised, and what an older owner still holds is refused.</summary>
[RandomPlacement, KeepAlive]
internal sealed class AppGrain(Ownerships ownerships, ILocalSiloDetails silo) : Grain, IAppGrain
{
    public static string KeyOf(Guid organisationId, Guid appId) => $"{organisationId:N}/{appId:N}";

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString().Split('/');
        await ownerships.OfAsync(Guid.ParseExact(key[0], "N"), Guid.ParseExact(key[1], "N"), cancellationToken);
    }

    public Task<string> WhereAsync() => Task.FromResult(silo.SiloAddress.ToParsableString());
}
