using System.Text.Json;
using Passerelle.Lab.Control;
using Passerelle.Lab.Identity;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Hosting;

/// <summary>Tells other programs where the lab is: <c>lab.json</c> in the data folder (0600), there exactly while the lab
/// answers. A start removes what a crash left behind.</summary>
internal sealed class EndpointsFile : IHostedLifecycleService
{
    private readonly DataFolder _folder;
    private readonly IServiceProvider _services;
    private readonly string _path;

    public EndpointsFile(DataFolder folder, IServiceProvider services)
    {
        _folder = folder;
        _services = services;
        _path = folder.File("lab.json");
        File.Delete(_path);
    }

    public Task StartingAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>After every listener is bound.</summary>
    public Task StartedAsync(CancellationToken cancel) =>
        _folder.ReplaceAsync(_path, JsonSerializer.SerializeToUtf8Bytes(LabEndpoints.Of(_services), ControlJson.Format), cancel);

    public Task StoppingAsync(CancellationToken cancel)
    {
        File.Delete(_path);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancel) => Task.CompletedTask;
}

/// <summary>The content of <c>lab.json</c>.</summary>
/// <param name="Https">Base address, no trailing slash; authority of a directory is <c>{Https}/{directory id}</c>.</param>
/// <param name="Http">Human pages and authorize without a certificate.</param>
/// <param name="Control">Base address of the control API.</param>
/// <param name="ControlBearer">Send as <c>Authorization: Bearer …</c>.</param>
/// <param name="CaCertificate">Path of the CA, PEM.</param>
/// <param name="CaBundle">Path of the system's roots plus the CA, for SSL_CERT_FILE.</param>
internal sealed record LabEndpoints(
    string Https,
    string Http,
    string Control,
    string ControlBearer,
    int HttpsPort,
    int HttpPort,
    int? SmtpPort,
    int? MxPort,
    int? ImapPort,
    int? ImapStartTlsPort,
    int? DnsPort,
    string CaCertificate,
    string CaBundle)
{
    public static LabEndpoints Of(IServiceProvider services)
    {
        Addresses addresses = services.GetRequiredService<Addresses>();
        LabListeners listeners = services.GetRequiredService<LabListeners>();
        CertificateAuthority authority = services.GetRequiredService<CertificateAuthority>();
        return new LabEndpoints(
            addresses.Https, addresses.Http, addresses.Https + "/control", services.GetRequiredService<ControlToken>().Value,
            listeners.PortOf(LabListeners.Https) ?? 0, listeners.PortOf(LabListeners.Http) ?? 0,
            listeners.PortOf(LabListeners.Smtp), listeners.PortOf(LabListeners.Mx), listeners.PortOf(LabListeners.Imap),
            listeners.PortOf(LabListeners.ImapStartTls), listeners.PortOf(LabListeners.Dns),
            authority.RootPath, authority.BundlePath);
    }
}
