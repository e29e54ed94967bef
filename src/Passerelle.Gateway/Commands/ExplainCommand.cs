using System.CommandLine;
using System.Text.Json;
using Passerelle.Gateway.Doctor;

namespace Passerelle.Gateway.Commands;

/// <summary><c>passerelle explain TEXT</c>: what an error of Microsoft or a report about undelivered mail means. Needs no installation.</summary>
internal static class ExplainCommand
{
    public static Command Make()
    {
        var text = new Argument<string>("text") { Description = "The error as it was shown; - reads standard input" };
        var json = CommonOptions.Json();
        var command = new Command("explain", "Say which step an error text is about, and who can mend it") { text, json };
        command.Does(async (parsed, _, cancel) =>
        {
            var given = parsed.GetRequiredValue(text);
            var found = Explanations.Of(given == "-" ? await Console.In.ReadToEndAsync(cancel) : given);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) await output.WriteLineAsync(JsonSerializer.Serialize(new { findings = found }, OperatorClient.Json));
            else if (found.Count == 0) throw new CommandFault("Nothing in that text is known: no AADSTS number, no SMTP reply, no status of a report.");
            else await Listing.WriteAsync(output, ["step", "what", "owner", "fix"], found.Select(one => new[] { one.SetupStep, one.What?.ToString() ?? one.Detail, one.Owner, one.Fix }));
            return found.Count > 0 ? Sentences.Right : Sentences.Wrong;
        });
        return command;
    }
}
