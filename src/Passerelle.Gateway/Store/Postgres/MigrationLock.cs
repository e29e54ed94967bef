using Dapper;
using Npgsql;

namespace Passerelle.Gateway.Store.Postgres;

/// <summary>Two nodes that start together migrate one after the other.</summary>
internal sealed class MigrationLock : IDisposable
{
    private const long Key = 0x50617373_6572_6C6C;
    private readonly NpgsqlConnection _connection;

    public MigrationLock(NpgsqlConnection connection)
    {
        _connection = connection;
        connection.Execute("SELECT pg_advisory_lock(@Key)", new { Key });
    }

    public void Dispose() => _connection.Execute("SELECT pg_advisory_unlock(@Key)", new { Key });
}
