using Microsoft.Data.Sqlite;

namespace Passerelle.Gateway.Store.Sqlite;

/// <summary>How the database file is opened, by whom for what.</summary>
internal static class SqliteFile
{
    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, "passerelle.db");

    /// <summary>Writes; leaves checkpoints to the <see cref="Checkpointer"/>.</summary>
    public static SqliteConnection OpenForWriting(StoreOptions options) => Open(
        options,
        SqliteOpenMode.ReadWriteCreate,
        $"""
        PRAGMA busy_timeout = 5000;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = {options.Synchronous};
        PRAGMA foreign_keys = ON;
        PRAGMA wal_autocheckpoint = 0;
        PRAGMA cache_size = -32000;
        """);

    public static SqliteConnection OpenForReading(StoreOptions options) =>
        Open(options, SqliteOpenMode.ReadWrite, "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON;"); // read-write: a reader must be able to recover the log

    private static SqliteConnection Open(StoreOptions options, SqliteOpenMode mode, string pragmas)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = PathIn(options.DataFolder),
            Mode = mode,
            Pooling = false, // the store keeps its own, with their statements
            DefaultTimeout = 5,
        }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = pragmas;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
