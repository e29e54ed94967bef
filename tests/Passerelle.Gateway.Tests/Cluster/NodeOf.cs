using Passerelle.Gateway.Cluster;

namespace Passerelle.Gateway.Tests.Cluster;

/// <summary>A node that knows the others by being told.</summary>
internal sealed class NodeOf(string node, string others) : IPlacement
{
    public bool IsElsewhere { get; set; }
    public string Node => node;
    public string Others => others;
    public event Action? Changed { add { } remove { } }
    public Task<bool> IsHereAsync(Guid organisationId, Guid appId, CancellationToken cancel) => Task.FromResult(!IsElsewhere);
    public Task<CancellationToken> HouseAsync(CancellationToken cancel) => Task.FromResult(CancellationToken.None);
}
