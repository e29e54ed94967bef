using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
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
    private readonly HttpClient _operator;

    private GatewayProcess(ChildProcess child, string socket)
    {
        _child = child;
        _operator = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await unix.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
                return new NetworkStream(unix, ownsSocket: true);
            },
        })
        {
            BaseAddress = new Uri("http://operator"),
        };
    }

    public int Id => _child.Id;

    public static async Task<GatewayProcess> StartAsync(
        DevFolder folder, DevSettings settings, LabAddresses lab, CancellationToken cancel)
    {
        var child = ChildProcess.Start(Programs.Gateway, folder.GatewayLog, ["serve", "--data", folder.Gateway, .. Configuration(folder, settings, lab)]);
        var gateway = new GatewayProcess(child, folder.OperatorSocket);
        await child.WhenAsync("The gateway", folder.GatewayLog, () => gateway.ReadyAsync(cancel), cancel);
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

    /// <returns>The answer's JSON; undefined when it has none.</returns>
    /// <exception cref="DevFault">The gateway refused, with its reason.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod verb, string path, object? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(verb, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _operator.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        if (!response.IsSuccessStatusCode) throw new DevFault($"{verb} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancel) => SendAsync(HttpMethod.Get, path, null, cancel);

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

    private async Task<string?> ReadyAsync(CancellationToken cancel)
    {
        try
        {
            using var response = await _operator.GetAsync("/health/ready", cancel);
            return response.StatusCode == HttpStatusCode.OK ? "ready" : null;
        }
        catch (HttpRequestException)
        {
            return null; // not listening yet
        }
    }
}
