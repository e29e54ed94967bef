using System.Net;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Cluster;

/// <summary>Refuses to start beside a node of the same name or the same address: each would take the other's apps for its own, or end the other.</summary>
internal sealed class NodeName(IStore store, IOptions<ClusterOptions> options) : IHostedService
{
    /// <exception cref="NodeNameTaken">Nothing was done.</exception>
    public async Task StartAsync(CancellationToken cancellationToken) =>
        Judge(await store.ReadAsync(NodeRow.All, cancellationToken), options.Value, Dns.GetHostName());

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Who bears this name at this address on this machine is this node's own last life.</summary>
    internal static void Judge(IEnumerable<NodeRow> nodes, ClusterOptions own, string host)
    {
        foreach (var other in nodes.Where(node => node.State is NodeState.Lives or NodeState.Moves))
        {
            var (isName, isPlace) = (other.Name == own.Name, (other.Address, other.Port) == (own.Address, own.Port));
            if ((isName || isPlace) && !(isName && isPlace && other.Host == host)) throw new NodeNameTaken(other, isName);
        }
    }
}

/// <summary>Two nodes may not bear one name or be reached at one address.</summary>
internal sealed class NodeNameTaken(NodeRow other, bool isName) : Exception(
    (isName
        ? $"Another node is called {other.Name}: it is reached at {other.Address}:{other.Port} (machine {other.Host})"
        : $"Another node, {other.Name} (machine {other.Host}), is reached at {other.Address}:{other.Port}")
    + FormattableString.Invariant($" and gave a sign of life {Math.Max(0, other.SilentFor.TotalSeconds):0} seconds ago. ")
    + (isName
        ? "Give this one a name of its own with --Cluster:Node, or stop the other first."
        : "Set --Cluster:Address and --Cluster:Port to where this machine is reached, or stop the other first."));
