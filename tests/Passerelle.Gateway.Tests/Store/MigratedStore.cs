using Passerelle.Gateway.Store;
using Passerelle.Gateway.Store.Sqlite;

[assembly: AssemblyFixture(typeof(Passerelle.Gateway.Tests.Store.MigratedStore))]

namespace Passerelle.Gateway.Tests.Store;

/// <summary>An empty SQLite store of this release, made once: a thousand tests begin with a copy of it instead of with every migration.</summary>
public sealed class MigratedStore : IDisposable
{
    private static readonly Lazy<StoreOptions> Made = new(Make);

    public static void CopyTo(string folder) => File.Copy(SqliteFile.PathIn(Made.Value.DataFolder), SqliteFile.PathIn(folder));

    public void Dispose()
    {
        if (Made.IsValueCreated) Directory.Delete(Made.Value.DataFolder, recursive: true);
    }

    private static StoreOptions Make()
    {
        var options = new StoreOptions { DataFolder = Directory.CreateTempSubdirectory("passerelle-migrated-").FullName };
        using var connection = SqliteFile.OpenForWriting(options); // closing it leaves one file
        Migrations.Apply(connection, "sqlite", TimeProvider.System.GetUtcNow());
        return options;
    }
}
