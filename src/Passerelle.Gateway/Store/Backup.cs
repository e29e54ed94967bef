using Microsoft.Extensions.Options;
using Passerelle.Gateway.Store.Sealing;
using Passerelle.Gateway.Store.Sqlite;

namespace Passerelle.Gateway.Store;

/// <summary>Copies the data folder while it is in use, and puts a copy back into an empty one.</summary>
internal sealed class Backup(IStore store, Spool spool, IOptions<StoreOptions> options)
{
    private const string Note = "README.txt";

    /// <summary>The database first: every spooled file that its rows speak of is already in its place by then.</summary>
    /// <param name="folder">Absent or empty.</param>
    /// <exception cref="BackupRefused">It cannot be done like this; the message says how.</exception>
    public async Task WriteAsync(string folder, CancellationToken cancel)
    {
        if (store is not SqliteStore sqlite)
            throw new BackupRefused("This installation keeps its rows in PostgreSQL: back them up with pg_dump, and copy the spool folder after it.");
        if (options.Value.Blobs is not null)
            throw new BackupRefused("Mail too big for a row lies in Azure Blob Storage, which a folder cannot hold: let the storage account keep versions of it, and stop the server to copy the data folder.");
        DemandEmpty(folder);
        PrivateFolder.Create(folder);
        await sqlite.CopyToAsync(SqliteFile.PathIn(folder), cancel);
        await CopyAsync(spool.Folder, Path.Combine(folder, "spool"), cancel);
        await File.WriteAllTextAsync(
            Path.Combine(folder, Note),
            $"""
            A backup of Passerelle {Migrations.Release}: rows and spooled mail.
            The key file is NOT in it, on purpose: {KeyFile.PathFor(options.Value)}
            Keep a copy of that file somewhere else. Without it, the secrets in this backup can never be opened.

            """,
            cancel);
    }

    /// <summary>Fills the empty data folder of an installation that is not running.</summary>
    /// <exception cref="BackupRefused">That is no backup, or the data folder holds something.</exception>
    /// <exception cref="DataFolderTaken">The installation is running.</exception>
    public static async Task RestoreAsync(string backup, StoreOptions options, TimeProvider time, CancellationToken cancel)
    {
        if (!File.Exists(SqliteFile.PathIn(backup))) throw new BackupRefused($"{backup} holds no backup of Passerelle.");
        DemandEmpty(options.DataFolder);
        using var folder = DataFolderLock.Take(options.DataFolder, time);
        await CopyAsync(Path.Combine(backup, "spool"), Path.Combine(options.DataFolder, "spool"), cancel);
        var arriving = SqliteFile.PathIn(options.DataFolder) + ".restoring"; // half a copy must never look like a database
        await CopyFileAsync(SqliteFile.PathIn(backup), arriving, cancel);
        Durable.Rename(arriving, SqliteFile.PathIn(options.DataFolder));
    }

    private static void DemandEmpty(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any(IsContent))
            throw new BackupRefused($"{folder} is not empty.");
    }

    private static bool IsContent(string file) => !Path.GetFileName(file).StartsWith("lock", StringComparison.Ordinal);

    /// <summary>Arriving mail has no row yet and stays out.</summary>
    private static async Task CopyAsync(string from, string to, CancellationToken cancel)
    {
        if (!Directory.Exists(from)) return;
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(from, file);
            if (name.StartsWith("incoming", StringComparison.Ordinal)) continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, name))!); // below a folder
            await CopyFileAsync(file, Path.Combine(to, name), cancel);
        }
    }

    private static async Task CopyFileAsync(string from, string to, CancellationToken cancel)
    {
        await using var source = File.OpenRead(from);
        await using var target = Durable.Create(to);
        await source.CopyToAsync(target, cancel);
        Durable.Flush(target);
    }
}

internal sealed class BackupRefused(string message) : Exception(message);
