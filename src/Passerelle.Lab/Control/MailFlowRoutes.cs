using System.Collections.Immutable;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Control;

/// <summary>Orders about how mail moves: policies, rules, contacts, and the state of a mailbox.</summary>
internal static class MailFlowRoutes
{
    private const int LongestDelayMinutes = 24 * 60;

    public static void MapMailFlow(this RouteGroupBuilder control)
    {
        const string directory = "/directories/{directory}";
        const string mailbox = directory + "/users/{user}/mailbox";
        control.MapGet(directory + "/mail-flow", (HttpContext call) => call.InDirectory(place => new Change.Done(place.Directory.MailFlow)).ToResult());
        control.Order<MailFlow>("PUT", directory + "/mail-flow", (call, flow) => call.InDirectory(place => SetFlow(place, flow)));
        control.Order<DelayOrder>("PUT", directory + "/mail-flow/delay", (call, order) => call.InDirectory(place => SetDelay(place, order)));
        control.Order<ContactsOrder>("PUT", directory + "/contacts", (call, order) => call.InDirectory(place => SetContacts(place, order)));
        control.Order<InboxRulesOrder>("PUT", mailbox + "/inbox-rules",
            (call, order) => call.OnUser(place => place.SetMailbox(m => m with { InboxRules = order.Rules })));
        control.Order<MailboxStateOrder>("PUT", mailbox + "/state",
            (call, order) => call.OnUser(place => place.SetMailbox(m => m with { Full = order.Full, Disabled = order.Disabled })));
        control.Order<ForwardingAddressOrder>("PUT", mailbox + "/forwarding-address",
            (call, order) => call.OnUser(place => place.SetMailbox(m => m with { ForwardingAddress = order.Recipient })));
        control.Order<DnsFaultsOrder>("PUT", "/labs/{lab}/dns-faults", (call, order) => SetDnsFaults(call, order));
        control.Order<DirectoryRolesOrder>("PUT", directory + "/apps/{app}/enterprise/directory-roles",
            (call, order) => call.OnApp(place => SetRoles(place, order)));
    }

    /// <summary>The whole of it at once; it takes effect after the directory's delay.</summary>
    public static Change SetFlow(DirectoryPlace place, MailFlow flow) =>
        flow.OutboundPolicies.Any(p => p.Is(MailFlow.Default)) && flow.RemoteDomains.Any(r => r.Name == MailFlow.Default)
            ? place.Set(d => d.With(flow, place.Lab.Time.GetUtcNow()))
            : new Change.Refused("The default outbound policy and the default remote domain cannot be removed.");

    private static Change SetDelay(DirectoryPlace place, DelayOrder order) => order.Minutes is < 0 or > LongestDelayMinutes
        ? new Change.Refused("0 minutes to 1440.")
        : place.Set(d => d with { MailFlowDelayMinutes = order.Minutes });

    private static Change SetContacts(DirectoryPlace place, ContactsOrder order) =>
        order.Contacts.FirstOrDefault(c => !place.Directory.Owns(MailAddresses.DomainOf(c.Address)) || !MailAddresses.IsOne(c.ExternalAddress)) is { } bad
            ? new Change.Refused($"'{bad.Address}' is not in a verified domain, or '{bad.ExternalAddress}' is not an address.")
            : place.Set(d => d with { Contacts = order.Contacts });

    private static Change SetDnsFaults(HttpContext call, DnsFaultsOrder order)
    {
        if (call.Commands<Labs>().Named(call.Route("lab")) is not { } lab) return LabCommands.NoLab(call.Route("lab"));
        lab.Change(state => state with { DnsFaults = [.. order.Faults.Select(f => f with { Name = f.Name.TrimEnd('.').ToLowerInvariant() })] });
        return new Change.Done();
    }

    private static Change SetRoles(AppPlace place, DirectoryRolesOrder order) => place.Lab.ChangeDirectory(place.Directory.Id, d =>
        d.EnterpriseApp(place.App.ClientId) is { } principal ? d.With(principal with { DirectoryRoles = order.Roles }) : d)
            ? new Change.Done()
            : new Change.Missing("The directory is gone.");
}

/// <param name="Minutes">Lab minutes until a change of mail flow takes effect.</param>
internal sealed record DelayOrder(int Minutes);

internal sealed record ContactsOrder(ImmutableArray<MailContact> Contacts);

internal sealed record InboxRulesOrder(ImmutableArray<InboxRule> Rules);

internal sealed record MailboxStateOrder(bool Full = false, bool Disabled = false);

/// <param name="Recipient">Address of a user or contact of the directory; null switches it off.</param>
internal sealed record ForwardingAddressOrder(string? Recipient);

internal sealed record DnsFaultsOrder(ImmutableArray<DnsFault> Faults);

/// <param name="Roles">Entra roles by name, such as <c>Exchange Administrator</c>.</param>
internal sealed record DirectoryRolesOrder(ImmutableArray<string> Roles);
