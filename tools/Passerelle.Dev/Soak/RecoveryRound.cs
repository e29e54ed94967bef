using Passerelle.Dev.Run;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Soak;

/// <summary>One data folder: a connected app, load from two sides, <c>kill -9</c> over and over, then everything is counted.</summary>
internal sealed class RecoveryRound : IAsyncDisposable
{
    private const int DirectSessions = 3;
    private readonly string _root;
    private readonly DevFolder _folder;
    private readonly DevSettings _settings = DevFolder.AnyPorts();
    private readonly LabFixture _lab;
    private readonly LabConnection _connection;
    private readonly Steps _steps;
    private readonly IReadOnlyList<string> _configuration;
    private readonly Ledger _ledger = new();
    private readonly CustomerLoad _customers;
    private GatewayProcess? _gateway;

    private RecoveryRound(LabFixture lab, string? database, TextWriter progress)
    {
        _root = Directory.CreateTempSubdirectory("passerelle-soak-").FullName;
        _folder = new DevFolder(_root);
        Directory.CreateDirectory(_folder.Gateway);
        _lab = lab;
        _connection = new LabConnection(lab.Endpoints);
        _customers = new CustomerLoad(_connection, _ledger);
        _steps = new Steps(progress);
        _configuration = Configuration(database);
    }

    /// <param name="database">A PostgreSQL connection string; null: SQLite.</param>
    public static async Task<RecoveryRound> OpenAsync(string? database, TextWriter progress, CancellationToken cancel) =>
        new(await LabFixture.StartAsync(cancel), database, progress);

    /// <exception cref="DevFault">The set-up itself failed.</exception>
    public async Task<RecoveryRecord> RunAsync(int kills, CancellationToken cancel)
    {
        await using (var first = await GatewayProcess.StartAsync(_folder, _settings, MicrosoftSide.Of(_lab.Endpoints), cancel, _configuration))
        {
            await first.FirstRunAsync(_folder, _settings, cancel);
            await new Demonstration(_connection, first, _settings, _steps).SetUpAsync(cancel);
            await LiftLimitsAsync(cancel);
        }
        _gateway = Start();
        await UnderLoadAsync(await AddressAsync(cancel), kills, cancel);
        return await new RecoveryAudit(_gateway, _connection, _customers, _ledger).CountAsync(kills, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        _connection.Dispose();
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

    private GatewayProcess Start() => GatewayProcess.Start(_folder, _settings, MicrosoftSide.Of(_lab.Endpoints), _configuration);

    private async Task<string> AddressAsync(CancellationToken cancel)
    {
        await _gateway!.WhenReadyAsync(cancel); // started by the caller
        var apps = await _gateway.GetAsync("/api/v1/apps", cancel);
        return apps.EnumerateArray().First().GetProperty("forwardingAddress").GetString()!; // the API always gives one
    }

    private async Task UnderLoadAsync(string address, int kills, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var load = Enumerable.Range(0, DirectSessions)
            .Select(_ => new DirectLoad(_settings.GatewaySmtp, address, _ledger).RunAsync(enough.Token))
            .Append(_customers.RunAsync(enough.Token))
            .ToList();
        try
        {
            for (var kill = 0; kill < kills; kill++) await KillAsync(cancel);
        }
        finally
        {
            await enough.CancelAsync();
            await Task.WhenAll(load);
        }
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
