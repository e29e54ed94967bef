using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Passerelle.Smtp;

namespace Passerelle.Gateway.Receiving;

/// <summary>One accepted connection.</summary>
internal sealed class MailConnection : ConnectionContext
{
    private readonly SocketPipe _pipe;
    private IFeatureCollection? _features;
    private IDictionary<object, object?>? _items;

    /// <param name="socket">Owned once this returns.</param>
    /// <param name="own">Our end; null: the socket knows.</param>
    public MailConnection(Socket socket, SocketLoop? loop, EndPoint? own)
    {
        RemoteEndPoint = RemoteOf(socket);
        LocalEndPoint = own ?? socket.LocalEndPoint;
        _pipe = new SocketPipe(socket, loop);
        Transport = _pipe;
    }

    public override string ConnectionId { get; set; } = "";
    public override IFeatureCollection Features => _features ??= new FeatureCollection();
    public override IDictionary<object, object?> Items { get => _items ??= new Dictionary<object, object?>(); set => _items = value; }
    public override IDuplexPipe Transport { get; set; }

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
