using System.Collections.Immutable;

namespace Passerelle.Lab.State;

/// <summary>One Entra directory with its people, its applications and its Exchange organisation. What its defaults say is the
/// posture of a directory on its first day (facts §10).</summary>
internal sealed record LabDirectory
{
    /// <summary>Directory (tenant) ID; unique in the host.</summary>
    public required Guid Id { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>Verified domains in lower case, the default one first; each belongs to one lab of the host only.</summary>
    public ImmutableArray<string> Domains { get; init; } = [];

    public ImmutableArray<LabUser> Users { get; init; } = [];
    public ImmutableArray<AppRegistration> Registrations { get; init; } = [];
    public ImmutableArray<EnterpriseApp> EnterpriseApps { get; init; } = [];
    public ImmutableArray<DelegatedGrant> Grants { get; init; } = [];
    public UserConsent UserConsent { get; init; } = UserConsent.MicrosoftManaged;

    /// <summary>Delegated permissions classified "low impact"; used by <see cref="UserConsent.LowImpact"/> only.</summary>
    public ImmutableArray<string> LowImpactScopes { get; init; } = ["openid", "profile", "email", "offline_access", "User.Read"];

    /// <summary>The admin consent workflow: the page offers a request to an administrator (AADSTS90095 instead of 90094).</summary>
    public bool AdminConsentRequests { get; init; }

    /// <summary>Everybody registers for MFA at the first sign-in, and older ways of signing in are blocked; on from the first
    /// day (facts §10).</summary>
    public bool SecurityDefaults { get; init; } = true;

    public ImmutableArray<AccessPolicy> AccessPolicies { get; init; } = [];
    public ImmutableArray<ResourceStanding> ResourceStandings { get; init; } = [];

    /// <summary>Its people may not use applications of other directories (AADSTS500212).</summary>
    public bool BlocksOutboundAccess { get; init; }

    /// <summary>People of other directories may not come in (AADSTS500213).</summary>
    public bool BlocksInboundAccess { get; init; }

    /// <summary>Days from sign-in after which no refresh helps (AADSTS700081); null is no limit.</summary>
    public int? RefreshTokenMaxDays { get; init; }

    /// <summary>Host of another cloud where this directory lives (AADSTS90038); null for the worldwide one.</summary>
    public string? NationalCloud { get; init; }

    /// <summary>The organisation switch (facts §5.9); off is the posture of a new directory (facts §10).</summary>
    public bool SmtpAuthEnabled { get; init; }

    /// <summary>What holds until a later change of that switch has taken effect, oldest first.</summary>
    public ImmutableArray<EarlierSmtpAuth> EarlierSmtpAuth { get; init; } = [];

    /// <summary>Basic authentication is gone for client submission: 550 5.7.30 (facts §5.10).</summary>
    public bool BasicAuthRetired { get; init; }

    public ImmutableArray<ExchangePrincipal> ExchangePrincipals { get; init; } = [];
    public ImmutableArray<ApplicationRole> ApplicationRoles { get; init; } = [];
    public ImmutableArray<ManagementScope> ManagementScopes { get; init; } = [];
    public ImmutableArray<ApplicationAccessPolicy> ApplicationAccessPolicies { get; init; } = [];
    public ImmutableArray<AuthenticationPolicy> AuthenticationPolicies { get; init; } = [];
    public GraphLimits GraphLimits { get; init; } = new();
    public SubmissionLimits SubmissionLimits { get; init; } = new();
    public SubmissionSettings Submission { get; init; } = new();

    /// <summary>As the admin wrote it; what holds now is <see cref="MailFlowAt"/>.</summary>
    public MailFlow MailFlow { get; init; } = new();

    /// <summary>What holds until a later change has taken effect, oldest first.</summary>
    public ImmutableArray<EarlierMailFlow> EarlierMailFlows { get; init; } = [];

    /// <summary>Lab minutes until a change of mail flow takes effect.</summary>
    public int MailFlowDelayMinutes { get; init; }

    /// <summary>Recipients of the directory whose mail lies elsewhere.</summary>
    public ImmutableArray<MailContact> Contacts { get; init; } = [];

    /// <summary>"Automatic forwarding" of the default anti-spam outbound policy.</summary>
    public AutoForwarding AutoForwarding
    {
        get => MailFlow.OutboundPolicies.FirstOrDefault(p => p.Is(MailFlow.Default))?.AutoForwardingMode ?? AutoForwarding.Automatic;
        init => MailFlow = MailFlow.With(new OutboundPolicy(MailFlow.Default, value));
    }

    /// <summary>Makes the directory's relying keys stable: an index into the host's pool.</summary>
    public int SigningKey { get; init; }

    public bool Owns(string domain) => Domains.Contains(domain, StringComparer.OrdinalIgnoreCase);

    public LabUser? User(Guid id) => Users.FirstOrDefault(u => u.Id == id);

    /// <summary>By primary or proxy address, case-insensitively.</summary>
    public AuthenticationPolicy? AuthenticationPolicy(string name) =>
        AuthenticationPolicies.FirstOrDefault(policy => policy.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public LabUser? UserByAddress(string address) => Users.FirstOrDefault(u => u.Answers(address));

    /// <summary>The settings that hold at that moment of lab time.</summary>
    public MailFlow MailFlowAt(DateTimeOffset now) => EarlierMailFlows.FirstOrDefault(e => e.Until > now)?.Flow ?? MailFlow;

    /// <summary>A change that takes effect after <see cref="MailFlowDelayMinutes"/>.</summary>
    public LabDirectory With(MailFlow flow, DateTimeOffset now) => this with
    {
        MailFlow = flow,
        EarlierMailFlows = MailFlowDelayMinutes == 0
            ? []
            : [.. EarlierMailFlows.Where(e => e.Until > now), new EarlierMailFlow(now.AddMinutes(MailFlowDelayMinutes), MailFlow)],
    };

    /// <summary>The organisation switch that holds at that moment of lab time.</summary>
    public bool SmtpAuthAt(DateTimeOffset now) => EarlierSmtpAuth.FirstOrDefault(e => e.Until > now)?.Enabled ?? SmtpAuthEnabled;

    public LabDirectory WithSmtpAuth(bool enabled, DateTimeOffset now) => this with
    {
        SmtpAuthEnabled = enabled,
        EarlierSmtpAuth = State.EarlierSmtpAuth.Add(EarlierSmtpAuth, SmtpAuthEnabled, now, Submission.SmtpAuthDelayMinutes),
    };

    public AppRegistration? Registration(Guid clientId) => Registrations.FirstOrDefault(r => r.ClientId == clientId);

    public EnterpriseApp? EnterpriseApp(Guid clientId) => EnterpriseApps.FirstOrDefault(e => e.ClientId == clientId);

    public Standing StandingOf(Guid resource) => ResourceStandings.FirstOrDefault(r => r.Resource == resource)?.Standing ?? Standing.Active;

    public bool RequiresAssignment(Guid resource) => ResourceStandings.Any(r => r.Resource == resource && r.AssignmentRequired);

    /// <summary>Replaces the user with the same id, or adds it.</summary>
    public LabDirectory With(LabUser user) => this with { Users = Users.Put(user, u => u.Id) };

    public LabDirectory With(AppRegistration app) => this with { Registrations = Registrations.Put(app, r => r.ClientId) };

    public LabDirectory With(EnterpriseApp app) => this with { EnterpriseApps = EnterpriseApps.Put(app, e => e.ClientId) };

    /// <summary>One grant per application, person and resource; a second one replaces the first.</summary>
    public LabDirectory With(DelegatedGrant grant) =>
        this with { Grants = Grants.Put(grant, g => (g.ClientId, g.UserId, g.Resource)) };
}

/// <summary>Whether mail may be forwarded to addresses outside (facts §6.2).</summary>
internal enum AutoForwarding
{
    /// <summary>System-controlled, which is off; the posture of a new directory.</summary>
    Automatic,
    On,
    Off,
}

/// <summary>Who may consent for themselves (facts §3.9).</summary>
internal enum UserConsent
{
    /// <summary>Do not allow user consent.</summary>
    Never,

    /// <summary>Allow user consent for apps from verified publishers, for selected permissions.</summary>
    LowImpact,

    /// <summary>Allow user consent for apps.</summary>
    Always,

    /// <summary>Let Microsoft manage your consent settings.</summary>
    MicrosoftManaged,
}
