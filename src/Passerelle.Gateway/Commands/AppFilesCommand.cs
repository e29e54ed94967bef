using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Passerelle.Gateway.Api;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Commands;

/// <summary><c>passerelle apps export | apply</c>: Email apps as a YAML file, without secrets.</summary>
internal static class AppFilesCommand
{
    public static Command Export()
    {
        var name = new Argument<string?>("app") { Arity = ArgumentArity.ZeroOrOne, Description = "Its id, asset name or email id; all apps when left out" };
        var (data, organisation) = (CommonOptions.Data(), CommonOptions.Organisation());
        var command = new Command("export", "Write apps as YAML to standard output; secrets are never in it") { name, data, organisation };
        command.Does(async (parsed, settings, cancel) =>
        {
            await using var gateway = await Gateways.OpenAsync(parsed.GetRequiredValue(data), parsed.GetValue(organisation), settings, cancel);
            Guid? app = parsed.GetValue(name) is { } called ? AppNames.Pick(await gateway.AppsAsync(cancel), called).Id : null;
            await parsed.InvocationConfiguration.Output.WriteAsync(await gateway.ExportAsync(app, cancel));
            return Sentences.Right;
        });
        return command;
    }

    public static Command Apply()
    {
        var file = new Option<FileInfo>("--file", "-f") { Required = true, Description = "The YAML file" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would change and change nothing" };
        var language = new Option<string>("--language") { Description = "en or fr: what the reasons are said in", DefaultValueFactory = _ => "en" };
        language.AcceptOnlyFromAmong("en", "fr");
        var warnings = new Option<bool>("--warnings-read") { Description = "Go on where there are only warnings" };
        var (data, organisation, json) = (CommonOptions.Data(), CommonOptions.Organisation(), CommonOptions.Json());
        var command = new Command("apply", "Make the apps what the file says; once more changes nothing") { file, dryRun, warnings, language, data, organisation, json };
        command.Does(async (parsed, settings, cancel) =>
        {
            var reader = CultureInfo.GetCultureInfo(parsed.GetRequiredValue(language));
            var yaml = await ReadAsync(parsed.GetRequiredValue(file), reader, cancel);
            await using var gateway = await Gateways.OpenAsync(parsed.GetRequiredValue(data), parsed.GetValue(organisation), settings, cancel);
            var answer = await gateway.ApplyAsync(new ApplyOrder(yaml, parsed.GetValue(dryRun), parsed.GetValue(warnings)), cancel);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) await output.WriteLineAsync(JsonSerializer.Serialize(answer, OperatorClient.Json));
            else await Listing.WriteAsync(output, ["app", "outcome", "what"], answer.Apps.SelectMany(app => Lines(app, reader)));
            var refused = answer.Apps.Any(app => app.Outcome == AppApplied.Refused);
            if (refused) await parsed.InvocationConfiguration.Error.WriteLineAsync(PhraseWords.In(Phrase.Of("Nothing was stored: mend what is refused and apply the file again."), reader));
            return refused ? Sentences.Wrong : Sentences.Right;
        });
        return command;
    }

    /// <summary>What cannot be understood is said before any gateway is asked.</summary>
    private static async Task<string> ReadAsync(FileInfo file, CultureInfo reader, CancellationToken cancel)
    {
        try
        {
            var yaml = file.Length <= AppDocument.LongestDocument * 4L
                ? await File.ReadAllTextAsync(file.FullName, cancel)
                : throw new CommandFault($"{file} is longer than 1 MiB: split it.");
            AppDocument.Read(yaml);
            return yaml;
        }
        catch (UnreadableDocument unreadable)
        {
            throw new CommandFault(unreadable.Reason.In(reader));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault($"The file cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>One line for each field that changes and each sentence; one for an app with neither.</summary>
    private static IEnumerable<string[]> Lines(AppApplied app, CultureInfo reader)
    {
        string[] what =
        [
            .. app.Changes.Select(change => $"{change.Field}: {Shown(change.Before)} → {Shown(change.After)}{(change.Reauthorises ? " (authorise again)" : "")}"),
            .. app.Reasons.Select(reason => reason.In(reader)),
        ];
        return what.Length == 0 ? [[app.Name, app.Outcome, ""]] : what.Select(line => new[] { app.Name, app.Outcome, line });
    }

    private static string Shown(string text) => text.Length == 0 ? "(empty)" : text;
}
