using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Passerelle.Lab.Exchange;

/// <summary>Where the lab may deliver: a loopback address and nothing else. There is no other way to make one, and the relay
/// connects to nothing else, so no setting and no DNS answer can make the lab talk to the world.</summary>
internal sealed record LoopbackTarget
{
    private LoopbackTarget(IPEndPoint endPoint) => EndPoint = endPoint;

    public IPEndPoint EndPoint { get; }

    /// <param name="text"><c>host:port</c>; the host is <c>localhost</c> or a literal loopback address. Other names are
    /// refused without being looked up: what they mean could change.</param>
    public static LoopbackTarget? TryParse(string? text)
    {
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var port) || port == 0) return null;
        var host = text![..colon].Trim('[', ']');
        var address = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : IPAddress.TryParse(host, out var literal) ? literal : null;
        return address is not null && IPAddress.IsLoopback(address) ? new LoopbackTarget(new IPEndPoint(address, port)) : null;
    }

    /// <summary>Opens a connection without Nagle's delay (40 ms a mail otherwise).</summary>
    public async Task<Socket> ConnectAsync(CancellationToken cancel)
    {
        var socket = new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(EndPoint, cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override string ToString() => EndPoint.ToString();
}
