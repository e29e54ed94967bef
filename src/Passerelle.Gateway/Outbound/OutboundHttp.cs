using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Outbound;

/// <summary>
/// HTTP to hosts that people name: judged at every connection, no redirects followed (a caller that wants one asks anew,
/// and it is judged anew), no proxy, no cookies, bounded in time and size. One pool of connections per use.
/// </summary>
internal sealed class OutboundHttp(OutboundPolicy policy, OutboundTrust trust, IOptions<OutboundOptions> options) : IDisposable
{
    private readonly ConcurrentDictionary<string, SocketsHttpHandler> _handlers = new();

    /// <param name="use">What for, e.g. <c>tokens</c>; connections of different uses are never shared.</param>
    /// <returns>Cheap; dispose it or not.</returns>
    public HttpClient Client(string use) => new(_handlers.GetOrAdd(use, _ => Handler()), disposeHandler: false)
    {
        Timeout = TimeSpan.FromSeconds(options.Value.RequestSeconds),
        MaxResponseContentBufferSize = options.Value.MaxResponseBytes,
    };

    public void Dispose()
    {
        foreach (var handler in _handlers.Values) handler.Dispose();
    }

    private SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false, // a proxy would resolve the name itself, unjudged
        ActivityHeadersPropagator = null, // our traces are nobody else's
        ConnectTimeout = TimeSpan.FromSeconds(options.Value.ConnectSeconds),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxResponseHeadersLength = 64,
        ConnectCallback = async (context, cancel) => new NetworkStream(
            await policy.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancel), ownsSocket: true),
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, chain, errors) => trust.Accepts(certificate, chain, errors) },
    };
}
