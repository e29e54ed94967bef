using System.Diagnostics;
using System.Globalization;
using Npgsql;

[assembly: AssemblyFixture(typeof(Passerelle.Gateway.Tests.Store.PostgresServer))]

namespace Passerelle.Gateway.Tests.Store;

/// <summary>
/// A throw-away PostgreSQL for this test assembly: started by the first test that asks, on a Unix socket in a temporary
/// folder, as an unprivileged user. It ends with the test process, however that ends: its shell waits on our pipe.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly Lazy<Task<Running>> Starting = new(StartAsync);
    private static int _databases;

    /// <summary>A fresh, empty database owned by a role that row-level security binds. Skips when there is no server
    /// (fails under CI, where a missing tool is nobody's excuse).</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> NewDatabaseAsync()
    {
        if (Binaries() is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "PostgreSQL is not installed (apt-get install postgresql)");
            Assert.Fail("PostgreSQL is not installed");
        }
        var server = await Starting.Value;
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await using var source = NpgsqlDataSource.Create(server.ConnectionString("postgres", "postgres"));
        await using var create = source.CreateCommand($"CREATE DATABASE {name} OWNER passerelle");
        await create.ExecuteNonQueryAsync();
        return server.ConnectionString(name, "passerelle");
    }

    /// <summary>The same database as a role that passes by row-level security.</summary>
    public static string AsSuperuser(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Username = "postgres" }.ToString();

    public async ValueTask DisposeAsync()
    {
        if (!Starting.IsValueCreated) return;
        var server = await Starting.Value;
        NpgsqlConnection.ClearAllPools();
        server.Shell.StandardInput.Close();
        await server.Shell.WaitForExitAsync();
        Directory.Delete(server.Folder, recursive: true);
    }

    private static async Task<Running> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("passerelle-pg-").FullName;
        var shell = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", Script(Binaries()!, folder) }, // checked by the only caller
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!; // a new process: only shell execution reuses one
        var answer = await shell.StandardOutput.ReadLineAsync();
        if (answer != "ready") throw new InvalidOperationException($"PostgreSQL did not start: {await File.ReadAllTextAsync($"{folder}/log")}");
        var server = new Running(shell, folder);
        await using var source = NpgsqlDataSource.Create(server.ConnectionString("postgres", "postgres"));
        await using var role = source.CreateCommand("CREATE ROLE passerelle LOGIN");
        await role.ExecuteNonQueryAsync();
        return server;
    }

    private static string Script(string binaries, string folder)
    {
        var run = Environment.UserName == "root" ? "runuser -u postgres --" : "";
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

    private sealed record Running(Process Shell, string Folder)
    {
        public string ConnectionString(string database, string user) =>
            new NpgsqlConnectionStringBuilder { Host = Folder, Database = database, Username = user }.ToString();
    }
}
