using System.CommandLine;
using Passerelle.Gateway.Hosting;

namespace Passerelle.Gateway.Commands;

/// <summary><c>passerelle serve</c>: runs until SIGTERM or Ctrl+C; what was accepted is on disk by then.</summary>
internal static class ServeCommand
{
    public static Command Make()
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "The data folder", DefaultValueFactory = _ => new("data") };
        var command = new Command("serve", "Receive, read, route and send mail; serve the portal") { data };
        command.TreatUnmatchedTokensAsErrors = false; // --Section:Key=value goes to the configuration as it is
        command.SetAction(async (parsed, cancel) =>
        {
            string[] settings = [$"--Store:DataFolder={parsed.GetRequiredValue(data).FullName}", .. parsed.UnmatchedTokens];
            await using var app = GatewayApplication.Build(settings);
            await app.RunAsync(cancel);
            return 0;
        });
        return command;
    }
}
