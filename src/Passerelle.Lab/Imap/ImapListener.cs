using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Passerelle.Lab.Hosting;

namespace Passerelle.Lab.Imap;

/// <summary>Hands Kestrel's connections to an IMAP session each: those that were encrypted from the first byte.</summary>
internal class ImapListener(
    ImapSignIn signIn, ImapDoor door, TimeProvider time, IHostApplicationLifetime life, ILogger<ImapListener> log) : ConnectionHandler
{
    /// <summary>What STARTTLS needs; null where it is not offered.</summary>
    protected virtual SslServerAuthenticationOptions? StartTls => null;

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        await using var wire = new ImapWire(connection.Transport, StartTls, time, life.ApplicationStopping, connection.ConnectionClosed);
        using var place = door.Enter();
        var session = new ImapSession(wire, signIn, place);
        try
        {
            await session.RunAsync();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException) // the host lives on; this connection does not
        {
            log.SessionFaulted(fault, connection.ConnectionId);
        }
    }
}

/// <summary>The same in the clear until STARTTLS (RFC 3501 §6.2.1).</summary>
internal sealed class StartTlsImapListener(
    ImapSignIn signIn, ImapDoor door, CertificateAuthority authority, TimeProvider time, IHostApplicationLifetime life, ILogger<ImapListener> log)
    : ImapListener(signIn, door, time, life, log)
{
    protected override SslServerAuthenticationOptions StartTls { get; } = new()
    {
        ServerCertificate = authority.Server,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
    };
}
