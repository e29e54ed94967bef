using Microsoft.AspNetCore.Connections;

namespace Passerelle.Lab.Imap;

/// <summary>Hands Kestrel's connections to an IMAP session each.</summary>
internal sealed class ImapListener(
    ImapSignIn signIn, ImapDoor door, TimeProvider time, IHostApplicationLifetime life, ILogger<ImapListener> log) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var wire = new ImapWire(connection.Transport, time, life.ApplicationStopping, connection.ConnectionClosed);
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
