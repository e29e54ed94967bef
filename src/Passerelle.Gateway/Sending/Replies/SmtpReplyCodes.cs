using System.Globalization;
using System.Text.RegularExpressions;

namespace Passerelle.Gateway.Sending.Replies;

/// <summary>The numbers that a reply begins with.</summary>
/// <param name="Code">Three digits (RFC 5321 §4.2.1); of a status alone, as reports quote them, the last of its class: 5.7.1 is 599. 0: there is none.</param>
/// <param name="Status">RFC 3463; empty when there is none.</param>
internal readonly partial record struct SmtpReplyCodes(int Code, string Status)
{
    /// <summary>2, 3, 4 or 5; 0: there is none.</summary>
    public int Class => Code / 100;

    public static SmtpReplyCodes Of(string reply)
    {
        var match = Numbers().Match(reply);
        var status = match.Groups["status"].Value;
        return match.Groups["code"] is { Success: true } code ? new SmtpReplyCodes(int.Parse(code.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture), status)
            : status.Length > 0 ? new SmtpReplyCodes(((status[0] - '0') * 100) + 99, status)
            : new SmtpReplyCodes(0, "");
    }

    /// <param name="pattern">"5.7.139", "5.7.x" or "5.7.501-5.7.503".</param>
    public bool IsIn(string pattern)
    {
        if (Status.Length == 0) return false;
        if (pattern.EndsWith('x')) return Status.StartsWith(pattern[..^1], StringComparison.Ordinal);
        var ends = pattern.Split('-');
        return ends.Length == 1
            ? Status == pattern
            : Subject(Status) == Subject(ends[0]) && Detail(Status) >= Detail(ends[0]) && Detail(Status) <= Detail(ends[1]);
    }

    private static string Subject(string status) => status[..status.LastIndexOf('.')];

    private static int Detail(string status) => int.Parse(status.AsSpan(status.LastIndexOf('.') + 1), NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*(?:(?<code>[2-5]\d\d)(?:[ -]+|$))?(?:#?(?<status>[245]\.\d{1,3}\.\d{1,3})\b)?", RegexOptions.NonBacktracking)]
    private static partial Regex Numbers();
}
