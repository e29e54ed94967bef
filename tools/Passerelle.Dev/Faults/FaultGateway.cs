using System.Text.Json;
using Microsoft.Data.Sqlite;
using Passerelle.Dev.Run;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Faults;

/// <summary>A <c>passerelle serve</c> on a folder of its own, with an app for each fault; and a <c>passerelle doctor</c> beside it.</summary>
internal sealed class FaultGateway : IFaultGateway, IAsyncDisposable
{
    private readonly string _root;
    private readonly DevFolder _folder;
    private readonly DevSettings _settings;
    private readonly LabConnection _lab;
    private readonly string[] _own;
    private GatewayProcess? _process;

    private FaultGateway(LabConnection lab, string name, IEnumerable<string> labs)
    {
        _root = Directory.CreateTempSubdirectory("passerelle-fault-").FullName;
        _folder = new DevFolder(_root);
        _lab = lab;
        _settings = DevFolder.AnyPorts() with { InboundDomain = $"in-{name}.passerelle.example" };
        _own =
        [
            $"--Doctor:ExchangePort={lab.Endpoints.MxPort}",
            "--Doctor:ForwardingSeconds=15", // the lab forwards at once; Exchange may take minutes
            "--Doctor:ProbeSeconds=20",
            "--Logging:LogLevel:Default=Warning",
            $"--Apps:AssertionFolders:0={AssertionFolder}",
            .. labs.Index().Select(one => $"--Outbound:Allow:{one.Index + 3}={EdgeOf(one.Item)}:{lab.Endpoints.MxPort}"),
        ];
    }

    public string PublicUrl => _settings.PublicUrl;
    public string InboundDomain => _settings.InboundDomain;
    public string AssertionFolder => Path.Combine(_root, "assertions");
    public string Receiver => $"127.0.0.1:{_settings.GatewaySmtp}";
    private GatewayProcess Process => _process ?? throw new DevFault("The gateway stands still");

    /// <summary>Started, and the first run done.</summary>
    /// <param name="name">Part of its inbound domain.</param>
    /// <param name="labs">Names of the labs that it will face.</param>
    public static async Task<FaultGateway> StartAsync(LabConnection lab, string name, IReadOnlyList<string> labs, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            var gateway = new FaultGateway(lab, name, labs);
            try
            {
                Directory.CreateDirectory(gateway._folder.Gateway);
                await gateway.StartAsync([], cancel);
                await gateway.Process.FirstRunAsync(gateway._folder, gateway._settings, cancel);
                return gateway;
            }
            catch (DevFault) when (tries < 3)
            {
                await gateway.DisposeAsync(); // somebody took one of its ports between looking and listening: others, then
            }
        }
    }

    /// <summary>The host that the MX of Contoso names in the lab's DNS.</summary>
    public static string EdgeOf(string lab) => $"contoso-{lab}-example.mail.protection.outlook.com";

    public Task<JsonElement> SendAsync(HttpMethod verb, string path, object? body, CancellationToken cancel) => Process.SendAsync(verb, path, body, cancel);

    public async Task<PortalBrowser> SignInAsync(CancellationToken cancel)
    {
        var portal = new PortalBrowser(PublicUrl);
        await portal.SignInAsync(GatewayProcess.AdminEmail, _settings.AdminPassword, cancel);
        return portal;
    }

    public async Task RestartAsync(IReadOnlyList<string> settings, string? sql, CancellationToken cancel)
    {
        await Process.DisposeAsync();
        _process = null;
        if (sql is not null) await EditAsync(sql, cancel);
        await StartAsync(settings, cancel);
    }

    /// <summary>What anybody would type, as a process of its own; again while its mail to the mailbox is under way and nothing is wrong.</summary>
    public async Task<DoctorAnswer> DoctorAsync(Guid app, CancellationToken cancel)
    {
        const int Times = 5;
        for (var tries = 1; ; tries++)
        {
            var answer = await DoctorAnswer.AskAsync(_folder.Gateway, app, cancel);
            if (answer.Step.Length > 0 || tries == Times) return answer;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private async Task StartAsync(IReadOnlyList<string> settings, CancellationToken cancel) =>
        _process = await GatewayProcess.StartAsync(_folder, _settings, MicrosoftSide.Of(_lab.Endpoints), cancel, [.. _own, .. settings]);

    private async Task EditAsync(string sql, CancellationToken cancel)
    {
        await using var store = new SqliteConnection($"Data Source={Path.Combine(_folder.Gateway, "passerelle.db")};Pooling=False");
        await store.OpenAsync(cancel);
        await using var command = store.CreateCommand();
        command.CommandText = sql;
        if (await command.ExecuteNonQueryAsync(cancel) == 0) throw new DevFault($"Nothing was changed by {sql}");
    }
}
