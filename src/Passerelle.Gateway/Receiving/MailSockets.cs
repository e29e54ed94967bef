using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Passerelle.Smtp;

namespace Passerelle.Gateway.Receiving;

/// <summary>The sockets under the door. Kestrel's own are made for requests that stream both ways; a mail is a dozen short turns
/// (<see cref="SocketPipe"/>), which on Linux one thread takes for all connections (<see cref="SocketLoop"/>).</summary>
internal sealed class MailSockets(TimeProvider time, ILogger<MailSockets> log) : IConnectionListenerFactory, IDisposable
{
    private const int Waiting = 1024; // connections that the system keeps for us; the kernel cuts it to somaxconn

    private readonly SocketLoop? _loop = OperatingSystem.IsLinux() ? new SocketLoop("door") : null;

    /// <exception cref="AddressInUseException">Somebody else listens there.</exception>
    /// <exception cref="SocketException">We may not, or the address is not ours.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = Open(endpoint);
        try
        {
            if (endpoint is not FileHandleEndPoint) socket.Bind(endpoint);
            socket.NoDelay = true; // accepted sockets inherit it
            socket.Listen(Waiting);
            return new(new MailListener(socket, _loop, time, log));
        }
        catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new AddressInUseException(taken.Message, taken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Runs <paramref name="serve"/> where its sockets are waited for. It must not block there.</summary>
    public Task RunAsync(Func<Task> serve) => _loop is { } loop ? loop.RunAsync(serve) : Task.Run(serve);

    /// <summary>After the last connection.</summary>
    public void Dispose() => _loop?.Dispose();

    private static Socket Open(EndPoint endpoint)
    {
        if (endpoint is FileHandleEndPoint inherited) return new Socket(new SafeSocketHandle((nint)inherited.FileHandle, ownsHandle: true));
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (endpoint is IPEndPoint { Address: var address } && address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
        return socket;
    }
}
