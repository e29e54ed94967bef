using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Admin;

/// <summary>Who may open a mailbox and who may send as it (steps X4 and X5 of facts §7.1).</summary>
internal static class PermissionCmdlets
{
    public static readonly Cmdlet[] All =
    [
        new("Get-MailboxPermission", CmdletNeed.Read, ["Identity", "User"], call => Holders(call, "User", m => m.FullAccess)
            .Select(holder => Show(call, "User", holder, "FullAccess"))),
        new("Add-MailboxPermission", CmdletNeed.Recipients, ["Identity", "User", "AccessRights", "AutoMapping", "InheritanceType"], call =>
        {
            var holder = Set(call, "User", "FullAccess", (m, id) => m with { FullAccess = With(m.FullAccess, id) });
            return [Show(call, "User", holder, "FullAccess")];
        }),
        new("Remove-MailboxPermission", CmdletNeed.Recipients, ["Identity", "User", "AccessRights", "InheritanceType"], call =>
        {
            Set(call, "User", "FullAccess", (m, id) => m with { FullAccess = m.FullAccess.Remove(id) });
            return CmdletCall.Nothing;
        }),
        new("Get-RecipientPermission", CmdletNeed.Read, ["Identity", "Trustee", "AccessRights"], call => Holders(call, "Trustee", m => m.SendAs)
            .Select(holder => Show(call, "Trustee", holder, "SendAs"))),
        new("Add-RecipientPermission", CmdletNeed.Recipients, ["Identity", "Trustee", "AccessRights"], call =>
        {
            var holder = Set(call, "Trustee", "SendAs", (m, id) => m with { SendAs = With(m.SendAs, id) });
            return [Show(call, "Trustee", holder, "SendAs")];
        }),
        new("Remove-RecipientPermission", CmdletNeed.Recipients, ["Identity", "Trustee", "AccessRights"], call =>
        {
            Set(call, "Trustee", "SendAs", (m, id) => m with { SendAs = m.SendAs.Remove(id) });
            return CmdletCall.Nothing;
        }),
    ];

    /// <summary>A person, or an application that <c>New-ServicePrincipal</c> made known.</summary>
    private static Guid Holder(CmdletCall call, string parameter)
    {
        var named = call.Given.Required(parameter);
        return PrincipalCmdlets.TryFind(call.Directory, named)?.ObjectId ?? call.FindUser(named)?.Id ?? throw CmdletFault.NotFound(named, call.Directory);
    }

    private static IEnumerable<Guid> Holders(CmdletCall call, string parameter, Func<Mailbox, ImmutableArray<Guid>> held)
    {
        var all = held(call.Mailbox().Mailbox ?? new Mailbox());
        return call.Given.Has(parameter) ? all.Where(id => id == Holder(call, parameter)) : all;
    }

    private static Guid Set(CmdletCall call, string parameter, string right, Func<Mailbox, Guid, Mailbox> change)
    {
        if (!call.Given.List("AccessRights").Contains(right, StringComparer.OrdinalIgnoreCase))
            throw CmdletFault.Parameter($"Cannot validate argument on parameter 'AccessRights': the lab knows {right} here.");
        var holder = Holder(call, parameter);
        call.ChangeMailbox(call.Mailbox(), mailbox => change(mailbox, holder));
        return holder;
    }

    private static ImmutableArray<Guid> With(ImmutableArray<Guid> all, Guid id) => all.Contains(id) ? all : all.Add(id);

    private static JsonObject Show(CmdletCall call, string parameter, Guid holder, string right) => new()
    {
        ["Identity"] = call.Mailbox().DisplayName,
        [parameter] = call.Directory.User(holder)?.Address ?? holder.ToString(),
        ["AccessRights"] = Shown.List([right]),
        ["IsInherited"] = false,
        [parameter == "User" ? "Deny" : "AccessControlType"] = parameter == "User" ? JsonValue.Create(false) : JsonValue.Create("Allow"),
    };
}
