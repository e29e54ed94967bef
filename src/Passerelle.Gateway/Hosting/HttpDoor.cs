using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Receiving;

namespace Passerelle.Gateway.Hosting;

/// <summary>Where the web server listens: at the sockets that were handed to us, or at its own. Explicit, because one explicit endpoint (the operator's socket) makes Kestrel ignore <c>--urls</c>.</summary>
internal sealed class HttpDoor(IOptions<HttpOptions> options) : IConfigureOptions<KestrelServerOptions>, IConfigureOptions<ForwardedHeadersOptions>
{
    private readonly HttpOptions _http = options.Value;

    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 4 * 1024 * 1024;
        foreach (var handle in HandedSockets.OfThisProcess.Http) kestrel.ListenHandle((ulong)handle, Secure);
        if (HandedSockets.OfThisProcess.Http.Count == 0) kestrel.Listen(IPAddress.Parse(_http.Address), _http.Port, Secure);
    }

    private void Secure(ListenOptions listen)
    {
        if (_http.CertificateFile is { } certificate) listen.UseHttps(X509Certificate2.CreateFromPemFile(certificate, _http.KeyFile));
    }

    public void Configure(ForwardedHeadersOptions forwarded)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        foreach (var proxy in _http.TrustedProxies) forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
    }
}
