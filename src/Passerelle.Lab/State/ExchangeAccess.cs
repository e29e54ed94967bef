using System.Collections.Immutable;
using System.Text.RegularExpressions;

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

    /// <summary>Name of a <see cref="ManagementScope"/>, which then decides alone; null without one.</summary>
    public string? Scope { get; init; }

    public bool Covers(LabDirectory directory, LabUser user) => Scope is { } scope
        ? directory.ManagementScopes.FirstOrDefault(s => s.Is(scope))?.Holds(user) == true
        : Mailboxes.IsEmpty || Mailboxes.Contains(user.Address, StringComparer.OrdinalIgnoreCase);
}

/// <summary>Which mailboxes a role covers: comparisons of one property, joined by <c>-or</c> (facts §3.7).</summary>
/// <param name="Filter">As the admin typed it, such as <c>PrimarySmtpAddress -eq 'support@contoso.com'</c>.</param>
internal sealed partial record ManagementScope(string Name, string Filter)
{
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the lab understands the filter. It has no groups, so <c>MemberOfGroup</c> is none.</summary>
    public static bool IsFilter(string filter) => Parts(filter).All(part => part.Success);

    public bool Holds(LabUser user) => user.Mailbox is not null && Parts(Filter).Any(part => Fits(part, user));

    private static IEnumerable<Match> Parts(string filter) =>
        filter.Split(" -or ", StringSplitOptions.TrimEntries).Select(part => Comparison().Match(part.Trim('(', ')', ' ')));

    private static bool Fits(Match part, LabUser user)
    {
        if (!part.Success) return false;
        var value = part.Groups[1].Value.ToUpperInvariant() switch
        {
            "ALIAS" => user.Address[..user.Address.LastIndexOf('@')],
            "DISPLAYNAME" => user.DisplayName,
            _ => user.Address,
        };
        var wanted = part.Groups[3].Value;
        return part.Groups[2].Value.Equals("eq", StringComparison.OrdinalIgnoreCase)
            ? value.Equals(wanted, StringComparison.OrdinalIgnoreCase)
            : System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(wanted, value);
    }

    [GeneratedRegex(@"^(PrimarySmtpAddress|UserPrincipalName|Alias|DisplayName)\s+-(eq|like)\s+'([^']*)'$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Comparison();
}

/// <summary>Where a password is taken, for the people who stand under it (facts §5.9); a new one refuses it. Tokens are not its matter.</summary>
internal sealed record AuthenticationPolicy(string Name, bool AllowBasicAuthSmtp);

/// <summary>The older way to keep an application out of mailboxes (facts §3.8); it does not hold for SMTP.</summary>
/// <param name="Scope">Address of the mailbox that it is about.</param>
internal sealed record ApplicationAccessPolicy(Guid Id, Guid AppId, string Scope, ApplicationAccess Right, string Description)
{
    /// <summary>"Deny wins"; a policy that restricts denies what is outside its scope.</summary>
    public static bool Allows(LabDirectory directory, Guid app, LabUser user)
    {
        var own = directory.ApplicationAccessPolicies.Where(p => p.AppId == app).ToArray();
        if (own.Any(p => p.Right is ApplicationAccess.DenyAccess && user.Answers(p.Scope))) return false;
        var restricting = own.Where(p => p.Right is ApplicationAccess.RestrictAccess).ToArray();
        return restricting.Length == 0 || restricting.Any(p => user.Answers(p.Scope));
    }
}

internal enum ApplicationAccess
{
    RestrictAccess,
    DenyAccess,
}

/// <summary>What a switch of SMTP AUTH still is, because its change has not taken effect yet (facts §5.4: minutes to an hour).</summary>
/// <param name="Until">Lab time.</param>
/// <param name="Enabled">Null of a mailbox inherits the organisation.</param>
internal sealed record EarlierSmtpAuth(DateTimeOffset Until, bool? Enabled)
{
    /// <summary>The list after one more change.</summary>
    public static ImmutableArray<EarlierSmtpAuth> Add(ImmutableArray<EarlierSmtpAuth> earlier, bool? was, DateTimeOffset now, int minutes) =>
        minutes == 0 ? [] : [.. earlier.Where(e => e.Until > now), new EarlierSmtpAuth(now.AddMinutes(minutes), was)];
}

/// <summary>How one organisation treats what it is given to send.</summary>
internal sealed record SubmissionSettings
{
    /// <summary>Each mail gets a Message-ID of the service instead of the client's. Whether Exchange does so is not known
    /// (facts §5.2), so it is a switch.</summary>
    public bool RewritesMessageIds { get; init; }

    /// <summary><c>SendFromAliasEnabled</c>: a proxy address in From stays; without it the primary address takes its place
    /// (facts §5.7).</summary>
    public bool SendFromAlias { get; init; }

    /// <summary><c>AllowLegacyTLSClients</c> (facts §5.9).</summary>
    public bool AllowLegacyTls { get; init; }

    public ReplyAge Replies { get; init; }

    /// <summary>Lab minutes until a change of an SMTP AUTH switch takes effect, the organisation's or a mailbox's.</summary>
    public int SmtpAuthDelayMinutes { get; init; }
}

/// <summary>The words of a refusal have changed over the years, and clients still look for the older ones (facts §5.5).</summary>
internal enum ReplyAge
{
    Current,

    /// <summary>554 5.2.0 SendAsDeniedException, 550 5.1.8, 432 sender thread limit.</summary>
    Older,

    /// <summary>As older, and 550 5.7.60 for the wrong sender.</summary>
    Oldest,
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

    /// <summary>Octets of one mail as it is sent; 35 MB by default, at most 150 MB.</summary>
    public int MessageBytes { get; init; } = 35 * 1024 * 1024;

    /// <summary>When the directory was made, lab time: a young one may send less (facts §10). Null: long ago.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Non-trial mail licences; null counts the mailboxes.</summary>
    public int? Licences { get; init; }

    public bool Trial { get; init; }

    /// <summary>To other organisations, of the directory in any 24 hours; null follows the licences.</summary>
    public int? ExternalPerDay { get; init; }

    /// <summary>Tenant external recipient rate limit: <c>500 × licences ^ 0.7 + 9500</c>; 5,000 for a trial. Of that a tenth in
    /// the first 31 days and a quarter until the 60th; then 500 for a trial.</summary>
    /// <param name="age">Of the directory; null: old.</param>
    public int ExternalRecipients(int mailboxes, TimeSpan? age = null)
    {
        if (ExternalPerDay is { } own) return own;
        if (Trial) return age?.TotalDays <= 60 ? 500 : 5_000;
        var full = (500 * Math.Pow(Math.Max(1, Licences ?? mailboxes), 0.7)) + 9_500;
        return (int)Math.Round(full * (age?.TotalDays switch { < 31 => 0.1, <= 60 => 0.25, _ => 1 }));
    }
}
