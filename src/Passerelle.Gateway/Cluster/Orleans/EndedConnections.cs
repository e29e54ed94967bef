using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Orleans.Runtime;

namespace Passerelle.Gateway.Cluster.Orleans;

/// <summary>
/// Hears at once when a connection between this node and another one ends. Where nobody listens any more the process has ended too, and what it owned
/// need not wait until probes are missed. Who is only frozen, slow or cut off still has a listening socket, or a machine that answers nothing: the probes judge.
/// </summary>
internal sealed class EndedConnections(IClusterMembershipService membership, ILocalSiloDetails silo, ILogger<EndedConnections> log)
{
    private static readonly TimeSpan LongestAsk = TimeSpan.FromSeconds(2);

    /// <summary>Whose it was cannot be told of one that the other opened, so each node is asked.</summary>
    public async Task WatchAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            await next(connection);
        }
        finally
        {
            foreach (var node in membership.CurrentSnapshot.Members.Values) _ = JudgeAsync(node); // Orleans need not wait for it
        }
    }

    private async Task JudgeAsync(ClusterMember node)
    {
        try
        {
            if (node.Status is not SiloStatus.Active || node.SiloAddress.Equals(silo.SiloAddress) || !await RefusesAsync(node.SiloAddress.Endpoint)) return;
            log.NodeGone(node.Name);
            await membership.TryKill(node.SiloAddress);
        }
        catch (Exception fault)
        {
            log.NodeGoneUntold(node.Name, fault);
        }
    }

    private static async Task<bool> RefusesAsync(IPEndPoint end)
    {
        using var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var deadline = new CancellationTokenSource(LongestAsk);
        try
        {
            await socket.ConnectAsync(end, deadline.Token);
            return false;
        }
        catch (SocketException fault)
        {
            return fault.SocketErrorCode is SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
