using Microsoft.Data.Sqlite;

namespace Passerelle.Gateway.Store;

/// <summary>What happens between the options and a store that answers: folder, migrations, writer.</summary>
internal static class Opening
{
    public static IStore Open(StoreOptions options)
    {
        Directory.CreateDirectory(options.DataFolder);
        Migrate(options);
        return new SqliteStore(options);
    }

    private static void Migrate(StoreOptions options)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(options.DataFolder, "passerelle.db")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM sqlite_master WHERE name = 'installation'";
        if ((long)command.ExecuteScalar()! > 0) return; // COUNT always has a row
        using var script = new StreamReader(
            typeof(Opening).Assembly.GetManifestResourceStream("Passerelle.Gateway.Store.Scripts.0001-ground.sqlite.sql")!); // embedded by the project file
        command.CommandText = script.ReadToEnd();
        command.ExecuteNonQuery();
    }
}
