using System.Globalization;
using System.Text.Json.Nodes;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Admin;

/// <summary>Rules of one mailbox (step F5 of facts §7.1).</summary>
internal static class InboxRuleCmdlets
{
    public static readonly Cmdlet[] All =
    [
        new("Get-InboxRule", CmdletNeed.Read, ["Mailbox", "Identity"], call =>
        {
            var user = call.Mailbox("Mailbox");
            return call.Given.Has("Identity") ? [Show(user, Find(call, user))] : Rules(user).OrderBy(r => r.Priority).Select(r => Show(user, r));
        }),
        new("New-InboxRule", CmdletNeed.Recipients,
            ["Mailbox", "Name", "Priority", "From", "SubjectContainsWords", "RedirectTo", "ForwardTo", "ForwardAsAttachmentTo", "DeleteMessage",
                "MoveToFolder", "StopProcessingRules"], Add),
        Switch("Enable-InboxRule", true),
        Switch("Disable-InboxRule", false),
        new("Remove-InboxRule", CmdletNeed.Recipients, ["Mailbox", "Identity"], call =>
        {
            var user = call.Mailbox("Mailbox");
            var rule = Find(call, user);
            call.ChangeMailbox(user, m => m with { InboxRules = m.InboxRules.RemoveAll(r => r.Id == rule.Id) });
            return CmdletCall.Nothing;
        }),
    ];

    private static IEnumerable<JsonObject> Add(CmdletCall call)
    {
        var user = call.Mailbox("Mailbox");
        var given = call.Given;
        var rule = new InboxRule
        {
            Id = Rules(user).Select(r => r.Id).DefaultIfEmpty(0).Max() + 1,
            Name = given.Required("Name"),
            Priority = given.Number("Priority") ?? Rules(user).Count() + 1,
            FromContains = given.List("From"),
            SubjectContainsWords = given.List("SubjectContainsWords"),
            RedirectTo = Addresses(call, "RedirectTo"),
            ForwardTo = Addresses(call, "ForwardTo"),
            ForwardAsAttachmentTo = Addresses(call, "ForwardAsAttachmentTo"),
            DeleteMessage = given.Flag("DeleteMessage") ?? false,
            MoveToFolder = given.Text("MoveToFolder"),
            StopProcessingRules = given.Flag("StopProcessingRules") ?? true,
        };
        if (rule.MoveToFolder is { } folder && InboxRules.FolderNamed(folder) is null) throw CmdletFault.NotFound(folder, call.Directory);
        if (rule is { DeleteMessage: false, MoveToFolder: null } && rule.RedirectTo.Length + rule.ForwardTo.Length + rule.ForwardAsAttachmentTo.Length == 0)
            throw CmdletFault.Bad("You must specify at least one action for the rule.");
        call.ChangeMailbox(user, m => m with { InboxRules = m.InboxRules.Add(rule) });
        return [Show(user, rule)];
    }

    /// <summary>Members by any name, others by address.</summary>
    private static System.Collections.Immutable.ImmutableArray<string> Addresses(CmdletCall call, string parameter) =>
        [.. call.Given.List(parameter).Select(named => call.FindUser(named)?.Address
            ?? (MailAddress.TryParse(named, out _) ? named : throw CmdletFault.NotFound(named, call.Directory)))];

    private static Cmdlet Switch(string name, bool enabled) => new(name, CmdletNeed.Recipients, ["Mailbox", "Identity"], call =>
    {
        var user = call.Mailbox("Mailbox");
        var rule = Find(call, user);
        call.ChangeMailbox(user, m => m with { InboxRules = m.InboxRules.Replace(rule, rule with { Enabled = enabled }) });
        return CmdletCall.Nothing;
    });

    private static IEnumerable<InboxRule> Rules(LabUser user) => user.Mailbox?.InboxRules ?? [];

    private static InboxRule Find(CmdletCall call, LabUser user)
    {
        var named = call.Given.Required("Identity");
        var name = named[(named.LastIndexOf('\\') + 1)..]; // "support\rule" too
        return Rules(user).FirstOrDefault(r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
                || r.Id.ToString(CultureInfo.InvariantCulture) == name)
            ?? throw CmdletFault.NotFound(named, call.Directory);
    }

    private static JsonObject Show(LabUser user, InboxRule rule) => new()
    {
        ["Identity"] = string.Create(CultureInfo.InvariantCulture, $"{MailAddress.Parse(user.Address).Local}\\{rule.Id}"),
        ["RuleIdentity"] = rule.Id,
        ["Name"] = rule.Name,
        ["Priority"] = rule.Priority,
        ["Enabled"] = rule.Enabled,
        ["MailboxOwnerId"] = MailAddress.Parse(user.Address).Local,
        ["From"] = Shown.ListOrNull(rule.FromContains),
        ["SubjectContainsWords"] = Shown.ListOrNull(rule.SubjectContainsWords),
        ["RedirectTo"] = Shown.ListOrNull(rule.RedirectTo),
        ["ForwardTo"] = Shown.ListOrNull(rule.ForwardTo),
        ["ForwardAsAttachmentTo"] = Shown.ListOrNull(rule.ForwardAsAttachmentTo),
        ["DeleteMessage"] = rule.DeleteMessage,
        ["MoveToFolder"] = rule.MoveToFolder,
        ["StopProcessingRules"] = rule.StopProcessingRules,
    };
}
