using System.Text.RegularExpressions;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Doctor;

/// <summary>
/// What a text means that somebody copied from a page of Microsoft, a log or a report about undelivered mail: which step, who, what
/// to do. Numbers decide; a few sentences stand for one number each.
/// </summary>
internal static partial class Explanations
{
    /// <summary>A whole report with its headers; more of a mail says nothing new.</summary>
    public const int Longest = 64 * 1024;

    private const int Most = 8;

    private static readonly (string Words, string Code)[] Said =
    [
        ("need admin approval", "AADSTS90094"),
        ("approval required", "AADSTS90094"),
        ("approbation de l’administrateur", "AADSTS90094"),
        ("approbation de l'administrateur", "AADSTS90094"),
        ("does not allow external forwarding", "550 5.7.520"),
        ("disabled for the tenant", "535 5.7.139 disabled for the Tenant"),
        ("disabled for the mailbox", "535 5.7.139"),
        ("authentication unsuccessful", "535 5.7.3"),
        ("invalid_client", "invalid_client"), ("unauthorized_client", "unauthorized_client"), ("access_denied", "access_denied"),
        ("invalid_scope", "invalid_scope"), ("invalid_grant", "invalid_grant"), ("temporarily_unavailable", "temporarily_unavailable"),
    ];

    /// <returns>The most telling first, each cause once; empty when nothing in the text is known.</returns>
    public static IReadOnlyList<Finding> Of(string text)
    {
        var bounded = text.Length > Longest ? text[..Longest] : text;
        List<Finding> found = [.. Numbers(bounded), .. Replies(bounded)];
        if (found.Count == 0) found.AddRange(Statuses(bounded));
        if (found.Count == 0) found.AddRange(Words(bounded));
        return [.. found.DistinctBy(finding => (finding.SetupStep, finding.What, finding.Fix)).Take(Most)];
    }

    private static IEnumerable<Finding> Numbers(string text) =>
        from Match match in AadSts().Matches(text)
        select Causes.Find(new OAuthError
        {
            Error = "Microsoft",
            Description = Line(text, match.Index),
            Codes = [long.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)],
        });

    private static IEnumerable<Finding> Replies(string text) =>
        from Match match in Reply().Matches(text)
        let words = $"{match.Groups["code"].Value} {match.Value[(match.Groups["status"].Index - match.Index)..].Trim(' ', '\'', '"')}"
        select OfReply(match.Groups["code"].Value, match.Groups["status"].Value, words, RecipientIn(text));

    private static IEnumerable<Finding> Statuses(string text) =>
        from Match match in Status().Matches(text)
        let status = match.Groups[1].Value
        select OfReply(status[0] == '4' ? "450" : "550", status, Line(text, match.Index), RecipientIn(text));

    private static IEnumerable<Finding> Words(string text)
    {
        foreach (var (words, code) in Said)
        {
            if (!text.Contains(words, StringComparison.OrdinalIgnoreCase)) continue;
            yield return code switch
            {
                _ when code.StartsWith("AADSTS", StringComparison.Ordinal) => Numbers($"{code}: {text.Trim()}").First(),
                _ when char.IsAsciiDigit(code[0]) => OfReply(code[..3], code[4..].Split(' ')[0], code.Length > 12 ? code : text.Trim(), ""),
                _ => Causes.Find(new OAuthError { Error = code, Description = text.Trim() }),
            };
        }
    }

    /// <summary>A reply to somebody who submits, or a report to somebody who wrote: the number says which.</summary>
    private static Finding OfReply(string code, string status, string words, string recipient)
    {
        var cause = Causes.OfSmtp($"{code} {status} {words}", isPassword: false);
        return cause.Check is "smtp-reply" or "provider" or SmtpCauses.Recipient || (cause is { Check: "mailbox" } && words.Contains("Deliver.Exception", StringComparison.Ordinal))
            ? code[0] == '4' && cause.Check == "provider" ? Causes.Find(cause, words) : ForwardingCauses.Of(recipient, status, words, app: null)
            : Causes.Find(cause, words);
    }

    private static string RecipientIn(string text) =>
        FinalRecipient().Match(text) is { Success: true } match ? match.Groups[1].Value.Trim() : "";

    private static string Line(string text, int at)
    {
        var start = at == 0 ? 0 : text.LastIndexOfAny(['\r', '\n'], at - 1) + 1;
        var end = text.IndexOfAny(['\r', '\n'], at);
        var line = (end < 0 ? text[start..] : text[start..end]).Trim();
        return line.Length > 1000 ? line[..1000] : line;
    }

    [GeneratedRegex(@"AADSTS(\d{3,12})")]
    private static partial Regex AadSts();

    [GeneratedRegex(@"(?<![\d.])(?<code>[45]\d\d)(?:[ -]#?|, b?['""])(?<status>[45]\.\d{1,3}\.\d{1,3})(?![\d.])[^\r\n]{0,400}")]
    private static partial Regex Reply();

    [GeneratedRegex(@"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")]
    private static partial Regex Status();

    [GeneratedRegex(@"^Final-Recipient:\s*rfc822;\s*([^\r\n]+)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex FinalRecipient();
}
