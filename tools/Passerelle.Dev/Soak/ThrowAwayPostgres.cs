using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Passerelle.Dev.Soak;

/// <summary>
/// A PostgreSQL server of our own, on a Unix socket in a folder that is temporary or kept, as an unprivileged user. It ends with this
/// process, however that ends: its shell waits on our pipe.
/// </summary>
internal sealed class ThrowAwayPostgres : IAsyncDisposable
{
    private readonly Process _shell;
    private readonly bool _isKept;
    private int _databases;

    private ThrowAwayPostgres(Process shell, string folder, bool isKept)
    {
        (_shell, _isKept) = (shell, isKept);
        Folder = folder;
    }

    /// <summary>Debian's package is there (<c>apt-get install postgresql</c>).</summary>
    public static bool IsInstalled => Binaries() is not null;

    /// <summary>Holds the socket, the log and, below <c>data</c>, the database.</summary>
    public string Folder { get; }

    /// <summary>Of the server's first process, which all others are below.</summary>
    public int Id => int.Parse(File.ReadLines($"{Folder}/data/postmaster.pid").First(), CultureInfo.InvariantCulture);

    public static async Task<ThrowAwayPostgres> StartAsync()
    {
        var server = await StartAsync(Directory.CreateTempSubdirectory("passerelle-pg-").FullName, isKept: false);
        await server.ExecuteAsync("CREATE ROLE passerelle LOGIN");
        return server;
    }

    /// <summary>Its databases are there again the next time.</summary>
    /// <param name="folder">A short path (a socket's has at most 107 characters) whose parents everybody may enter.</param>
    public static async Task<ThrowAwayPostgres> KeptAsync(string folder)
    {
        var isNew = !Directory.Exists(folder);
        var server = await StartAsync(Directory.CreateDirectory(folder).FullName, isKept: true);
        if (!isNew) return server;
        await server.ExecuteAsync("CREATE ROLE passerelle LOGIN");
        await server.ExecuteAsync("CREATE DATABASE kept OWNER passerelle");
        return server;
    }

    /// <summary>The connection string of a kept server's one database.</summary>
    public string Kept => ConnectionString("kept", "passerelle");

    private static async Task<ThrowAwayPostgres> StartAsync(string folder, bool isKept)
    {
        var binaries = Binaries() ?? throw new InvalidOperationException("PostgreSQL is not installed (apt-get install postgresql)");
        var shell = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", Script(binaries, folder) },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!; // a new process: only shell execution reuses one
        var answer = await shell.StandardOutput.ReadLineAsync();
        if (answer != "ready") throw new InvalidOperationException($"PostgreSQL did not start: {await File.ReadAllTextAsync($"{folder}/log")}");
        return new ThrowAwayPostgres(shell, folder, isKept);
    }

    /// <summary>A fresh, empty database owned by a role that row-level security binds.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> NewDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync($"CREATE DATABASE {name} OWNER passerelle");
        return ConnectionString(name, "passerelle");
    }

    /// <summary><c>kill -9</c> of the postmaster: what it had acknowledged is in its log.</summary>
    public Task KillAsync() => OrderAsync("kill");

    /// <summary>Away as when its machine goes: nobody is told, nothing is finished.</summary>
    public Task StopAsync() => OrderAsync("stop");

    /// <summary>Starts it again after <see cref="KillAsync"/> or <see cref="StopAsync"/>, and waits until it answers.</summary>
    public Task StartAgainAsync() => OrderAsync("start");

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
        if (!_isKept) Directory.Delete(Folder, recursive: true);
    }

    private async Task OrderAsync(string order)
    {
        await _shell.StandardInput.WriteLineAsync(order);
        await _shell.StandardInput.FlushAsync();
        var answer = await _shell.StandardOutput.ReadLineAsync();
        if (answer != "done") throw new InvalidOperationException($"PostgreSQL did not {order}: {await File.ReadAllTextAsync($"{Folder}/log")}");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres", "postgres"));
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private string ConnectionString(string database, string user) =>
        new NpgsqlConnectionStringBuilder { Host = Folder, Database = database, Username = user }.ToString();

    private static string Script(string binaries, string folder)
    {
        var run = Environment.UserName == "root" ? "runuser -u postgres --" : ""; // initdb refuses root
        return $$"""
            exec 3>&1 >{{folder}}/log 2>&1
            chmod 777 {{folder}}; cd {{folder}}
            up() { {{run}} {{binaries}}/pg_ctl -D {{folder}}/data -w -o "-k {{folder}} -c listen_addresses= -c max_connections=200" -t 300 start 3>&- || {{binaries}}/pg_isready -q -h {{folder}}; }
            down() { {{run}} {{binaries}}/pg_ctl -D {{folder}}/data -m immediate -w stop 3>&-; }
            trap down EXIT; trap exit HUP INT TERM
            [ -d {{folder}}/data ] || {{run}} {{binaries}}/initdb -D {{folder}}/data -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync 3>&- || exit 1
            up || exit 1
            echo ready >&3
            while read -r order; do
              case $order in
                kill) kill -9 $(head -n 1 {{folder}}/data/postmaster.pid) || exit 1 ;;
                stop) down || exit 1 ;;
                start) tries=0; until up; do tries=$((tries + 1)); [ $tries -lt 150 ] || exit 1; sleep 0.2; done ;; # backends of the killed one end first
              esac
              echo done >&3
            done
            """;
    }

    private static string? Binaries() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => $"{version}/bin").LastOrDefault(bin => File.Exists($"{bin}/initdb"))
        : null;
}
