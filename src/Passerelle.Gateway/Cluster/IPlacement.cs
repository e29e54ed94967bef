namespace Passerelle.Gateway.Cluster;

/// <summary>Which node works for what. Two: <see cref="Alone"/>, and the cluster's.</summary>
internal interface IPlacement
{
    /// <summary>How this node is called in the rows of what it owns; empty when it is alone.</summary>
    string Node { get; }

    /// <summary>The other nodes that live, each between bars: <c>|mail-b|mail-c|</c>; what they own they work for. Empty: there are none.</summary>
    string Others { get; }

    /// <summary><see cref="Others"/> is another: what was theirs may be this node's now.</summary>
    event Action? Changed;

    /// <summary>Sees to it that one node owns the app.</summary>
    /// <returns>True when that is this one.</returns>
    Task<bool> IsHereAsync(Guid organisationId, Guid appId, CancellationToken cancel);

    /// <summary>Waits until this node is the one that does what is done once for all.</summary>
    /// <returns>Cancelled when another has become that.</returns>
    Task<CancellationToken> HouseAsync(CancellationToken cancel);
}
