using System.CommandLine;
using System.Net;
using Passerelle.Mail;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Gateway.Commands;

/// <summary><c>passerelle inspect FILE…</c>: what Passerelle makes of a mail, without a server. One JSON line a file.</summary>
internal static class InspectCommand
{
    private const int ProgressEvery = 50;

    /// <summary>More than any receiver takes in (design §2a).</summary>
    private const long Largest = 256L * 1024 * 1024;

    public static Command Make()
    {
        var files = new Argument<FileInfo[]>("file") { Arity = ArgumentArity.OneOrMore, Description = "Mail as .eml files" };
        var zone = new Option<FileInfo?>("--dns") { Description = "A JSON file of DNS answers; gives the verdict without a network" };
        var from = new Option<string?>("--mail-from") { Description = "The envelope's sender; empty for the null sender" };
        var ip = new Option<string?>("--ip") { Description = "The address of the client that delivered; without it the verdict says nothing of SPF" };
        var helo = new Option<string?>("--helo") { Description = "What that client called itself" };
        var json = new Option<bool>("--json") { Description = "JSON lines (the default and only form)" };
        var command = new Command("inspect", "Say what Passerelle makes of a mail") { files, zone, ip, helo, from, json };
        command.Does(async (parsed, _, cancel) =>
        {
            var mails = parsed.GetRequiredValue(files);
            var verdicts = parsed.GetValue(zone) is { } file
                ? new Authenticity(await ReadZoneAsync(file, cancel), Authenticity.UsualSealers, TimeProvider.System)
                : null;
            var hop = HopOf(parsed.GetValue(ip), parsed.GetValue(helo), parsed.GetValue(from));
            var (output, progress) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var failed = false;
            for (var done = 0; done < mails.Length; done++)
            {
                if (done > 0 && done % ProgressEvery == 0) await progress.WriteLineAsync($"{done} of {mails.Length}");
                var report = await InspectAsync(mails[done], parsed.GetValue(from), hop, verdicts, cancel);
                failed |= report.Error is not null;
                await output.WriteLineAsync(report.ToJson());
            }
            return failed ? Sentences.Wrong : Sentences.Right;
        });
        command.TreatUnmatchedTokensAsErrors = true; // no configuration is read here
        return command;
    }

    private static LastHop? HopOf(string? ip, string? helo, string? mailFrom) =>
        ip is null ? null
        : IPAddress.TryParse(ip, out var client) ? new LastHop(client, helo ?? "", (mailFrom ?? "").Trim('<', '>', ' '))
        : throw new CommandFault($"--ip takes an address like 192.0.2.1, not {ip}");

    private static async Task<ZoneFile> ReadZoneAsync(FileInfo file, CancellationToken cancel)
    {
        try
        {
            return await ZoneFile.ReadAsync(file, cancel);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandFault($"The DNS answers cannot be read: {unusable.Message}");
        }
    }

    /// <returns>Null when it does not end within the bound: not every file tells its length.</returns>
    private static async Task<byte[]?> ReadAsync(FileInfo file, CancellationToken cancel)
    {
        await using var stream = file.Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var whole = new MemoryStream();
        var block = new byte[64 * 1024];
        while (await stream.ReadAsync(block, cancel) is > 0 and var read)
        {
            if (whole.Length + read > Largest) return null;
            whole.Write(block, 0, read);
        }
        return whole.ToArray();
    }

    private static async Task<InspectReport> InspectAsync(
        FileInfo file, string? envelopeFrom, LastHop? hop, Authenticity? verdicts, CancellationToken cancel)
    {
        byte[] raw;
        try
        {
            if (Directory.Exists(file.FullName)) return InspectReport.Failed(file.ToString(), "It is a folder: name the files in it");
            if (await ReadAsync(file, cancel) is not { } whole) return InspectReport.Failed(file.ToString(), $"It is longer than {Largest >> 20} MB, as no mail is");
            raw = whole;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return InspectReport.Failed(file.ToString(), unreadable.Message);
        }
        var mail = MailReader.Read(raw, new ReadingContext { EnvelopeFrom = envelopeFrom });
        return InspectReport.Of(file.ToString(), mail, verdicts is null ? null : await verdicts.JudgeAsync(raw, hop, cancel));
    }
}
