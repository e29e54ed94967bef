using System.Diagnostics;
using Passerelle.Dev.Run;
using Passerelle.Dev.Soak;

namespace Passerelle.Dev.Bench.Receive;

/// <summary>
/// <c>passerelle serve</c>, the Release build with an installation's settings, and one Email app that nobody has authorised yet: its mail
/// is taken, read and held. Reading runs as ever; what it costs until all is read is measured apart.
/// </summary>
internal sealed class PasserelleReceiver : IReceiver
{
    private readonly GatewayProcess _gateway;
    private readonly string _root;
    private readonly ThrowAwayPostgres? _database;

    private PasserelleReceiver(GatewayProcess gateway, string root, int port, string recipient, ThrowAwayPostgres? database)
    {
        _gateway = gateway;
        _root = root;
        _database = database;
        Port = port;
        Recipient = recipient;
        Roots = database is null ? [gateway.Id] : [gateway.Id, database.Id];
    }

    public string Name => _database is null ? "SQLite" : "PostgreSQL";
    public int Port { get; }
    public string Recipient { get; }
    public IReadOnlyList<int> Roots { get; }

    /// <param name="database">Null: SQLite. Owned from now on.</param>
    public static async Task<PasserelleReceiver> StartAsync(MicrosoftSide microsoft, ThrowAwayPostgres? database, CancellationToken cancel)
    {
        var root = Directory.CreateTempSubdirectory("passerelle-bench-").FullName;
        var folder = new DevFolder(root);
        Directory.CreateDirectory(folder.Gateway);
        var settings = DevFolder.AnyPorts();
        string[] store = database is null ? [] : [$"--Store:Postgres={await database.NewDatabaseAsync()}"];
        var gateway = GatewayProcess.StartInstalled(
            folder, settings, microsoft, ["--Receiving:MailsPerMinutePerAddress=0", .. store]); // the load writes to one address
        await gateway.WhenReadyAsync(cancel);
        await gateway.FirstRunAsync(folder, settings, cancel);
        var app = await gateway.SendAsync(HttpMethod.Post, "/api/v1/apps", null, cancel);
        var recipient = app.GetProperty("forwardingAddress").GetString() ?? throw new DevFault("The new app has no forwarding address");
        return new PasserelleReceiver(gateway, root, settings.GatewaySmtp, recipient, database);
    }

    /// <summary>Nothing goes: mail that was taken is kept, so our store is the one that grows.</summary>
    public void Clear()
    {
    }

    /// <summary>Returns when all that was taken has been read: it does nothing any more.</summary>
    /// <exception cref="DevFault">It was not at rest within two minutes.</exception>
    public async Task RestAsync(CancellationToken cancel)
    {
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromMinutes(2))
        {
            var before = Processes.Seconds(Roots);
            await Task.Delay(400, cancel);
            if (Processes.Seconds(Roots) - before <= 0.03) return;
        }
        throw new DevFault($"{Name} was still at work two minutes after the load");
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }
}
