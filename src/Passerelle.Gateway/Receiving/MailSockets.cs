using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Passerelle.Smtp;

namespace Passerelle.Gateway.Receiving;

/// <summary>The sockets under the door. Kestrel's own are made for requests that stream both ways; a mail is a dozen short turns
/// (<see cref="SocketPipe"/>).</summary>
internal sealed class MailSockets : IConnectionListenerFactory
{
    private const int Waiting = 1024; // connections that the system keeps for us; the kernel cuts it to somaxconn

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
            return new(new Listener(socket));
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

    private static Socket Open(EndPoint endpoint)
    {
        if (endpoint is FileHandleEndPoint inherited) return new Socket(new SafeSocketHandle((nint)inherited.FileHandle, ownsHandle: true));
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (endpoint is IPEndPoint { Address: var address } && address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
        return socket;
    }

    private sealed class Listener(Socket socket) : IConnectionListener
    {
        /// <summary>What every connection has as its own end; null: it differs (we listen on all addresses).</summary>
        private readonly EndPoint? _own = socket.LocalEndPoint is IPEndPoint { Address: var address } bound
            && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) ? bound : null;

        private volatile bool _unbound;

        public EndPoint EndPoint { get; } = socket.LocalEndPoint!; // bound

        /// <returns>Null once unbound.</returns>
        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                try
                {
                    return new Connection(await socket.AcceptAsync(cancellationToken), _own);
                }
                catch (Exception closed) when (_unbound && closed is SocketException or ObjectDisposedException)
                {
                    return null;
                }
                catch (SocketException)
                {
                    // that client is gone already: the next one
                }
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _unbound = true;
            socket.Dispose();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }

    private sealed class Connection : ConnectionContext
    {
        private readonly SocketPipe _pipe;
        private IFeatureCollection? _features;
        private IDictionary<object, object?>? _items;

        public Connection(Socket socket, EndPoint? own)
        {
            _pipe = new SocketPipe(socket);
            Transport = _pipe;
            RemoteEndPoint = RemoteOf(socket);
            LocalEndPoint = own ?? socket.LocalEndPoint;
        }

        public override string ConnectionId { get; set; } = "";
        public override IFeatureCollection Features => _features ??= new FeatureCollection();
        public override IDictionary<object, object?> Items { get => _items ??= new Dictionary<object, object?>(); set => _items = value; }
        public override System.IO.Pipelines.IDuplexPipe Transport { get; set; }

        public override void Abort(ConnectionAbortedException abortReason) => _pipe.Dispose();

        public override ValueTask DisposeAsync()
        {
            _pipe.Dispose();
            return base.DisposeAsync();
        }

        private static EndPoint? RemoteOf(Socket socket)
        {
            try
            {
                return socket.RemoteEndPoint;
            }
            catch (SocketException)
            {
                return null; // gone already: its first read says so
            }
        }
    }
}
