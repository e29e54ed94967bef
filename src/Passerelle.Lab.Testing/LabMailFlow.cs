using System.Text.Json;

namespace Passerelle.Lab.Testing;

/// <summary>How mail moves through one directory, through the control API. Bodies are those of the lab's state, camelCase.</summary>
public sealed class LabMailFlow(LabControl control, Guid directory)
{
    private readonly string _base = $"directories/{directory}/";

    public Task<JsonElement> GetAsync(CancellationToken cancel) => control.SendAsync(HttpMethod.Get, _base + "mail-flow", null, cancel);

    /// <summary>Replaces all of it; what is left out gets its default.</summary>
    public Task SetAsync(object flow, CancellationToken cancel) => control.SendAsync(HttpMethod.Put, _base + "mail-flow", flow, cancel);

    /// <param name="minutes">Lab minutes until a later change takes effect.</param>
    public Task SetDelayAsync(int minutes, CancellationToken cancel) =>
        control.SendAsync(HttpMethod.Put, _base + "mail-flow/delay", new { minutes }, cancel);

    public Task SetContactsAsync(IEnumerable<(string Name, string Address, string External)> contacts, CancellationToken cancel) =>
        control.SendAsync(HttpMethod.Put, _base + "contacts",
            new { contacts = contacts.Select(c => new { name = c.Name, address = c.Address, externalAddress = c.External }) }, cancel);

    /// <param name="rules">Each with id, name and what it does.</param>
    public Task SetInboxRulesAsync(string user, IEnumerable<object> rules, CancellationToken cancel) =>
        control.SendAsync(HttpMethod.Put, Mailbox(user) + "inbox-rules", new { rules }, cancel);

    public Task SetMailboxStateAsync(string user, bool full, bool disabled, CancellationToken cancel) =>
        control.SendAsync(HttpMethod.Put, Mailbox(user) + "state", new { full, disabled }, cancel);

    /// <param name="recipient">A user or contact of the directory; null switches it off.</param>
    public Task SetForwardingAddressAsync(string user, string? recipient, CancellationToken cancel) =>
        control.SendAsync(HttpMethod.Put, Mailbox(user) + "forwarding-address", new { recipient }, cancel);

    /// <param name="roles">Entra roles of an enterprise application, such as <c>Exchange Administrator</c>.</param>
    public Task SetDirectoryRolesAsync(Guid app, string[] roles, CancellationToken cancel) =>
        control.SendAsync(HttpMethod.Put, $"{_base}apps/{app}/enterprise/directory-roles", new { roles }, cancel);

    /// <param name="faults">Names with <c>nxDomain</c>, <c>servFail</c> or <c>timeout</c>; they replace those of before.</param>
    public Task SetDnsFaultsAsync(string lab, IEnumerable<(string Name, string Kind)> faults, CancellationToken cancel) =>
        control.SendAsync(HttpMethod.Put, $"labs/{lab}/dns-faults", new { faults = faults.Select(f => new { name = f.Name, kind = f.Kind }) }, cancel);

    private string Mailbox(string user) => $"{_base}users/{Uri.EscapeDataString(user)}/mailbox/";
}
