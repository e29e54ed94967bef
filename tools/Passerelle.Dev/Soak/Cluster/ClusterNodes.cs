using Npgsql;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Soak.Cluster;

/// <summary>The nodes of one cluster: gateway processes on one database, each with a data folder and ports of its own.</summary>
/// <param name="isInstalled">The Release build, as an installation runs it: for what is measured.</param>
internal sealed class ClusterNodes(string root, string database, string keyFile, MicrosoftSide microsoft, bool isInstalled, IReadOnlyList<string> more) : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private readonly Dictionary<string, GatewayProcess> _running = [];
    private readonly Dictionary<string, int> _ports = [];

    public GatewayProcess this[string name] => _running[name];

    public string LogOf(string name) => FolderOf(name).GatewayLog;

    /// <summary>Returns when it is ready and the others know it.</summary>
    public async Task StartAsync(string name, CancellationToken cancel)
    {
        var settings = DevFolder.AnyPorts();
        if (!_ports.TryGetValue(name, out var port)) _ports[name] = port = DevFolder.AnyPorts().GatewayHttp; // the same after a restart, as on a machine
        var folder = FolderOf(name);
        Directory.CreateDirectory(folder.Gateway);
        string[] all =
        [
            $"--Store:KeyFile={keyFile}",
            $"--Store:Postgres={database}",
            $"--Store:SharedFolder={Path.Combine(root, "shared")}",
            "--Cluster:Enabled=true",
            $"--Cluster:Node={name}",
            FormattableString.Invariant($"--Cluster:Port={port}"),
            .. more,
        ];
        var node = _running[name] = isInstalled ? GatewayProcess.StartInstalled(folder, settings, microsoft, all) : GatewayProcess.Start(folder, settings, microsoft, all);
        await node.WhenReadyAsync(cancel);
        await WhenAsync(async () => (await LivingAsync(cancel)).Contains(name), $"Node {name} does not join; see {LogOf(name)}", cancel);
    }

    /// <summary>As when its machine loses power.</summary>
    public async Task KillAsync(string name)
    {
        await _running[name].KillAsync();
        _running.Remove(name);
    }

    /// <summary>SIGTERM: it finishes what it has in hand.</summary>
    public async Task StopAsync(string name)
    {
        await _running[name].DisposeAsync();
        _running.Remove(name);
    }

    /// <summary>A process that ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WhenEndedAsync(string name, CancellationToken cancel)
    {
        await WhenAsync(() => Task.FromResult(_running[name].ExitCode is not null), $"Node {name} was taken for dead and goes on; see {LogOf(name)}", cancel);
        var code = _running[name].ExitCode!.Value; // just seen
        await StopAsync(name);
        return code;
    }

    public Task<List<string>> LivingAsync(CancellationToken cancel) => ListAsync("SELECT name FROM node WHERE status = 3", cancel);

    /// <summary>Tells the nodes that letters were written, as the node that writes one does.</summary>
    public Task NudgeAsync(CancellationToken cancel) => ListAsync("SELECT pg_notify('passerelle_nudge', 'soak Letters')::text", cancel);

    /// <summary>The database as it is when it has stood for a while; a new one has not been looked after yet.</summary>
    public async Task VacuumAsync(CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand("VACUUM ANALYZE", connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async Task<List<string>> ListAsync(string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand($"SELECT set_config('passerelle.organisation', 'across', false); {sql}", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.NextResultAsync(cancel);
        var found = new List<string>();
        while (await reader.ReadAsync(cancel)) found.Add(reader.IsDBNull(0) ? "" : reader.GetString(0));
        return found;
    }

    public static async Task WhenAsync(Func<Task<bool>> isSo, string otherwise, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(LongestWait);
        while (!await isSo())
        {
            if (deadline.IsCancellationRequested) throw new DevFault(otherwise);
            await Task.Delay(LookEvery, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _running.Values)
        {
            node.Thaw(); // a frozen one would hear no SIGTERM
            await node.DisposeAsync();
        }
    }

    private DevFolder FolderOf(string name) => new(Path.Combine(root, name));
}
