using System.Text.Json.Nodes;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Admin;

/// <summary>Mailboxes, their forwarding and their plans (steps X1, F1 and F2 of facts §7.1).</summary>
internal static class MailboxCmdlets
{
    private const string Plan = "ExchangeOnlineEnterprise";

    public static readonly Cmdlet[] All =
    [
        new("Get-Mailbox", CmdletNeed.Read, ["Identity", "Filter", "RecipientTypeDetails"], call => Mailboxes(call).Select(u => Show(call.Directory, u))),
        new("Get-EXOMailbox", CmdletNeed.Read, ["Identity", "UserPrincipalName", "PropertySets", "Properties", "RecipientTypeDetails"],
            call => Mailboxes(call).Select(u => Show(call.Directory, u))),
        new("Set-Mailbox", CmdletNeed.Recipients,
            ["Identity", "ForwardingSmtpAddress", "ForwardingAddress", "DeliverToMailboxAndForward", "GrantSendOnBehalfTo", "EmailAddresses", "DisplayName"],
            Set),
        new("Get-MailboxPlan", CmdletNeed.Read, ["Identity"], _ =>
        [
            new JsonObject
            {
                ["Identity"] = Plan, ["DisplayName"] = Plan, ["IsDefault"] = true,
                ["MaxSendSize"] = "35 MB (36,700,160 bytes)", ["MaxReceiveSize"] = "36 MB (37,748,736 bytes)", ["RecipientLimits"] = "500",
            },
        ]),
        new("New-MailContact", CmdletNeed.Recipients, ["Name", "ExternalEmailAddress", "Alias"], NewContact),
        new("Get-MailContact", CmdletNeed.Read, ["Identity"], call => call.Directory.Contacts
            .Where(c => call.Given.Text("Identity") is not { } named || IsContact(c, named)).Select(Show)),
        new("Remove-MailContact", CmdletNeed.Recipients, ["Identity"], call =>
        {
            var named = call.Given.Required("Identity");
            if (!call.Directory.Contacts.Any(c => IsContact(c, named))) throw CmdletFault.NotFound(named, call.Directory);
            call.Change(d => d with { Contacts = d.Contacts.RemoveAll(c => IsContact(c, named)) });
            return CmdletCall.Nothing;
        }),
    ];

    public static JsonObject Show(LabDirectory directory, LabUser user)
    {
        var mailbox = user.Mailbox ?? new Mailbox();
        return new JsonObject
        {
            ["Identity"] = MailAddress.Parse(user.Address).Local,
            ["Id"] = MailAddress.Parse(user.Address).Local,
            ["Guid"] = user.Id.ToString(),
            ["ExternalDirectoryObjectId"] = user.Id.ToString(),
            ["UserPrincipalName"] = user.Address,
            ["PrimarySmtpAddress"] = user.Address,
            ["Alias"] = MailAddress.Parse(user.Address).Local,
            ["DisplayName"] = user.DisplayName,
            ["Name"] = user.DisplayName,
            ["EmailAddresses"] = Shown.List(["SMTP:" + user.Address, .. mailbox.ProxyAddresses.Select(a => "smtp:" + a)]),
            ["RecipientType"] = "UserMailbox",
            ["RecipientTypeDetails"] = "UserMailbox",
            ["MailboxPlan"] = Plan,
            ["ForwardingAddress"] = mailbox.ForwardingAddress,
            ["ForwardingSmtpAddress"] = mailbox.ForwardingSmtpAddress is { } address ? "smtp:" + address : null,
            ["DeliverToMailboxAndForward"] = mailbox.KeepCopy,
            ["GrantSendOnBehalfTo"] = Shown.List(mailbox.GrantSendOnBehalfTo),
            ["MaxSendSize"] = "35 MB (36,700,160 bytes)",
            ["MaxReceiveSize"] = "36 MB (37,748,736 bytes)",
            ["RecipientLimits"] = "500",
            ["OrganizationalUnit"] = directory.Domains.FirstOrDefault(),
        };
    }

    private static IEnumerable<LabUser> Mailboxes(CmdletCall call) =>
        call.Given.Has("Identity") ? [call.Mailbox()]
        : call.Given.Has("UserPrincipalName") ? [call.Mailbox("UserPrincipalName")]
        : call.Directory.Users.Where(user => user.Mailbox is not null);

    /// <summary>An address outside is taken even when a policy blocks forwarding: that is seen per message (facts §6.1).</summary>
    private static IEnumerable<JsonObject> Set(CmdletCall call)
    {
        var user = call.Mailbox();
        var given = call.Given;
        var smtp = given.Text("ForwardingSmtpAddress") is { } named ? Plain(named) : null;
        var recipient = given.Text("ForwardingAddress") is { } inside ? Recipient(call, inside) : null;
        call.ChangeMailbox(user, m => m with
        {
            ForwardingSmtpAddress = given.Has("ForwardingSmtpAddress") ? smtp : m.ForwardingSmtpAddress,
            ForwardingAddress = given.Has("ForwardingAddress") ? recipient : m.ForwardingAddress,
            KeepCopy = given.Flag("DeliverToMailboxAndForward") ?? m.KeepCopy,
            GrantSendOnBehalfTo = [.. given.List("GrantSendOnBehalfTo", m.GrantSendOnBehalfTo).Select(who => Trustee(call, who))],
            ProxyAddresses = given.Has("EmailAddresses") ? Proxies(call, user, m) : m.ProxyAddresses,
        });
        if (given.Text("DisplayName") is { } name) call.Lab.ChangeUser(call.Directory.Id, user.Id, u => u with { DisplayName = name });
        return CmdletCall.Nothing;
    }

    private static string Plain(string address)
    {
        var plain = address.StartsWith("smtp:", StringComparison.OrdinalIgnoreCase) ? address[5..] : address;
        return MailAddress.TryParse(plain, out _) ? plain
            : throw CmdletFault.Parameter($"Cannot process argument transformation on parameter 'ForwardingSmtpAddress'. Cannot convert value \"{address}\" to type \"Microsoft.Exchange.Data.ProxyAddress\".");
    }

    private static string Recipient(CmdletCall call, string named) =>
        call.Directory.Contacts.FirstOrDefault(c => IsContact(c, named))?.Address
        ?? call.FindUser(named)?.Address ?? throw CmdletFault.NotFound(named, call.Directory);

    private static string Trustee(CmdletCall call, string named) => call.FindUser(named)?.Address ?? throw CmdletFault.NotFound(named, call.Directory);

    private static System.Collections.Immutable.ImmutableArray<string> Proxies(CmdletCall call, LabUser user, Mailbox mailbox)
    {
        var wanted = call.Given.List("EmailAddresses", ["SMTP:" + user.Address, .. mailbox.ProxyAddresses.Select(a => "smtp:" + a)])
            .Select(a => a[(a.IndexOf(':', StringComparison.Ordinal) + 1)..]).Where(a => !a.Equals(user.Address, StringComparison.OrdinalIgnoreCase));
        return [.. wanted.Select(a => call.Directory.Owns(MailAddress.DomainOf(a)) ? a
            : throw CmdletFault.Bad($"You can't use the domain because it's not an accepted domain for your organization: {a}"))];
    }

    private static IEnumerable<JsonObject> NewContact(CmdletCall call)
    {
        var name = call.Given.Required("Name");
        var external = call.Given.Required("ExternalEmailAddress");
        external = external.StartsWith("smtp:", StringComparison.OrdinalIgnoreCase) ? external[5..] : external;
        if (!MailAddress.TryParse(external, out _)) throw CmdletFault.Bad($"'{external}' is not an SMTP address.");
        var alias = call.Given.Text("Alias") ?? name.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        var contact = new MailContact(name, $"{alias}@{call.Directory.Domains[0]}", external);
        if (call.Directory.Contacts.Any(c => IsContact(c, name)) || call.Directory.UserByAddress(contact.Address) is not null)
            throw CmdletFault.Exists(name);
        call.Change(d => d with { Contacts = d.Contacts.Add(contact) });
        return [Show(contact)];
    }

    private static bool IsContact(MailContact contact, string named) =>
        contact.Name.Equals(named, StringComparison.OrdinalIgnoreCase) || contact.Address.Equals(named, StringComparison.OrdinalIgnoreCase)
        || contact.ExternalAddress.Equals(named, StringComparison.OrdinalIgnoreCase);

    private static JsonObject Show(MailContact contact) => new()
    {
        ["Identity"] = contact.Name,
        ["Name"] = contact.Name,
        ["DisplayName"] = contact.Name,
        ["PrimarySmtpAddress"] = contact.Address,
        ["ExternalEmailAddress"] = "SMTP:" + contact.ExternalAddress,
        ["RecipientType"] = "MailContact",
    };
}
