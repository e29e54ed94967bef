using System.CommandLine;
using Passerelle.Gateway.Hosting;

namespace Passerelle.Gateway.Commands;

/// <summary><c>passerelle serve</c>: runs until SIGTERM or Ctrl+C; what was accepted is on disk by then.</summary>
internal static class ServeCommand
{
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
            await using var app = GatewayApplication.Build([.. settings, $"--Store:DataFolder={parsed.GetRequiredValue(data).FullName}"]);
            try
            {
                await app.RunAsync(cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested || app.Lifetime.ApplicationStopping.IsCancellationRequested)
            {
                // asked to stop while starting, or somebody stayed longer than the host waits: what was acknowledged is on disk
            }
            return Sentences.Right;
        });
        return command;
    }
}
