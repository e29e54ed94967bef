using System.Text.Json;

namespace Passerelle.Dev.Run;

/// <summary>A running <c>passerelle serve</c>, ordered about over its operator's socket as the command line does it.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    /// <summary>The inbound domain of the demonstration; the lab's DNS and its mail route know it.</summary>
    public const string InboundDomain = "in.passerelle.example";

    public const string AdminEmail = "admin@contoso.example";

    private readonly ChildProcess _child;
    private readonly string _log;
    private readonly OperatorClient _operator;

    private GatewayProcess(ChildProcess child, DevFolder folder)
    {
        _child = child;
        _log = folder.GatewayLog;
        _operator = new OperatorClient(folder.OperatorSocket);
    }

    public int Id => _child.Id;

    /// <param name="more">Configuration beyond the demonstration's.</param>
    public static async Task<GatewayProcess> StartAsync(
        DevFolder folder, DevSettings settings, MicrosoftSide microsoft, CancellationToken cancel, params IEnumerable<string> more)
    {
        var gateway = Start(folder, settings, microsoft, more);
        await gateway.WhenReadyAsync(cancel);
        return gateway;
    }

    /// <summary>Does not wait: see <see cref="WhenReadyAsync"/>.</summary>
    public static GatewayProcess Start(DevFolder folder, DevSettings settings, MicrosoftSide microsoft, params IEnumerable<string> more) => new(
        ChildProcess.Start(Programs.Gateway, folder.GatewayLog, ["serve", "--data", folder.Gateway, .. Configuration(folder, settings, microsoft), .. more]),
        folder);

    /// <summary>The Release build with the settings of an installation, and what <paramref name="more"/> says. Does not wait.</summary>
    public static GatewayProcess StartInstalled(DevFolder folder, DevSettings settings, MicrosoftSide microsoft, params IEnumerable<string> more) => new(
        ChildProcess.Start(
            Programs.ReleaseGateway, folder.GatewayLog, ["serve", "--data", folder.Gateway, .. Configuration(folder, settings, microsoft), .. more], asInstalled: true),
        folder);

    /// <exception cref="DevFault">It has ended, or was not ready within a minute.</exception>
    public Task WhenReadyAsync(CancellationToken cancel) => _child.WhenAsync("The gateway", _log, () => _operator.ReadyAsync(cancel), cancel);

    /// <summary>SIGKILL, and gone.</summary>
    /// <exception cref="DevFault">It had ended by itself.</exception>
    public async Task KillAsync()
    {
        await _child.KillAsync();
        await DisposeAsync();
    }

    /// <inheritdoc cref="ChildProcess.Freeze"/>
    public void Freeze() => _child.Freeze();

    /// <inheritdoc cref="ChildProcess.Thaw"/>
    public void Thaw() => _child.Thaw();

    /// <inheritdoc cref="ChildProcess.ExitCode"/>
    public int? ExitCode => _child.ExitCode;

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
            inboundDomain = settings.InboundDomain,
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

    private static IEnumerable<string> Configuration(DevFolder folder, DevSettings settings, MicrosoftSide microsoft) =>
    [
        $"--Store:KeyFile={folder.KeyFile}",
        $"--Http:Port={settings.GatewayHttp}",
        $"--Receiving:Endpoints:0=127.0.0.1:{settings.GatewaySmtp}",
        $"--Receiving:HostName=mx.{settings.InboundDomain}",
        $"--Reading:Resolver=127.0.0.1:{microsoft.Dns}",
        $"--Doctor:Resolver=127.0.0.1:{microsoft.Dns}",
        $"--Doctor:InboundPort={settings.GatewaySmtp}",
        $"--Apps:MicrosoftAuthority=https://localhost:{microsoft.Https}",
        $"--Apps:MicrosoftGraph=https://localhost:{microsoft.Https}",
        "--Apps:MicrosoftSmtpHost=localhost",
        $"--Apps:MicrosoftSmtpPort={microsoft.Smtp}",
        $"--Outbound:CaFile={microsoft.CaFile}",
        $"--Outbound:Allow:0=localhost:{microsoft.Https}",
        $"--Outbound:Allow:1=localhost:{microsoft.Smtp}",
        $"--Outbound:Allow:2=mx.{settings.InboundDomain}:{settings.GatewaySmtp}",
        .. microsoft.Imap is > 0 and var imap
            ? new[] { "--Apps:MicrosoftImapHost=localhost", $"--Apps:MicrosoftImapPort={imap}", $"--Outbound:Allow:3=localhost:{imap}" }
            : [],
    ];
}
