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
    private readonly LabConnection _connection;

    private LabFixture(WebApplication app, string folder, string? ownFolder)
    {
        _app = app;
        _ownFolder = ownFolder;
        DataFolder = folder;
        _connection = new LabConnection(LabAddresses.Of(LabEndpoints.Of(app.Services)));
    }

    /// <summary>Where the labs are kept; give it to a second start to see them again.</summary>
    public string DataFolder { get; }

    public LabAddresses Endpoints => _connection.Endpoints;

    /// <inheritdoc cref="LabConnection.Http"/>
    public HttpClient Http => _connection.Http;

    /// <inheritdoc cref="LabConnection.Control"/>
    public LabControl Control => _connection.Control;

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

    /// <inheritdoc cref="LabConnection.Client"/>
    public HttpClient Client(bool followRedirects, bool cookies) => _connection.Client(followRedirects, cookies);

    /// <inheritdoc cref="LabConnection.Trusts"/>
    public bool Trusts(X509Certificate2? certificate) => _connection.Trusts(certificate);

    /// <inheritdoc cref="LabConnection.Browser"/>
    public LabBrowser Browser() => _connection.Browser();

    /// <inheritdoc cref="LabConnection.ContosoAsync"/>
    public Task<Contoso> ContosoAsync(string lab, string redirectUri, CancellationToken cancel) =>
        _connection.ContosoAsync(lab, redirectUri, cancel);

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        if (_ownFolder is not null) Directory.Delete(_ownFolder, recursive: true);
    }
}
