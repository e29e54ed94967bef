using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Passerelle.Dev.Run;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Api;
using Passerelle.Gateway.Hosting;
using Passerelle.Lab.Testing;

namespace Passerelle.Journey.Tests;

/// <summary>The real gateway in this process, on a data folder of its own; it can be stopped and started again on the same ports.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    public const string AdminEmail = "admin@passerelle.example";
    public const string AdminPassword = "a long enough password";

    private readonly string _folder = Directory.CreateTempSubdirectory("passerelle-journey-").FullName;
    private readonly LabAddresses _lab;
    private readonly string[] _options;
    private WebApplication? _app;
    private readonly int _http = Ports.Kept(); // the public URL and the lab's route name them, after a restart too
    private readonly int _smtp = Ports.Kept();

    public RunningGateway(LabAddresses lab, string inboundDomain, string[] options)
    {
        (_lab, InboundDomain, _options) = (lab, inboundDomain, options);
        Operator = new OperatorClient(OperatorDoor.PathIn(Data));
    }

    public string InboundDomain { get; }
    public string PublicUrl => $"http://localhost:{_http}";
    public IPEndPoint Smtp => new(IPAddress.Loopback, _smtp);
    public IServiceProvider Services => _app!.Services; // asked only while it runs
    public OperatorClient Operator { get; }
    public CapturedLog Log { get; } = new();
    public string Data => Path.Combine(_folder, "data");
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task StartAsync()
    {
        var app = GatewayApplication.Build([.. Configuration(), .. _options]);
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(Log);
        await app.StartAsync(Cancel);
        _app = app;
    }

    /// <summary>SIGTERM's way: drains what is under way.</summary>
    public async Task StopAsync()
    {
        if (_app is null) return;
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _app = null;
    }

    public async Task FirstRunAsync() => await Operator.SendAsync(
        HttpMethod.Post, "/api/v1/first-run",
        new
        {
            token = (await File.ReadAllTextAsync(Path.Combine(Data, "first-run-token"), Cancel)).Trim(),
            email = AdminEmail,
            name = "Contoso Admin",
            password = AdminPassword,
            organisation = "Contoso",
            publicUrl = PublicUrl,
            inboundDomain = InboundDomain,
            tls = "proxy",
        },
        Cancel);

    /// <summary>A new session of the admin.</summary>
    public async Task<PortalBrowser> SignInAsync()
    {
        var browser = new PortalBrowser(PublicUrl);
        await browser.SignInAsync(AdminEmail, AdminPassword, Cancel);
        return browser;
    }

    /// <summary>The one that the first run made.</summary>
    public async Task<Guid> OrganisationAsync() => (await Services.GetRequiredService<People>().OrganisationsAsync(Cancel))[0];

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(Smtp, Cancel);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        Operator.Dispose();
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private IEnumerable<string> Configuration() =>
    [
        $"--Store:DataFolder={Data}",
        $"--Store:KeyFile={Path.Combine(_folder, "key")}",
        $"--Http:Port={_http}",
        $"--Receiving:Endpoints:0=127.0.0.1:{_smtp}",
        $"--Receiving:HostName=mx.{InboundDomain}",
        $"--Reading:Resolver=127.0.0.1:{_lab.DnsPort}",
        $"--Doctor:Resolver=127.0.0.1:{_lab.DnsPort}",
        $"--Doctor:InboundPort={_smtp}",
        $"--Apps:MicrosoftAuthority={_lab.Https.GetLeftPart(UriPartial.Authority)}",
        $"--Apps:MicrosoftSmtpHost={_lab.Https.Host}",
        $"--Apps:MicrosoftSmtpPort={_lab.SmtpPort}",
        $"--Apps:MicrosoftGraph={_lab.Https.GetLeftPart(UriPartial.Authority)}",
        $"--Apps:MicrosoftImapHost={_lab.Https.Host}",
        $"--Apps:MicrosoftImapPort={_lab.ImapPort}",
        $"--Outbound:CaFile={_lab.CaCertificate}",
        $"--Outbound:Allow:0={_lab.Https.Host}:{_lab.Https.Port}",
        $"--Outbound:Allow:1={_lab.Https.Host}:{_lab.SmtpPort}",
        $"--Outbound:Allow:3={_lab.Https.Host}:{_lab.ImapPort}",
        $"--Outbound:Allow:2=mx.{InboundDomain}:{_smtp}",
        "--Logging:LogLevel:Default=Debug",
        "--Logging:Console:LogLevel:Default=None",
    ];
}
