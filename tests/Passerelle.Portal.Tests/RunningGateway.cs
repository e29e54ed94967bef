using System.Net;
using System.Net.Sockets;
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
    private readonly int _port = FreePort(); // the same after a restart: the public URL holds it
    private WebApplication? _app;

    public string Url => $"http://127.0.0.1:{_port}";

    public IServiceProvider Services => _app!.Services; // started before anybody asks

    public string Token => File.ReadAllText(Path.Combine(_folder, "first-run-token")).Trim();

    public static async Task<RunningGateway> StartAsync()
    {
        var gateway = new RunningGateway();
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
            $"--Store:DataFolder={_folder}", $"--Http:Port={_port}", "--Receiving:Endpoints:0=127.0.0.1:0", "--Logging:LogLevel:Default=Warning",
        ]);
        await _app.StartAsync();
        Assert.Contains(Url, _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses); // set by Kestrel's start
    }

    private async Task StopAsync()
    {
        await _app!.StopAsync(); // started in StartAsync
        await _app.DisposeAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
