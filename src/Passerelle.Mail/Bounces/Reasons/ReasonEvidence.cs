using System.Text.RegularExpressions;

namespace Passerelle.Mail.Bounces.Reasons;

/// <summary>What is known of one failure when its reason is judged.</summary>
/// <param name="Words">What the server said, as the report quotes it.</param>
/// <param name="Status">RFC 3463; null when no code is given.</param>
/// <param name="Command">The SMTP command that was answered: CONN, EHLO, MAIL, RCPT or DATA; "" when the report does not tell.</param>
internal sealed partial record ReasonEvidence(string Words, string? Status, string Command)
{
    /// <summary>Lower case, one space between words, one line: the codes that only continue a reply (RFC 5321 §4.2.1) are gone.</summary>
    public string Spoken { get; } = Spaces().Replace(Continuation().Replace(Words, " "), " ").ToLowerInvariant();

    [GeneratedRegex(@"(?<=\s)(?:<<<\s)?[245]\d\d(?:-(?:[245]\.\d{1,3}\.\d{1,3}\s)?|\s[245]\.\d{1,3}\.\d{1,3}\s)")]
    private static partial Regex Continuation();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();
}
