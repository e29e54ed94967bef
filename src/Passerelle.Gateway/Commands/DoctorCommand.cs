using System.CommandLine;
using System.Text.Json;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Commands;

/// <summary><c>passerelle doctor APP</c>: every check of the set-up, now. Ends with 1 when a step is wrong.</summary>
internal static class DoctorCommand
{
    public static Command Make()
    {
        var name = new Argument<string>("app") { Description = "Its id, asset name or email id" };
        var (data, organisation, json) = (CommonOptions.Data(), CommonOptions.Organisation(), CommonOptions.Json());
        var command = new Command("doctor", "Say which step of an app's set-up is wrong, and who can mend it") { name, data, organisation, json };
        command.Does(async (parsed, settings, cancel) =>
        {
            await using var gateway = await Gateways.OpenAsync(parsed.GetRequiredValue(data), parsed.GetValue(organisation), settings, cancel);
            var app = AppNames.Pick(await gateway.AppsAsync(cancel), parsed.GetRequiredValue(name));
            var findings = await gateway.ExamineAsync(app.Id, cancel);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) await output.WriteLineAsync(JsonSerializer.Serialize(new { app = app.Id, findings = findings.Select(Told) }, OperatorClient.Json));
            else
            {
                await Listing.WriteAsync(
                    output,
                    ["step", "check", "result", "evidence", "detail", "owner", "fix"],
                    findings.Select(found => new[] { found.SetupStep, found.Check, found.Result, found.Evidence, found.Detail, found.Owner, found.Fix }));
            }
            return findings.Any(found => found.Result == Finding.Wrong) ? Sentences.Wrong : Sentences.Right;
        });
        return command;
    }

    /// <summary>What programs read of it; <c>detail</c> holds the raw answer too.</summary>
    private static object Told(Finding found) =>
        new { found.Check, found.SetupStep, found.Result, found.Evidence, found.Detail, found.Owner, found.Fix };
}
