using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Gateway.Receiving;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>What becomes of who comes while there is no descriptor left.</summary>
public sealed class MailListenerTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Channel<bool> _asked = Channel.CreateUnbounded<bool>();
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly MailListener _listener;
    private SocketError? _refusal;
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public MailListenerTests()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen(10);
        _listener = new MailListener(_socket, null, _time, NullLogger.Instance, AcceptAsync);
    }

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    [Fact]
    public async Task While_no_descriptor_is_free_the_system_is_asked_once_a_pause_and_the_one_who_waited_is_taken()
    {
        _refusal = SocketError.TooManyOpenSockets;
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)_listener.EndPoint, Cancel);
        var taking = _listener.AcceptAsync(Cancel).AsTask();
        for (var pause = 0; pause < 3; pause++)
        {
            await _asked.Reader.ReadAsync(Cancel);
            _time.Advance(MailListener.Pause - TimeSpan.FromMilliseconds(1));
            Assert.False(_asked.Reader.TryRead(out _));
            if (pause == 2) _refusal = null;
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }
        await using var taken = await taking;
        Assert.Equal(client.Client.LocalEndPoint, taken!.RemoteEndPoint);
    }

    [Fact]
    public async Task A_client_who_is_gone_already_costs_no_pause()
    {
        _refusal = SocketError.ConnectionAborted;
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)_listener.EndPoint, Cancel);
        var taking = _listener.AcceptAsync(Cancel).AsTask();
        await using var taken = await taking; // the clock stands still
        Assert.Equal(2, _asked.Reader.Count);
    }

    [Fact]
    public async Task Unbinding_ends_the_pause()
    {
        _refusal = SocketError.TooManyOpenSockets;
        var taking = _listener.AcceptAsync(Cancel).AsTask();
        await _asked.Reader.ReadAsync(Cancel);
        await _listener.UnbindAsync(Cancel);
        Assert.Null(await taking);
    }

    private async Task<Socket> AcceptAsync(CancellationToken cancel)
    {
        var refusal = _refusal;
        if (refusal is SocketError.ConnectionAborted) _refusal = null;
        _asked.Writer.TryWrite(true);
        return refusal is { } error ? throw new SocketException((int)error) : await _socket.AcceptAsync(cancel);
    }
}
