using System.Collections.Immutable;

namespace Passerelle.Lab.State;

/// <summary>An application as Exchange knows it: what <c>New-ServicePrincipal</c> wrote down (facts §3.6).</summary>
/// <param name="ObjectId">As the admin typed it: right is the enterprise application's, and the registration's is the usual mistake.</param>
internal sealed record ExchangePrincipal(Guid AppId, Guid ObjectId, string DisplayName = "");

/// <summary>A role of RBAC for Applications (facts §3.7): it adds to what Entra consent gives.</summary>
/// <param name="Role">Such as <c>Application SMTP.SendAsApp</c>.</param>
/// <param name="AppId">Client id.</param>
/// <param name="Mailboxes">Primary addresses of the resource scope; empty covers every mailbox.</param>
internal sealed record ApplicationRole(string Name, string Role, Guid AppId, ImmutableArray<string> Mailboxes)
{
    public const string SmtpSendAsApp = "Application SMTP.SendAsApp";

    public bool Covers(string mailbox) => Mailboxes.IsEmpty || Mailboxes.Contains(mailbox, StringComparer.OrdinalIgnoreCase);
}

/// <summary>An application access policy (facts §3.8): holds for Graph and not for SMTP.</summary>
/// <param name="AppId">Client id.</param>
/// <param name="Deny">DenyAccess for these mailboxes; else RestrictAccess to them.</param>
/// <param name="Mailboxes">Primary addresses of the policy's group.</param>
internal sealed record ApplicationAccessPolicy(Guid AppId, bool Deny, ImmutableArray<string> Mailboxes)
{
    /// <summary>Deny wins; without any policy every mailbox is open.</summary>
    public static bool Blocks(IEnumerable<ApplicationAccessPolicy> policies, Guid appId, string mailbox)
    {
        ApplicationAccessPolicy[] own = [.. policies.Where(p => p.AppId == appId)];
        return own.Any(p => p.Deny && p.Covers(mailbox)) || (own.Any(p => !p.Deny) && !own.Any(p => !p.Deny && p.Covers(mailbox)));
    }

    private bool Covers(string mailbox) => Mailboxes.Contains(mailbox, StringComparer.OrdinalIgnoreCase);
}

/// <summary>How much one application may ask of one mailbox through Graph (facts §4.3). Times are lab time.</summary>
internal sealed record GraphLimits
{
    public int Concurrent { get; init; } = 4;

    /// <summary>In any ten minutes.</summary>
    public int Requests { get; init; } = 10_000;

    /// <summary>In any five minutes.</summary>
    public long UploadBytes { get; init; } = 150L * 1024 * 1024;
}

/// <summary>What one directory may submit (facts §5.8). Times are lab time.</summary>
internal sealed record SubmissionLimits
{
    /// <summary>At once, of one mailbox.</summary>
    public int Connections { get; init; } = 3;

    /// <summary>Of one mailbox; what is over is delayed and not refused.</summary>
    public int MessagesPerMinute { get; init; } = 30;

    /// <summary>Of one mailbox in any 24 hours.</summary>
    public int RecipientsPerDay { get; init; } = 10_000;

    /// <summary><c>RecipientLimits</c>, 1 to 1000.</summary>
    public int RecipientsPerMessage { get; init; } = 500;

    /// <summary>To other organisations from addresses of <c>*.onmicrosoft.com</c>, of the directory in any 24 hours.</summary>
    public int InitialDomainPerDay { get; init; } = 100;

    /// <summary>Non-trial mail licences; null counts the mailboxes.</summary>
    public int? Licences { get; init; }

    public bool Trial { get; init; }

    /// <summary>To other organisations, of the directory in any 24 hours; null follows the licences.</summary>
    public int? ExternalPerDay { get; init; }

    /// <summary>Tenant external recipient rate limit: <c>500 × licences ^ 0.7 + 9500</c>; 5,000 for a trial.</summary>
    public int ExternalRecipients(int mailboxes) => ExternalPerDay
        ?? (Trial ? 5_000 : (int)Math.Round((500 * Math.Pow(Math.Max(1, Licences ?? mailboxes), 0.7)) + 9_500));
}
