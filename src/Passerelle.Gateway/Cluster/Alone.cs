namespace Passerelle.Gateway.Cluster;

/// <summary>One machine: all is here, from the start and for good.</summary>
internal sealed class Alone : IPlacement
{
    public string Node => "";

    public string Others => "";

    /// <summary>Never.</summary>
    public event Action? Changed { add { } remove { } }

    public Task<bool> IsHereAsync(Guid organisationId, Guid appId, CancellationToken cancel) => Task.FromResult(true);

    public Task<CancellationToken> HouseAsync(CancellationToken cancel) => Task.FromResult(CancellationToken.None);
}
