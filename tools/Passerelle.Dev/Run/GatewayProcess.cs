using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Run;

/// <summary>A running <c>passerelle serve</c>, ordered about over its operator's socket as the command line does it.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    /// <summary>The inbound domain of the demonstration; the lab's DNS and its mail route know it.</summary>
    public const string InboundDomain = "in.passerelle.example";

    public const string AdminEmail = "admin@contoso.example";

    private readonly ChildProcess _child;
    private readonly OperatorClient _operator;

    private GatewayProcess(ChildProcess child, string socket)
    {
        _child = child;
        _operator = new OperatorClient(socket);
    }

    public int Id => _child.Id;

    public static async Task<GatewayProcess> StartAsync(
        DevFolder folder, DevSettings settings, LabAddresses lab, CancellationToken cancel)
    {
        var child = ChildProcess.Start(Programs.Gateway, folder.GatewayLog, ["serve", "--data", folder.Gateway, .. Configuration(folder, settings, lab)]);
        var gateway = new GatewayProcess(child, folder.OperatorSocket);
        await child.WhenAsync("The gateway", folder.GatewayLog, () => gateway._operator.ReadyAsync(cancel), cancel);
        return gateway;
    }

    /// <returns>True when this was the first run; false when it had been done.</returns>
    public async Task<bool> FirstRunAsync(DevFolder folder, DevSettings settings, CancellationToken cancel)
    {
        var token = Path.Combine(folder.Gateway, "first-run-token");
        if (!File.Exists(token)) return false;
        await SendAsync(HttpMethod.Post, "/api/v1/first-run", new
        {
            token = (await File.ReadAllTextAsync(token, cancel)).Trim(),
            email = AdminEmail,
            name = "Contoso Admin",
            password = settings.AdminPassword,
            organisation = "Contoso",
            publicUrl = settings.PublicUrl,
            inboundDomain = InboundDomain,
            tls = "proxy",
        }, cancel);
        return true;
    }

    /// <inheritdoc cref="OperatorClient.SendAsync"/>
    public Task<JsonElement> SendAsync(HttpMethod verb, string path, object? body, CancellationToken cancel) =>
        _operator.SendAsync(verb, path, body, cancel);

    public Task<JsonElement> GetAsync(string path, CancellationToken cancel) => _operator.GetAsync(path, cancel);

    public async ValueTask DisposeAsync()
    {
        _operator.Dispose();
        await _child.DisposeAsync();
    }

    private static IEnumerable<string> Configuration(DevFolder folder, DevSettings settings, LabAddresses lab) =>
    [
        $"--Store:KeyFile={folder.KeyFile}",
        $"--Http:Port={settings.GatewayHttp}",
        $"--Receiving:Endpoints:0=127.0.0.1:{settings.GatewaySmtp}",
        $"--Receiving:HostName=mx.{InboundDomain}",
        $"--Reading:Resolver=127.0.0.1:{lab.DnsPort}",
        $"--Doctor:Resolver=127.0.0.1:{lab.DnsPort}",
        $"--Doctor:InboundPort={settings.GatewaySmtp}",
        $"--Apps:MicrosoftAuthority={lab.Https.GetLeftPart(UriPartial.Authority)}",
        $"--Apps:MicrosoftSmtpHost={lab.Https.Host}",
        $"--Apps:MicrosoftSmtpPort={lab.SmtpPort}",
        $"--Outbound:CaFile={lab.CaCertificate}",
        $"--Outbound:Allow:0={lab.Https.Host}:{lab.Https.Port}",
        $"--Outbound:Allow:1={lab.Https.Host}:{lab.SmtpPort}",
        $"--Outbound:Allow:2=mx.{InboundDomain}:{settings.GatewaySmtp}",
    ];
}
