using Npgsql;
using Passerelle.Dev.Soak;

[assembly: AssemblyFixture(typeof(Passerelle.Gateway.Tests.Store.PostgresServer))]

namespace Passerelle.Gateway.Tests.Store;

/// <summary>A throw-away PostgreSQL for this test assembly, started by the first test that asks.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly Lazy<Task<ThrowAwayPostgres>> Starting = new(ThrowAwayPostgres.StartAsync);

    /// <summary>A fresh, empty database owned by a role that row-level security binds. Skips when there is no server
    /// (fails under CI, where a missing tool is nobody's excuse).</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> NewDatabaseAsync()
    {
        if (!ThrowAwayPostgres.IsInstalled)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "PostgreSQL is not installed (apt-get install postgresql)");
            Assert.Fail("PostgreSQL is not installed");
        }
        return await (await Starting.Value).NewDatabaseAsync();
    }

    /// <summary>The same database as a role that passes by row-level security.</summary>
    public static string AsSuperuser(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Username = "postgres" }.ToString();

    public async ValueTask DisposeAsync()
    {
        if (Starting.IsValueCreated) await (await Starting.Value).DisposeAsync();
    }
}
