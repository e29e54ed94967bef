using System.CommandLine;

namespace Passerelle.Dev.Run;

/// <summary><c>./dev run</c>: one mail, all the way round, and everything stays up to be looked at.</summary>
internal static class RunCommand
{
    public static Command Make()
    {
        var folder = new Option<DirectoryInfo>("--data") { Description = "Where the demonstration keeps its data", DefaultValueFactory = _ => new("data/dev") };
        var once = new Option<bool>("--once") { Description = "Stop after the round trip" };
        var command = new Command("run", "Start lab and gateway, carry one mail all the way round, stay up") { folder, once };
        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                await RunAsync(new DevFolder(parsed.GetRequiredValue(folder).FullName), parsed.GetValue(once), cancel);
                return 0;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return 0; // Ctrl+C
            }
            catch (DevFault fault)
            {
                await Console.Error.WriteLineAsync(fault.Message);
                return 1;
            }
        });
        return command;
    }

    private static async Task RunAsync(DevFolder folder, bool once, CancellationToken cancel)
    {
        var steps = new Steps(Console.Out);
        var settings = await folder.OpenAsync(cancel);
        await using var gateway = GatewayProcess.Start(folder, settings, MicrosoftSide.Of(folder, settings)); // starts while the lab does
        await using var lab = await steps.TakeAsync("Start the lab (Entra ID and Exchange Online on this machine)", () => LabProcess.StartAsync(folder, settings, cancel));
        await steps.TakeAsync("Start the gateway", () => gateway.WhenReadyAsync(cancel));

        var first = await gateway.FirstRunAsync(folder, settings, cancel);
        var demo = new Demonstration(lab.Connection, gateway, settings, steps);
        if (first) await demo.SetUpAsync(cancel);
        var journey = await demo.RoundTripAsync(cancel);
        Story.Print(journey, settings, lab.Connection.Endpoints, steps.Elapsed);
        if (!once) await Task.Delay(Timeout.Infinite, cancel);
    }
}
