using Orleans;
using Orleans.Placement;
using Orleans.Runtime;

namespace Passerelle.Gateway.Cluster.Orleans;

/// <summary>There is one: the node where it lives does what is done once for all.</summary>
internal interface IHouseGrain : IGrainWithIntegerKey
{
    /// <returns>The address of the node where it lives.</returns>
    Task<string> WhereAsync();
}

[PreferLocalPlacement, KeepAlive]
internal sealed class HouseGrain(ILocalSiloDetails silo) : Grain, IHouseGrain
{
    public Task<string> WhereAsync() => Task.FromResult(silo.SiloAddress.ToParsableString());
}
