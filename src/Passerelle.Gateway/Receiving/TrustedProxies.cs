using System.Net;
using Microsoft.AspNetCore.Connections;
using Passerelle.Smtp;

namespace Passerelle.Gateway.Receiving;

/// <summary>Proxies whose word on a client's address is taken: those of <see cref="ReceivingOptions.ProxyFrom"/>, and of them it is required.
/// What anybody else says before EHLO is a command that does not exist.</summary>
internal sealed class TrustedProxies(ReceivingOptions options, TimeProvider time, ILogger log)
{
    /// <summary>The specification asks for at least 3 seconds, one retransmission.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IPNetwork[] _networks = [.. options.ProxyNetworks];

    /// <returns>Null: it must be closed without a word.</returns>
    public ValueTask<SmtpEndpoints?> EndpointsAsync(ConnectionContext connection, CancellationToken stopping) =>
        IsListed(connection.RemoteEndPoint)
            ? SaidAsync(connection, stopping)
            : ValueTask.FromResult<SmtpEndpoints?>(new(connection.RemoteEndPoint, connection.LocalEndPoint));

    private bool IsListed(EndPoint? remote)
    {
        if (_networks.Length == 0 || remote is not IPEndPoint { Address: var address }) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return _networks.Any(network => network.Contains(address));
    }

    private async ValueTask<SmtpEndpoints?> SaidAsync(ConnectionContext connection, CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping, connection.ConnectionClosed);
        try
        {
            var header = await ProxyHeader.ReadAsync(connection.Transport.Input, linked.Token);
            if (header is ProxyHeader.Carried carried) return new SmtpEndpoints(carried.Source, carried.Destination);
            if (header is ProxyHeader.Own) return new SmtpEndpoints(connection.RemoteEndPoint, connection.LocalEndPoint);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // said below: it did not come
        }
        log.NoProxyHeader();
        return null;
    }
}
