using Passerelle.Dev.Run;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Soak;

/// <summary>One data folder: a connected app, load from two sides, something struck over and over, then everything is counted.</summary>
internal sealed class RecoveryRound : IAsyncDisposable
{
    private const int DirectSessions = 3;
    private static readonly TimeSpan BetweenDirect = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(60);
    private readonly string _root;
    private readonly DevFolder _folder;
    private readonly DevSettings _settings = DevFolder.AnyPorts();
    private readonly LabFixture _lab;
    private readonly LabConnection _connection;
    private readonly Steps _steps;
    private readonly IReadOnlyList<string> _configuration;
    private readonly Ledger _ledger = new();
    private readonly CustomerLoad _customers;
    private readonly ThrowAwayPostgres? _postgres;
    private readonly DnsRelay _dns;
    private GatewayProcess? _gateway;

    private RecoveryRound(LabFixture lab, ThrowAwayPostgres? postgres, string? database, TextWriter progress)
    {
        _postgres = postgres;
        _dns = new DnsRelay(lab.Endpoints.DnsPort!.Value); // a lab of this fixture has one
        _root = Directory.CreateTempSubdirectory("passerelle-soak-").FullName;
        _folder = new DevFolder(_root);
        Directory.CreateDirectory(_folder.Gateway);
        _lab = lab;
        _connection = new LabConnection(lab.Endpoints);
        _customers = new CustomerLoad(_connection, _ledger);
        _steps = new Steps(progress);
        _configuration = Configuration(database);
    }

    /// <param name="postgres">Null: SQLite.</param>
    public static async Task<RecoveryRound> OpenAsync(ThrowAwayPostgres? postgres, TextWriter progress, CancellationToken cancel) =>
        new(await LabFixture.StartAsync(cancel), postgres, postgres is null ? null : await postgres.NewDatabaseAsync(), progress);

    /// <exception cref="DevFault">The set-up itself failed.</exception>
    /// <param name="of">What is struck: a word of <see cref="RecoverySoak"/>.</param>
    public async Task<RecoveryRecord> RunAsync(string of, int strikes, CancellationToken cancel)
    {
        await using (var first = await GatewayProcess.StartAsync(_folder, _settings, Side, cancel, _configuration))
        {
            await first.FirstRunAsync(_folder, _settings, cancel);
            await new Demonstration(_connection, first, _settings, _steps).SetUpAsync(cancel);
            await LiftLimitsAsync(cancel);
        }
        _gateway = Start();
        await UnderLoadAsync(await AddressAsync(cancel), of, strikes, cancel);
        return await new RecoveryAudit(_gateway, _connection, _customers, _ledger).CountAsync(strikes, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        _connection.Dispose();
        await _dns.DisposeAsync();
        await _lab.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>Exchange would let thirty answers a minute leave: the round would wait for it and prove nothing.</summary>
    private async Task LiftLimitsAsync(CancellationToken cancel)
    {
        var lab = await _connection.Control.ExportAsync(Demonstration.Lab, cancel);
        var directory = lab.GetProperty("directories").EnumerateArray().First().GetProperty("id").GetGuid(); // the set-up made it
        await _connection.Control.SendAsync(
            HttpMethod.Put, $"directories/{directory}/submission-limits",
            new { connections = 100, messagesPerMinute = 1_000_000, recipientsPerDay = 10_000_000, externalPerDay = 10_000_000 }, cancel);
    }

    private GatewayProcess Start() => GatewayProcess.Start(_folder, _settings, Side, _configuration);

    private async Task<string> AddressAsync(CancellationToken cancel)
    {
        await _gateway!.WhenReadyAsync(cancel); // started by the caller
        var apps = await _gateway.GetAsync("/api/v1/apps", cancel);
        return apps.EnumerateArray().First().GetProperty("forwardingAddress").GetString()!; // the API always gives one
    }

    private async Task UnderLoadAsync(string address, string of, int strikes, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var load = Enumerable.Range(0, DirectSessions)
            .Select(_ => new DirectLoad(_settings.GatewaySmtp, address, _ledger, BetweenDirect).RunAsync(enough.Token))
            .Append(_customers.RunAsync(enough.Token))
            .ToList();
        try
        {
            for (var strike = 0; strike < strikes; strike++) await StrikeAsync(of, cancel);
        }
        finally
        {
            await enough.CancelAsync();
            await Task.WhenAll(load);
        }
    }

    private MicrosoftSide Side => MicrosoftSide.Of(_lab.Endpoints) with { Dns = _dns.Port };

    private Task StrikeAsync(string of, CancellationToken cancel) => of switch
    {
        RecoverySoak.Gateway => KillAsync(cancel),
        RecoverySoak.Database => DatabaseAsync(postgres => postgres.KillAsync(), TimeSpan.FromMilliseconds(Random.Shared.Next(1500)), cancel),
        RecoverySoak.DatabaseGone => DatabaseAsync(postgres => postgres.StopAsync(), Outage, cancel),
        RecoverySoak.DnsGone => DnsGoneAsync(cancel),
        _ => throw new DevFault($"Nothing here strikes {of}"),
    };

    /// <summary>The gateway stays up and must be well again by itself.</summary>
    private async Task DatabaseAsync(Func<ThrowAwayPostgres, Task> strike, TimeSpan gone, CancellationToken cancel)
    {
        await ReadyAsync(cancel);
        await Task.Delay(Random.Shared.Next(20, 2000), cancel);
        var postgres = _postgres ?? throw new DevFault("There is no database to strike: --store postgres");
        await strike(postgres);
        await Task.Delay(gone, cancel);
        await postgres.StartAgainAsync();
        await ReadyAsync(cancel);
    }

    private async Task DnsGoneAsync(CancellationToken cancel)
    {
        await ReadyAsync(cancel);
        await Task.Delay(Random.Shared.Next(20, 2000), cancel);
        _dns.IsGone = true;
        await Task.Delay(Outage, cancel);
        _dns.IsGone = false;
        await ReadyAsync(cancel);
    }

    /// <summary>Three of four fall while mail flows, the fourth while it still starts and takes over.</summary>
    private async Task KillAsync(CancellationToken cancel)
    {
        if (Random.Shared.Next(4) > 0) await ReadyAsync(cancel);
        await Task.Delay(Random.Shared.Next(20, 2000), cancel);
        try
        {
            await _gateway!.KillAsync(); // there is one from RunAsync on
        }
        catch (DevFault fault)
        {
            _ledger.Hangs.Enqueue($"{fault.Message}: {File.ReadLines(_folder.GatewayLog).LastOrDefault()}");
        }
        _gateway = Start();
    }

    private async Task ReadyAsync(CancellationToken cancel)
    {
        try
        {
            await _gateway!.WhenReadyAsync(cancel); // there is one from RunAsync on
        }
        catch (DevFault fault)
        {
            _ledger.Hangs.Enqueue($"{fault.Message}: {File.ReadLines(_folder.GatewayLog).LastOrDefault()}");
        }
    }

    /// <summary>Caps and budgets out of the way: the load is ours, and what is counted is answers.</summary>
    private static IReadOnlyList<string> Configuration(string? database) =>
    [
        "--Queue:AutomaticPerCorrespondentHour=10000", "--Queue:AutomaticPerCorrespondentDay=10000", "--Queue:AutomaticPerAppHour=1000000",
        "--Queue:FirstRetrySeconds=1", "--Queue:LongestRetrySeconds=3", "--Sending:MessagesPerMinute=100000",
        "--Logging:LogLevel:Default=Warning",
        .. database is null ? Array.Empty<string>() : [$"--Store:Postgres={database}"],
    ];
}
