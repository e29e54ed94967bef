using Microsoft.Extensions.Logging.Abstractions;
using Passerelle.Gateway.Store.Postgres;
using Passerelle.Gateway.Store.Sqlite;

namespace Passerelle.Gateway.Store;

/// <summary>What happens between the options and a store that answers: folder, lock, migrations, writer.</summary>
internal static class Opening
{
    public static IStore Open(StoreOptions options) => Open(options, TimeProvider.System, NullLogger.Instance);

    /// <exception cref="DataFolderTaken">Another process works on this data folder.</exception>
    /// <exception cref="StoreIsNewer">A later release has written this store.</exception>
    public static IStore Open(StoreOptions options, TimeProvider time, ILogger log)
    {
        var folder = DataFolderLock.Take(options.DataFolder, time);
        try
        {
            if (options.Postgres is not null) return PostgresStore.Open(options, time, log, folder);
            using (var connection = SqliteFile.OpenForWriting(options)) Migrations.Apply(connection, "sqlite", time.GetUtcNow());
            return new SqliteStore(options, log, folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }
}
