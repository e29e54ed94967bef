using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>Whether a mailbox may forward to an address by itself (facts/microsoft365.md §6.2). All controls must allow; a
/// mail flow rule about auto-forwarded mail has its say later, as for any mail.</summary>
internal enum ForwardPolicy
{
    Allowed,

    /// <summary>The remote domain forbids it: the forward is dropped and nobody is told.</summary>
    Dropped,

    /// <summary>The outbound policy forbids it: the writer is told (5.7.520).</summary>
    Forbidden,
}

internal static class ForwardPolicies
{
    public static ForwardPolicy PolicyFor(this MailFlow flow, LabDirectory directory, string mailbox, string target)
    {
        var domain = MailAddress.DomainOf(target);
        if (directory.Owns(domain)) return ForwardPolicy.Allowed;
        if (!flow.RemoteDomainOf(domain).AutoForwardEnabled) return ForwardPolicy.Dropped;
        return flow.PolicyOf(mailbox).AutoForwardingMode is AutoForwarding.On ? ForwardPolicy.Allowed : ForwardPolicy.Forbidden;
    }

    /// <summary>Where the mailbox forwards, or null. A recipient of the directory wins over a plain address (§6.1).</summary>
    public static string? ForwardTarget(this LabDirectory directory, Mailbox mailbox) =>
        mailbox.ForwardingAddress is { } recipient
            ? directory.Contact(recipient)?.ExternalAddress ?? recipient
            : mailbox.ForwardingSmtpAddress;

    public static MailContact? Contact(this LabDirectory directory, string address) =>
        directory.Contacts.FirstOrDefault(c => c.Address.Equals(address, StringComparison.OrdinalIgnoreCase));
}
