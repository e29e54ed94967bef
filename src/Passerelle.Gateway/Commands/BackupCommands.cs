using System.CommandLine;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Store.Sealing;

namespace Passerelle.Gateway.Commands;

/// <summary><c>passerelle backup DIR</c> while mail arrives, and <c>passerelle restore DIR</c> into an empty data folder.</summary>
internal static class BackupCommands
{
    public static Command MakeBackup()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "Where the copy goes; absent or empty" };
        var data = CommonOptions.Data();
        var command = new Command("backup", "Copy rows and spooled mail, while the server runs or not; the key file stays out") { folder, data };
        command.Does(async (parsed, settings, cancel) =>
        {
            var to = parsed.GetRequiredValue(folder).FullName;
            var from = parsed.GetRequiredValue(data);
            await using (var gateway = await Gateways.OpenAsync(from, null, settings, cancel)) await gateway.BackupAsync(to, cancel);
            var key = KeyFile.PathFor(await Gateways.StoreAsync(from.FullName, settings));
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"Copied to {to}. The key file is NOT in it ({key}, unless the server was told otherwise): keep a copy of it elsewhere, or the secrets in this backup can never be opened.");
            return Sentences.Right;
        });
        return command;
    }

    public static Command MakeRestore()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "A folder that `passerelle backup` wrote" };
        var data = CommonOptions.Data();
        var command = new Command("restore", "Fill an empty data folder from a backup; the server must not run") { folder, data };
        command.Does(async (parsed, settings, cancel) =>
        {
            var from = parsed.GetRequiredValue(folder).FullName;
            var options = await Gateways.StoreAsync(parsed.GetRequiredValue(data).FullName, settings);
            if (options.Postgres is not null)
                throw new CommandFault("This installation keeps its rows in PostgreSQL: restore them with pg_restore, and copy the spool folder back.");
            await Backup.RestoreAsync(from, options, TimeProvider.System, cancel);
            var key = KeyFile.PathFor(options);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"Restored to {options.DataFolder}. "
                + (File.Exists(key) ? $"Its key file {key} is in its place." : $"Now put the key file of that installation at {key}, mode 0600, before you start the server."));
            return Sentences.Right;
        });
        return command;
    }
}
