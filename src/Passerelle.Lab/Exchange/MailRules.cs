using MimeKit;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>What the mail flow rules of one organisation made of a mail.</summary>
internal abstract record Ruled
{
    private Ruled() { }

    public sealed record Passed(Transit Mail, IReadOnlyList<string> Recipients) : Ruled;

    /// <param name="Reply">For the report to the writer.</param>
    public sealed record Rejected(string Reply) : Ruled;

    public sealed record Deleted(string Rule) : Ruled;
}

/// <summary>Runs mail flow rules (facts/microsoft365.md §6.1, §6.2). A rule about auto-forwarded mail sees such mail only, and
/// the others do not see it again.</summary>
internal sealed class MailRules(Srs srs)
{
    /// <param name="recipients">Those of the mail that these rules are about.</param>
    public Ruled Run(LabDirectory directory, Transit mail, IReadOnlyList<string> recipients)
    {
        var now = mail.Lab.Time.GetUtcNow();
        var flow = directory.MailFlowAt(now);
        var headers = MessageIds.Headers(mail.Raw);
        var passed = new Ruled.Passed(mail with { RuledBy = mail.RuledBy.Add(directory.Id) }, recipients);
        foreach (var rule in flow.TransportRules.Where(rule => rule.Enabled).OrderBy(rule => rule.Priority))
        {
            if (rule.OnAutoForward != mail.AutoForwarded || !Fits(rule, directory, mail, headers, passed.Recipients)) continue;
            if (rule.RejectReason is { } reason) return new Ruled.Rejected(Rejection(rule.RejectStatus, reason));
            if (rule.DeleteMessage) return new Ruled.Deleted(rule.Name);
            passed = Act(rule, directory, passed, now);
            if (rule.StopsAfterwards) break;
        }

        return passed;
    }

    private Ruled.Passed Act(TransportRule rule, LabDirectory directory, Ruled.Passed passed, DateTimeOffset now)
    {
        var mail = passed.Mail;
        if (rule.PrependSubject is { Length: > 0 } prefix) mail = mail with { Raw = RawSubject.Prepend(mail.Raw, prefix) };
        if (rule.SetScl is { } scl) mail = mail with { Scl = scl };
        if (rule.Quarantine) mail = mail with { Quarantined = true };
        if (rule.RedirectTo.IsEmpty) return new(mail, [.. passed.Recipients, .. rule.BlindCopyTo, .. rule.AddRecipients]);
        if (passed.Recipients is [var first, ..] && rule.RedirectTo.Any(to => !directory.Owns(MailAddress.DomainOf(to))))
            mail = mail with { ReversePath = srs.Rewrite(mail.ReversePath, first, now) }; // it leaves in the first one's name
        return new(mail, [.. rule.RedirectTo, .. rule.BlindCopyTo]);
    }

    private static bool Fits(TransportRule rule, LabDirectory directory, Transit mail, HeaderList headers, IReadOnlyList<string> recipients)
    {
        var subject = headers[HeaderId.Subject] ?? "";
        return (rule.From.IsEmpty || rule.From.Any(from => IsFrom(from, mail, headers)))
            && (rule.SentTo.IsEmpty || recipients.Intersect(rule.SentTo, StringComparer.OrdinalIgnoreCase).Any())
            && (rule.FromScope is null || rule.FromScope == ScopeOf(mail.Origin == directory.Id))
            && (rule.SentToScope is null || recipients.Any(to => rule.SentToScope == ScopeOf(directory.Owns(MailAddress.DomainOf(to)))))
            && (rule.SubjectContainsWords.IsEmpty
                || rule.SubjectContainsWords.Any(word => subject.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }

    private static bool IsFrom(string address, Transit mail, HeaderList headers) =>
        mail.ReversePath.Equals(address, StringComparison.OrdinalIgnoreCase)
        || (InternetAddressList.TryParse(headers[HeaderId.From] ?? "", out var from)
            && from.Mailboxes.Any(box => box.Address.Equals(address, StringComparison.OrdinalIgnoreCase)));

    private static RuleScope ScopeOf(bool inside) => inside ? RuleScope.InOrganization : RuleScope.NotInOrganization;

    /// <summary>The report of a rule with <c>RejectMessageReasonText</c>.</summary>
    private static string Rejection(string status, string reason) =>
        $"550 {status} TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy. {reason}";
}
