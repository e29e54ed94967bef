using System.Text.RegularExpressions;
using MimeKit;

namespace Passerelle.Mail.Bounces.Dialects;

/// <param name="Recipient">Bare address.</param>
/// <param name="Words">What the report says of it, as it stands.</param>
internal sealed record ToldFailure(string Recipient, string Words);

/// <param name="Failures">Empty when the dialect is known and its recipients are not found.</param>
internal sealed record Told(Dialect Dialect, IReadOnlyList<ToldFailure> Failures);

/// <summary>Finds out which dialect a report is written in, and who it says failed.</summary>
internal static class DialectReader
{
    private const int MostRecipients = 500;

    public static Told? Read(MimeMessage message, ReportText report)
    {
        var spoken = Spoken.Of(report.Own);
        string worn = Worn(message);
        foreach (Dialect dialect in KnownDialects.All)
        {
            if (dialect.Wears.Length > 0 && !dialect.Wears.Any(words => Spoken.Says(worn, words))) continue;
            foreach (string words in dialect.Says)
            {
                if (spoken.Opening(words) is { } opening) return new Told(dialect, Failures(dialect, dialect.Anywhere ? report.Own : report.Own[opening..]));
            }
        }
        return null;
    }

    /// <summary>For reports in no known dialect: any form, anywhere.</summary>
    public static IReadOnlyList<ToldFailure> Guess(ReportText report) =>
        [.. KnownDialects.AnyForm.Select(form => Blocks(form, report.Own)).FirstOrDefault(found => found.Count > 0) ?? []];

    private static List<ToldFailure> Failures(Dialect dialect, string text) =>
        dialect.Recipients.Select(form => Blocks(form, text, dialect.WordsBefore)).FirstOrDefault(found => found.Count > 0) ?? [];

    private static List<ToldFailure> Blocks(Regex form, string text, bool before = false)
    {
        Match[] found = [.. form.Matches(text).Take(MostRecipients)];
        var failures = new List<ToldFailure>();
        for (int i = 0; i < found.Length; i++)
        {
            int from = !before ? found[i].Index : i == 0 ? 0 : found[i - 1].Index + found[i - 1].Length;
            int to = before ? found[i].Index + found[i].Length : i + 1 < found.Length ? found[i + 1].Index : text.Length;
            string address = found[i].Groups["to"].Value.TrimEnd('.', ',', ';'), words = text[from..to].Trim();
            int known = failures.FindIndex(one => AddressText.Same(one.Recipient, address));
            if (known < 0) failures.Add(new ToldFailure(address, words));
            else failures[known] = failures[known] with { Words = $"{failures[known].Words}\n{words}" };
        }
        return failures;
    }

    private static string Worn(MimeMessage message) => string.Join('\n', message.Headers
        .Where(header => header.Id is HeaderId.From or HeaderId.Subject or HeaderId.Sender or HeaderId.XMailer || header.Field.StartsWith("X-", StringComparison.OrdinalIgnoreCase))
        .Select(header => $"{header.Field}: {header.Value}".ToLowerInvariant()));
}
