using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Hosting;

namespace Passerelle.Portal.Tests;

/// <summary>The real gateway on free ports, with a data folder of its own that survives a restart.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("passerelle-portal-").FullName;
    private readonly int _port = Ports.Kept(); // the same after a restart: the public URL holds it
    private readonly string[] _settings;
    private WebApplication? _app;

    private RunningGateway(string[] settings) => _settings = settings;

    /// <summary>By name: Entra takes a plain redirect URI for localhost only.</summary>
    public string Url => $"http://localhost:{_port}";

    /// <summary>Where mail is received; the same after a restart.</summary>
    public int SmtpPort { get; } = Ports.Kept();

    public IServiceProvider Services => _app!.Services; // started before anybody asks

    public string Token => File.ReadAllText(Path.Combine(_folder, "first-run-token")).Trim();

    /// <param name="settings"><c>--Section:Key=value</c></param>
    public static async Task<RunningGateway> StartAsync(params string[] settings)
    {
        var gateway = new RunningGateway(settings);
        await gateway.StartAgainAsync();
        return gateway;
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAgainAsync()
    {
        _app = GatewayApplication.Build(
        [
            $"--Store:DataFolder={_folder}", $"--Http:Port={_port}", $"--Receiving:Endpoints:0=127.0.0.1:{SmtpPort}", "--Logging:LogLevel:Default=Warning",
            .. _settings,
        ]);
        await _app.StartAsync();
        Assert.Contains($"http://127.0.0.1:{_port}", _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses); // set by Kestrel's start
    }

    private async Task StopAsync()
    {
        await _app!.StopAsync(); // started in StartAsync
        await _app.DisposeAsync();
    }
}
