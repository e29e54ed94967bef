using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Passerelle.Lab.Hosting;

namespace Passerelle.Lab.Testing;

/// <summary>A lab host inside this process, on ports of its own. Everything else goes through its public doors: HTTPS, the
/// control API, SMTP and DNS. One host serves many labs, so a test run needs one fixture.</summary>
public sealed class LabFixture : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string? _ownFolder;
    private readonly X509Certificate2 _root;

    private LabFixture(WebApplication app, string folder, string? ownFolder)
    {
        _app = app;
        _ownFolder = ownFolder;
        DataFolder = folder;
        LabEndpoints at = LabEndpoints.Of(app.Services);
        Endpoints = new LabAddresses(
            new Uri(at.Https), new Uri(at.Http), new Uri(at.Control + "/"), at.ControlBearer, at.SmtpPort, at.MxPort, at.DnsPort,
            at.CaCertificate, at.CaBundle);
        _root = X509CertificateLoader.LoadCertificateFromFile(at.CaCertificate);
        Http = Client(followRedirects: false, cookies: false);
        var control = Client(followRedirects: false, cookies: false);
        control.BaseAddress = Endpoints.Control;
        control.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", at.ControlBearer);
        Control = new LabControl(control);
    }

    public LabAddresses Endpoints { get; }

    /// <summary>Where the labs are kept; give it to a second start to see them again.</summary>
    public string DataFolder { get; }

    /// <summary>Trusts the lab's CA and nothing else; follows no redirect; base address is the https one.</summary>
    public HttpClient Http { get; }

    /// <summary>The control API, typed.</summary>
    public LabControl Control { get; }

    /// <summary>Starts a host on the system's clock, in a temporary folder that is deleted at the end.</summary>
    public static Task<LabFixture> StartAsync(CancellationToken cancel) => StartAsync(TimeProvider.System, null, cancel);

    /// <summary>Starts a host.</summary>
    /// <param name="time">The host's clock.</param>
    /// <param name="dataFolder">Null means a temporary folder that is deleted at the end.</param>
    public static async Task<LabFixture> StartAsync(TimeProvider time, string? dataFolder, CancellationToken cancel)
    {
        var own = dataFolder is null ? Directory.CreateTempSubdirectory("passerelle-lab-").FullName : null;
        var folder = dataFolder ?? own!; // one of the two is there
        WebApplication app = LabApplication.Build(new LabOptions { Data = folder, LogLevel = LogLevel.Warning }, time);
        await app.StartAsync(cancel);
        return new LabFixture(app, folder, own);
    }

    /// <summary>A client of your own that trusts the lab, for instance to give to MSAL.</summary>
    public HttpClient Client(bool followRedirects, bool cookies) =>
        new(Handler(followRedirects, cookies)) { BaseAddress = Endpoints.Https };

    /// <summary>The certificate check of a handler or a mail client: the lab's CA and nothing else.</summary>
    public bool Trusts(X509Certificate2? certificate)
    {
        if (certificate is null) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    /// <summary>A browser without scripts: cookies, forms, no redirect out of the lab.</summary>
    public LabBrowser Browser() => new(Client(followRedirects: false, cookies: true));

    /// <summary>Directory Contoso with support@ and sales@, customers at an outside domain, and one registered application.
    /// The posture is that of a new directory (SMTP AUTH off), so that a test switches on what it needs.</summary>
    /// <param name="lab">Also part of the domains, because a domain belongs to one lab of a host.</param>
    public Task<Contoso> ContosoAsync(string lab, string redirectUri, CancellationToken cancel) =>
        Contoso.MakeAsync(Control, lab, redirectUri, cancel);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Control.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _root.Dispose();
        if (_ownFolder is not null) Directory.Delete(_ownFolder, recursive: true);
    }

    private SocketsHttpHandler Handler(bool followRedirects, bool cookies) => new()
    {
        AllowAutoRedirect = followRedirects,
        UseCookies = cookies,
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0 && Trusts(certificate as X509Certificate2),
        },
    };
}

/// <summary>Where the doors are. Ports are on 127.0.0.1; null when the host has no such listener.</summary>
/// <param name="Http">Pages and authorize without a certificate.</param>
/// <param name="Control">Base of the control API, with a slash at the end.</param>
/// <param name="CaCertificate">Path of the CA, PEM.</param>
/// <param name="CaBundle">Path of the system's roots plus the CA.</param>
public sealed record LabAddresses(
    Uri Https, Uri Http, Uri Control, string ControlBearer, int? SmtpPort, int? MxPort, int? DnsPort, string CaCertificate, string CaBundle)
{
    /// <summary><c>https://localhost:{port}/{directory}</c>, as MSAL wants it.</summary>
    public Uri Authority(Guid directory) => new(Https, directory.ToString());

    public Uri TokenEndpoint(Guid directory) => new(Https, $"/{directory}/oauth2/v2.0/token");

    public Uri AuthorizeEndpoint(Guid directory) => new(Https, $"/{directory}/oauth2/v2.0/authorize");

    /// <summary>The same page on plain http, for a browser that does not know the CA.</summary>
    public Uri PlainAuthorizeEndpoint(Guid directory) => new(Http, $"/{directory}/oauth2/v2.0/authorize");
}
