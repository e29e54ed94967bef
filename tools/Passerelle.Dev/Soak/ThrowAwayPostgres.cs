using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Passerelle.Dev.Soak;

/// <summary>
/// A PostgreSQL server of our own, on a Unix socket in a temporary folder, as an unprivileged user. It ends with this
/// process, however that ends: its shell waits on our pipe.
/// </summary>
internal sealed class ThrowAwayPostgres : IAsyncDisposable
{
    private readonly Process _shell;
    private int _databases;

    private ThrowAwayPostgres(Process shell, string folder)
    {
        _shell = shell;
        Folder = folder;
    }

    /// <summary>Debian's package is there (<c>apt-get install postgresql</c>).</summary>
    public static bool IsInstalled => Binaries() is not null;

    /// <summary>Holds the socket, the log and, below <c>data</c>, the database.</summary>
    public string Folder { get; }

    public static async Task<ThrowAwayPostgres> StartAsync()
    {
        var binaries = Binaries() ?? throw new InvalidOperationException("PostgreSQL is not installed (apt-get install postgresql)");
        var folder = Directory.CreateTempSubdirectory("passerelle-pg-").FullName;
        var shell = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", Script(binaries, folder) },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!; // a new process: only shell execution reuses one
        var answer = await shell.StandardOutput.ReadLineAsync();
        if (answer != "ready") throw new InvalidOperationException($"PostgreSQL did not start: {await File.ReadAllTextAsync($"{folder}/log")}");
        var server = new ThrowAwayPostgres(shell, folder);
        await server.ExecuteAsync("CREATE ROLE passerelle LOGIN");
        return server;
    }

    /// <summary>A fresh, empty database owned by a role that row-level security binds.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> NewDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync($"CREATE DATABASE {name} OWNER passerelle");
        return ConnectionString(name, "passerelle");
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
        Directory.Delete(Folder, recursive: true);
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
        return $"""
            exec 3>&1 >{folder}/log 2>&1
            chmod 777 {folder}; cd {folder}
            {run} {binaries}/initdb -D {folder}/data -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync || exit 1
            {run} {binaries}/pg_ctl -D {folder}/data -w -o "-k {folder} -c listen_addresses= -c max_connections=200" start || exit 1
            echo ready >&3
            exec 3>&-
            read -r line
            {run} {binaries}/pg_ctl -D {folder}/data -m immediate stop
            """;
    }

    private static string? Binaries() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => $"{version}/bin").LastOrDefault(bin => File.Exists($"{bin}/initdb"))
        : null;
}
