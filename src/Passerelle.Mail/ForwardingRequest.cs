using System.Text.RegularExpressions;

namespace Passerelle.Mail;

/// <summary>
/// What a provider asks before it forwards a mailbox (facts §9, Gmail): who asks, the code to type at the mailbox, and the
/// link that says yes. The mail is localised, so only what is the same in every language is looked for.
/// </summary>
/// <param name="Mailbox">Who wants to forward; "" when the mail does not say.</param>
/// <param name="Code">Digits.</param>
/// <param name="Link">https; "" when the mail has none.</param>
public sealed partial record ForwardingRequest(string Mailbox, string Code, string Link)
{
    public const string GoogleSender = "forwarding-noreply@google.com";

    /// <param name="text">The mail as plain text.</param>
    /// <param name="hosts">Where a link may lead; one to another host is left out.</param>
    /// <returns>Null when the mail names no code.</returns>
    public static ForwardingRequest? Find(string subject, string text, IReadOnlyCollection<string> hosts)
    {
        if (SubjectCode().Match(subject) is not { Success: true } code) return null;
        var mailbox = Address().Match(subject) is { Success: true } named ? named : Address().Match(text);
        var link = LinkText().Matches(text).Select(match => match.Value).FirstOrDefault(url => LeadsTo(url, hosts));
        return new(mailbox.Value, code.Groups["code"].Value, link ?? "");
    }

    /// <param name="hosts">host, or host:port where it is not 443.</param>
    /// <returns>True for https to exactly one of the hosts, without a name in front.</returns>
    public static bool LeadsTo(string url, IReadOnlyCollection<string> hosts) =>
        Uri.TryCreate(url, UriKind.Absolute, out var link)
        && link is { Scheme: "https", UserInfo: "" }
        && hosts.Contains(link.Authority, StringComparer.OrdinalIgnoreCase);

    /// <summary>"(#123456789) Gmail Forwarding Confirmation - …": the number is the code in every language.</summary>
    [GeneratedRegex(@"\(#(?<code>\d{4,20})\)", RegexOptions.NonBacktracking)]
    private static partial Regex SubjectCode();

    [GeneratedRegex(@"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    /// <summary>The token is percent-encoded (%5B…%5D) or holds brackets as they are.</summary>
    [GeneratedRegex(@"https://[A-Za-z0-9.-]+/mail/vf-[^\s<>""]{4,1000}", RegexOptions.NonBacktracking)]
    private static partial Regex LinkText();
}
