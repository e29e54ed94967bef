using System.Collections.Immutable;

namespace Passerelle.Lab.State;

/// <summary>One account of a directory.</summary>
internal sealed record LabUser
{
    /// <summary>Object id (<c>oid</c>).</summary>
    public required Guid Id { get; init; }

    /// <summary>User principal name and primary mail address in one, as written by the admin.</summary>
    public required string Address { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>In clear on purpose: these people are invented, and a lab is described by a file that a person writes.</summary>
    public required string Password { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>May consent for the whole organisation.</summary>
    public bool Administrator { get; init; }

    /// <summary>Grants and sessions of an earlier sign-in are revoked (AADSTS50173), lab time.</summary>
    public DateTimeOffset TokensValidFrom { get; init; }

    /// <summary>AADSTS50055 until a new password is set.</summary>
    public bool PasswordExpired { get; init; }

    /// <summary>Signs in without a password, so a password never fits (AADSTS50056).</summary>
    public bool Passwordless { get; init; }

    /// <summary>AADSTS50135 until an administrator resets the password.</summary>
    public bool AtRisk { get; init; }

    public bool MfaRegistered { get; init; }

    /// <summary>Wrong passwords since the last right one.</summary>
    public int FailedSignIns { get; init; }

    /// <summary>AADSTS50053 until then, lab time.</summary>
    public DateTimeOffset LockedUntil { get; init; }

    /// <summary>Name of the directory's policy that says where a password is taken; null stands under none.</summary>
    public string? AuthenticationPolicy { get; init; }

    /// <summary>Null when the account has no mailbox.</summary>
    public Mailbox? Mailbox { get; init; }

    public bool StandsUnder(AuthenticationPolicy policy) => policy.Name.Equals(AuthenticationPolicy, StringComparison.OrdinalIgnoreCase);

    public bool Answers(string address) =>
        Address.Equals(address, StringComparison.OrdinalIgnoreCase)
        || (Mailbox is { } mailbox && mailbox.ProxyAddresses.Contains(address, StringComparer.OrdinalIgnoreCase));
}

/// <summary>What Exchange knows about an account.</summary>
internal sealed record Mailbox
{
    /// <summary>"Authenticated SMTP" of Manage email apps; null inherits the organisation, a value wins over it.</summary>
    public bool? SmtpAuthEnabled { get; init; }

    /// <summary>What holds until a later change of that box has taken effect, oldest first.</summary>
    public ImmutableArray<EarlierSmtpAuth> EarlierSmtpAuth { get; init; } = [];

    /// <summary>The other boxes of Manage email apps that are not ticked.</summary>
    public ImmutableArray<EmailApp> BlockedApps { get; init; } = [];

    /// <summary>Whether AUTH LOGIN with the password is accepted (facts §5.10).</summary>
    public bool BasicAuthAllowed { get; init; }

    /// <summary>Address without the <c>smtp:</c> prefix; null when nothing is forwarded.</summary>
    public string? ForwardingSmtpAddress { get; init; }

    /// <summary>A recipient of the directory, by address; wins over <see cref="ForwardingSmtpAddress"/> (facts §6.1).</summary>
    public string? ForwardingAddress { get; init; }

    /// <summary>Who may write on behalf of this mailbox, by address.</summary>
    public ImmutableArray<string> GrantSendOnBehalfTo { get; init; } = [];

    /// <summary>In the order of their making; they run by priority.</summary>
    public ImmutableArray<InboxRule> InboxRules { get; init; } = [];

    /// <summary>Nothing more fits in: 554 5.2.2.</summary>
    public bool Full { get; init; }

    /// <summary>Object ids of the people and applications with Full Access.</summary>
    public ImmutableArray<Guid> FullAccess { get; init; } = [];

    /// <summary>Object ids of those who may send as this mailbox.</summary>
    public ImmutableArray<Guid> SendAs { get; init; } = [];

    /// <summary>Blocked for sending spam, listed under Restricted entities: 554 5.2.0 OutboundSpamException.</summary>
    public bool Restricted { get; init; }

    /// <summary>Takes no mail: 554 5.2.1.</summary>
    public bool Disabled { get; init; }

    /// <summary>Keep a copy of forwarded email in this mailbox; without it forwarded mail exists only at the target.</summary>
    public bool KeepCopy { get; init; }

    /// <summary>Further addresses of the same mailbox.</summary>
    public ImmutableArray<string> ProxyAddresses { get; init; } = [];

    /// <summary>The box that holds at that moment of lab time.</summary>
    public bool? SmtpAuthAt(DateTimeOffset now) =>
        EarlierSmtpAuth.FirstOrDefault(e => e.Until > now) is { } earlier ? earlier.Enabled : SmtpAuthEnabled;

    /// <param name="minutes">Until it takes effect.</param>
    public Mailbox WithSmtpAuth(bool? enabled, DateTimeOffset now, int minutes) => this with
    {
        SmtpAuthEnabled = enabled,
        EarlierSmtpAuth = State.EarlierSmtpAuth.Add(EarlierSmtpAuth, SmtpAuthEnabled, now, minutes),
    };
}

/// <summary>Apps of Manage email apps besides Authenticated SMTP, in the page's order (facts §8.17).</summary>
internal enum EmailApp
{
    OutlookOnTheWeb,
    OutlookDesktop,
    ExchangeWebServices,
    ActiveSync,
    Imap,
    Pop,
}
