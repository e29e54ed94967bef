using System.CommandLine;
using Passerelle.Gateway.Hosting;
using Passerelle.Gateway.Receiving;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Commands;

/// <summary><c>passerelle serve</c>: runs until SIGTERM or Ctrl+C; what was accepted is on disk by then.</summary>
internal static class ServeCommand
{
    /// <summary>For the one before us to finish its mail: more than the host gives it.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    public static Command Make()
    {
        var data = CommonOptions.Data();
        var command = new Command(
            "serve",
            $"""
            Receive, read, route and send mail; serve the portal
            Settings: --Section:Key=value; sections {string.Join(", ", Settings.Sections.Keys.Order())} (docs/operators.md)
            """) { data };
        command.Does(async (parsed, settings, cancel) =>
        {
            var folder = parsed.GetRequiredValue(data).FullName;
            if (HandedSockets.OfThisProcess.Any && DataFolderLock.IsHeld(folder))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"Waiting for {DataFolderLock.HolderOf(folder)} to leave {folder}");
                await DataFolderLock.WhenFreeAsync(folder, LongestWait, TimeProvider.System, cancel);
            }
            await using var app = GatewayApplication.Build([.. settings, $"--Store:DataFolder={folder}"]);
            try
            {
                await app.StartAsync(cancel);
                await app.WaitForShutdownAsync(cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested || app.Lifetime.ApplicationStopping.IsCancellationRequested)
            {
                // asked to stop while starting, or somebody stayed longer than the host waits: what was acknowledged is on disk
                if (!app.Lifetime.ApplicationStarted.IsCancellationRequested) await app.StopAsync(CancellationToken.None); // the door may be open already
            }
            return Sentences.Right;
        });
        return command;
    }
}
