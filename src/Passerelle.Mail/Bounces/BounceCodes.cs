using System.Text.RegularExpressions;
using Passerelle.Mail.Bounces.Reasons;

namespace Passerelle.Mail.Bounces;

/// <summary>Codes and reasons in the words of a report.</summary>
internal static partial class BounceCodes
{
    /// <returns>The first enhanced status (RFC 3463); null when there is none. An address of four numbers is none.</returns>
    public static string? StatusIn(string? text) =>
        text is not null && EnhancedStatus().Match(text) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>What the refusing server said itself, where that is more than "something failed" (x.0.0); else what the report says.</summary>
    public static string? Better(string? reported, string? quoted) =>
        quoted is null || (reported is not null && IsVague(quoted)) ? reported ?? quoted : quoted;

    public static bool IsVague(string status) => status.EndsWith(".0.0", StringComparison.Ordinal);

    /// <param name="words">What is said of this recipient.</param>
    /// <param name="around">The rest of the report, asked where the words themselves do not tell; "" when it speaks of others as well.</param>
    /// <param name="command">What a dialect's failures are about when its words do not tell; "" for nothing.</param>
    public static string Reason(string words, string around, string? status, string command = "")
    {
        command = SmtpCommand.In(words) is { Length: > 0 } told ? told : SmtpCommand.In(around) is { Length: > 0 } nearby ? nearby : command;
        var evidence = new ReasonEvidence(words, status, command);
        return ReasonJudge.IsSpokenOf(evidence) || around.Length == 0
            ? ReasonJudge.Judge(evidence)
            : ReasonJudge.Judge(new ReasonEvidence($"{words} {around}", status, command));
    }

    /// <summary>4 or 5, from the status, else the reply code, else whether the words speak of trying again.</summary>
    public static int ClassOf(string? status, string words) =>
        status is not null ? status[0] - '0' :
        ReplyCode().Match(words) is { Success: true } reply ? reply.Groups[1].Value[0] - '0' :
        Temporary().IsMatch(words) ? 4 : 5;

    [GeneratedRegex(@"(?<![\w.])([245]\.\d{1,3}\.\d{1,3})(?![\w.]*\d)")]
    private static partial Regex EnhancedStatus();

    [GeneratedRegex(@"(?:^|[\s:'(])([45]\d\d)[\s:-]", RegexOptions.NonBacktracking)]
    private static partial Regex ReplyCode();

    [GeneratedRegex(@"has been delayed|will be retried|will (?:continue to )?(?:re)?try|not yet been delivered|delay reason|temporar|retry timeout exceeded|have been failing for", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Temporary();
}
