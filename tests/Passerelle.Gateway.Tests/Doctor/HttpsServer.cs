using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Outbound;

namespace Passerelle.Gateway.Tests.Doctor;

/// <summary>A provider's web server on a free port of loopback, with a certificate of its own.</summary>
internal sealed class HttpsServer : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly string _file;

    private HttpsServer(WebApplication web, string file) => (_web, _file) = (web, file);

    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;
    public string HostAndPort => $"localhost:{new Uri(_web.Urls.First()).Port}";
    public string Url => $"https://{HostAndPort}";

    public static async Task<HttpsServer> StartAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var file = Path.Combine(Directory.CreateTempSubdirectory("passerelle-ca-").FullName, "ca.pem");
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), TempStore.Cancel);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, door => door.UseHttps(certificate)));
        var server = new HttpsServer(builder.Build(), file);
        server._web.Run(http => server.Answer(http));
        await server._web.StartAsync(TempStore.Cancel);
        return server;
    }

    /// <summary>The product's own way out, which trusts this server's certificate.</summary>
    /// <param name="allowed">False: the policy judges loopback as ever.</param>
    public OutboundHttp Outbound(bool allowed = true)
    {
        var options = Options.Create(new OutboundOptions { Allow = allowed ? [HostAndPort] : [], CaFile = _file });
        return new(new OutboundPolicy(options, Dns.GetHostAddressesAsync, TimeProvider.System), new OutboundTrust(options), options);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true); // a folder of its own
    }
}
