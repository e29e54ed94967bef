using System.Collections.Immutable;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Control;

/// <summary>Orders about people and their mailboxes: the admin center's half of the guide.</summary>
internal sealed class UserCommands
{
    public Change Add(DirectoryPlace place, UserOrder order)
    {
        if (!MailAddresses.IsOne(order.Address)) return new Change.Refused($"'{order.Address}' is not an address.");
        if (!place.Directory.Owns(MailAddresses.DomainOf(order.Address)))
            return new Change.Refused($"'{order.Address}' is not in a verified domain of {place.Directory.DisplayName}.");
        if (order.Password.Length == 0) return new Change.Refused("A user needs a password.");

        var user = new LabUser
        {
            Id = place.Lab.NewId(),
            Address = order.Address,
            DisplayName = order.DisplayName,
            Password = order.Password,
            Enabled = order.Enabled,
            Administrator = order.Administrator,
            Mailbox = order.Mailbox ? new Mailbox() : null,
        };
        return place.Lab.Change(state => state.Directory(place.Directory.Id) is not { } directory
            ? (state, (Change)new Change.Missing("The directory is gone."))
            : directory.UserByAddress(order.Address) is not null
                ? (state, new Change.Taken($"{order.Address} exists already."))
                : (state.With(directory.With(user)), new Change.Made(user)));
    }

    public Change Edit(UserPlace place, UserChangeOrder order) => place.Set(user => user with
    {
        DisplayName = order.DisplayName ?? user.DisplayName,
        Enabled = order.Enabled ?? user.Enabled,
        Administrator = order.Administrator ?? user.Administrator,
    });

    /// <summary>An administrator's reset revokes what was granted before (facts §1.12).</summary>
    public Change ResetPassword(UserPlace place, PasswordOrder order) => order.Password.Length == 0
        ? new Change.Refused("The password must not be empty.")
        : place.Set(user => user with
        {
            Password = order.Password,
            PasswordExpired = false,
            AtRisk = false,
            LockedUntil = default,
            FailedSignIns = 0,
            TokensValidFrom = place.Lab.Time.GetUtcNow(),
        });

    public Change RevokeSessions(UserPlace place) => place.Set(user => user with { TokensValidFrom = place.Lab.Time.GetUtcNow() });

    public Change SetSmtpAuth(UserPlace place, MailboxSmtpOrder order) => place.SetMailbox(m => WithSmtpAuth(place, m, order.Enabled));

    /// <summary>The whole of "Manage email apps". Authenticated SMTP and IMAP have an effect here: the lab serves no other app.</summary>
    public Change SetEmailApps(UserPlace place, bool smtp, ImmutableArray<EmailApp> blocked) =>
        place.SetMailbox(m => (smtp == m.SmtpAuthEnabled ? m : WithSmtpAuth(place, m, smtp)) with { BlockedApps = blocked });

    private static Mailbox WithSmtpAuth(UserPlace place, Mailbox mailbox, bool? enabled) =>
        mailbox.WithSmtpAuth(enabled, place.Lab.Time.GetUtcNow(), place.Directory.Submission.SmtpAuthDelayMinutes);

    /// <summary>Without a licence there is no mailbox; a new one is empty.</summary>
    public Change SetLicence(UserPlace place, SwitchOrder order) =>
        place.Set(user => user with { Mailbox = order.Enabled ? user.Mailbox ?? new Mailbox() : null });

    public Change SetBasicAuth(UserPlace place, SwitchOrder order) => place.SetMailbox(m => m with { BasicAuthAllowed = order.Enabled });

    /// <summary>Any address is taken, and nothing warns that a policy may block it: so does the real page (facts §8.18).</summary>
    public Change SetForwarding(UserPlace place, ForwardingOrder order)
    {
        if (order.Address is { } address && !MailAddresses.IsOne(address))
            return new Change.Refused($"'{address}' is not an address.", $"« {address} » n'est pas une adresse.");
        return place.SetMailbox(m => m with { ForwardingSmtpAddress = order.Address, KeepCopy = order.Address is not null && order.KeepCopy });
    }

    public Change SetProxyAddresses(UserPlace place, ProxyAddressesOrder order)
    {
        foreach (var address in order.Addresses)
        {
            if (!MailAddresses.IsOne(address) || !place.Directory.Owns(MailAddresses.DomainOf(address)))
                return new Change.Refused($"'{address}' is not an address in a verified domain.");
            if (place.Directory.UserByAddress(address) is { } other && other.Id != place.User.Id)
                return new Change.Taken($"{address} belongs to {other.Address}.");
        }

        ImmutableArray<string> addresses = order.Addresses;
        return place.SetMailbox(m => m with { ProxyAddresses = addresses });
    }
}
