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

    /// <summary>Null when the account has no mailbox.</summary>
    public Mailbox? Mailbox { get; init; }

    public bool Answers(string address) =>
        Address.Equals(address, StringComparison.OrdinalIgnoreCase)
        || (Mailbox is { } mailbox && mailbox.ProxyAddresses.Contains(address, StringComparer.OrdinalIgnoreCase));
}

/// <summary>What Exchange knows about an account.</summary>
internal sealed record Mailbox
{
    /// <summary>"Authenticated SMTP" of Manage email apps; null inherits the organisation, a value wins over it.</summary>
    public bool? SmtpAuthEnabled { get; init; }

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

    /// <summary>Takes no mail: 554 5.2.1.</summary>
    public bool Disabled { get; init; }

    /// <summary>Keep a copy of forwarded email in this mailbox; without it forwarded mail exists only at the target.</summary>
    public bool KeepCopy { get; init; }

    /// <summary>Further addresses of the same mailbox.</summary>
    public ImmutableArray<string> ProxyAddresses { get; init; } = [];
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
