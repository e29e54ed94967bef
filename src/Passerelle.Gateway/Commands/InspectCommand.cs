using System.CommandLine;
using Passerelle.Mail;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Gateway.Commands;

/// <summary><c>passerelle inspect FILE…</c>: what Passerelle makes of a mail, without a server. One JSON line a file.</summary>
internal static class InspectCommand
{
    /// <summary>The sealers that a verdict trusts when nothing else is said (facts: Exchange seals as microsoft.com).</summary>
    private static readonly string[] Sealers = ["microsoft.com", "outlook.com", "google.com"];

    public static Command Make()
    {
        var files = new Argument<FileInfo[]>("file") { Arity = ArgumentArity.OneOrMore, Description = "Mail as .eml files" };
        var zone = new Option<FileInfo?>("--dns") { Description = "A JSON file of DNS answers; gives the verdict without a network" };
        var from = new Option<string?>("--mail-from") { Description = "The envelope's sender; empty for the null sender" };
        var json = new Option<bool>("--json") { Description = "JSON lines (the default and only form)" };
        var command = new Command("inspect", "Say what Passerelle makes of a mail") { files, zone, from, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var verdicts = parsed.GetValue(zone) is { } file
                ? new Authenticity(await ZoneFile.ReadAsync(file, cancel), Sealers)
                : null;
            var failed = false;
            foreach (var mail in parsed.GetRequiredValue(files))
            {
                var report = await InspectAsync(mail, parsed.GetValue(from), verdicts, cancel);
                failed |= report.Error is not null;
                await parsed.InvocationConfiguration.Output.WriteLineAsync(report.ToJson());
            }
            return failed ? 1 : 0;
        });
        return command;
    }

    private static async Task<InspectReport> InspectAsync(
        FileInfo file, string? envelopeFrom, Authenticity? verdicts, CancellationToken cancel)
    {
        byte[] raw;
        try
        {
            raw = await File.ReadAllBytesAsync(file.FullName, cancel);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return InspectReport.Failed(file.ToString(), unreadable.Message);
        }
        var mail = MailReader.Read(raw, new ReadingContext { EnvelopeFrom = envelopeFrom });
        return InspectReport.Of(file.ToString(), mail, verdicts is null ? null : await verdicts.JudgeAsync(raw, cancel));
    }
}
