using Microsoft.Extensions.Options;
using Passerelle.Gateway.Hosting;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Store.Sqlite;

namespace Passerelle.Gateway.Commands;

/// <summary>Finds the installation that a command means.</summary>
internal static class Gateways
{
    /// <summary>The running server where there is one; the folder itself where its lock is free.</summary>
    /// <exception cref="CommandFault">There is no installation.</exception>
    public static async Task<IGateway> OpenAsync(DirectoryInfo data, string? organisation, string[] settings, CancellationToken cancel)
    {
        var folder = FolderOf(data);
        if (DataFolderLock.IsHeld(folder)) return new OperatorClient(folder, organisation);
        if (!File.Exists(SqliteFile.PathIn(folder)) && (await StoreAsync(folder, settings)).Postgres is null)
            throw new CommandFault($"The folder {folder} holds no installation of Passerelle: start one with `passerelle serve --data {folder}`.");
        return await StoppedGateway.OpenAsync(folder, organisation, settings, cancel);
    }

    /// <returns>Its full path.</returns>
    /// <exception cref="CommandFault">There is no such folder.</exception>
    public static string FolderOf(DirectoryInfo data) => Directory.Exists(data.FullName)
        ? data.FullName
        : throw new CommandFault($"There is no data folder {data.FullName}. Name it with --data or {CommonOptions.DataVariable}.");

    /// <summary>The options as a server on this folder would read them; nothing is opened.</summary>
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    public static async Task<StoreOptions> StoreAsync(string folder, string[] settings)
    {
        var builder = WebApplication.CreateBuilder(GatewayApplication.Options([.. settings, $"--Store:DataFolder={folder}"]));
        await using var app = builder.AddStore().Build();
        return app.Services.GetRequiredService<IOptions<StoreOptions>>().Value;
    }
}
