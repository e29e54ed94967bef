using System.Collections.Immutable;

namespace Passerelle.Lab.State;

/// <summary>How mail may move through one Exchange organisation (facts §6.2): policies, remote domains and rules, changed
/// together so that they take effect together.</summary>
internal sealed record MailFlow
{
    /// <summary>The policy that every directory has; it holds where no custom one does.</summary>
    public const string Default = "Default";

    public ImmutableArray<OutboundPolicy> OutboundPolicies { get; init; } = [new(Default)];
    public ImmutableArray<OutboundRule> OutboundRules { get; init; } = [];
    public ImmutableArray<RemoteDomain> RemoteDomains { get; init; } = [new(Default, "*")];
    public ImmutableArray<TransportRule> TransportRules { get; init; } = [];
    public ImmutableArray<ContentRule> ContentRules { get; init; } = [];
    public ImmutableArray<EdgeBlock> EdgeBlocks { get; init; } = [];

    /// <summary>Directory-based edge blocking: an unknown recipient is refused at RCPT (550 5.4.1); without it the mail is
    /// taken and its writer gets a report (550 5.1.10).</summary>
    public bool EdgeBlocking { get; init; } = true;

    /// <summary>A mail that fails a DMARC policy of reject is refused (550 5.7.509); without it, it is junk.</summary>
    public bool HonorDmarc { get; init; }

    /// <summary>Mail from outside in the name of the organisation's own domains is refused (550 5.7.68).</summary>
    public bool RejectDirectSend { get; init; }

    public SrsForm SrsForm { get; init; }

    /// <summary>Domains behind an on-premises connector: SRS does not rewrite towards them (facts §6.3).</summary>
    public ImmutableArray<string> OnPremisesDomains { get; init; } = [];

    /// <summary>Mail that was not genuine when it came is forwarded from the relay pool, its sender as it was (facts §6.3).</summary>
    public bool RelayPool { get; init; }

    /// <summary>Forwarded and submitted mail is signed by <c>{name}.onmicrosoft.com</c>, as until the admin switches on DKIM
    /// for his own domain.</summary>
    public bool SignWithInitialDomain { get; init; }

    /// <summary>What holds for a sender: the first enabled rule that names him, else the default policy.</summary>
    public OutboundPolicy PolicyOf(string sender)
    {
        OutboundRule? rule = OutboundRules.Where(r => r.Enabled).OrderBy(r => r.Priority).FirstOrDefault(r => r.Names(sender));
        return OutboundPolicies.FirstOrDefault(p => p.Is(rule?.Policy ?? Default)) ?? new OutboundPolicy(Default);
    }

    /// <summary>The entry that fits best: the whole name, then <c>*.domain</c>, then <c>*</c>.</summary>
    public RemoteDomain RemoteDomainOf(string domain) =>
        RemoteDomains.Where(r => r.Fits(domain)).MaxBy(r => r.DomainName.TrimStart('*', '.').Length) ?? new RemoteDomain(Default, "*");

    public MailFlow With(OutboundPolicy policy) => this with { OutboundPolicies = OutboundPolicies.Put(policy, p => p.Name.ToLowerInvariant()) };

    public MailFlow With(OutboundRule rule) => this with { OutboundRules = OutboundRules.Put(rule, r => r.Name.ToLowerInvariant()) };

    public MailFlow With(RemoteDomain domain) => this with { RemoteDomains = RemoteDomains.Put(domain, r => r.Name.ToLowerInvariant()) };

    public MailFlow With(TransportRule rule) => this with { TransportRules = TransportRules.Put(rule, r => r.Name.ToLowerInvariant()) };
}

/// <summary>Mail flow settings that still hold, because what replaced them has not taken effect yet.</summary>
/// <param name="Until">Lab time.</param>
internal sealed record EarlierMailFlow(DateTimeOffset Until, MailFlow Flow);

/// <summary>An anti-spam outbound policy.</summary>
internal sealed record OutboundPolicy(string Name, AutoForwarding AutoForwardingMode = AutoForwarding.Automatic)
{
    /// <summary>Recipients outside, of one mailbox in an hour; 0 is the service's own limit (facts §5.8).</summary>
    public int ExternalPerHour { get; init; }

    /// <summary>Recipients inside, of one mailbox in an hour; 0 as above.</summary>
    public int InternalPerHour { get; init; }

    /// <summary>Recipients of one mailbox in 24 hours; 0 as above.</summary>
    public int PerDay { get; init; }

    /// <summary>Whoever goes over a limit may send nothing more until an admin frees him; without it only an alert is raised.</summary>
    public bool RestrictsSender { get; init; } = true;

    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Gives a custom outbound policy to senders.</summary>
internal sealed record OutboundRule(string Name, string Policy, ImmutableArray<string> From, ImmutableArray<string> SenderDomains, int Priority = 0)
{
    public bool Enabled { get; init; } = true;

    public bool Names(string sender) =>
        From.Contains(sender, StringComparer.OrdinalIgnoreCase)
        || SenderDomains.Contains(sender[(sender.LastIndexOf('@') + 1)..], StringComparer.OrdinalIgnoreCase);
}

/// <param name="DomainName">A domain, <c>*.domain</c> for those below it as well, or <c>*</c>.</param>
internal sealed record RemoteDomain(string Name, string DomainName, bool AutoForwardEnabled = true)
{
    public bool Fits(string domain) => DomainName == "*"
        || domain.Equals(DomainName.TrimStart('*', '.'), StringComparison.OrdinalIgnoreCase)
        || (DomainName.StartsWith("*.", StringComparison.Ordinal) && domain.EndsWith(DomainName[1..], StringComparison.OrdinalIgnoreCase));
}

/// <summary>Which SRS form a forward gets when both would fit (facts §6.3).</summary>
internal enum SrsForm
{
    /// <summary><c>{box}+SRS=…={domain}={local}@…</c></summary>
    Sender,

    /// <summary><c>bounces+SRS=…@…</c></summary>
    Bounces,
}

/// <summary>What the spam filter makes of a mail; the first rule that fits decides. A part that is null fits everything.</summary>
/// <param name="SenderContains">In the reverse-path.</param>
internal sealed record ContentRule(string? SenderContains, string? SubjectContains, SpamVerdict Verdict);

internal enum SpamVerdict
{
    Clean,
    Junk,
    Quarantine,
}

/// <summary>Somebody whom the edge refuses.</summary>
/// <param name="Who">Sender address, sender domain or IP address.</param>
/// <param name="Status">Enhanced status of the refusal, such as <c>5.7.511</c> or <c>4.7.500</c>.</param>
internal sealed record EdgeBlock(string Who, string Status);
