using System.Text.Json.Nodes;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Admin;

/// <summary>RBAC for Applications (facts §3.7): a role of Exchange for an application, and the mailboxes that it covers.</summary>
internal static class ApplicationRoleCmdlets
{
    private static readonly string[] Roles =
    [
        "Application Mail.Read", "Application Mail.ReadBasic", "Application Mail.ReadWrite", "Application Mail.Send",
        "Application MailboxSettings.Read", "Application MailboxSettings.ReadWrite", "Application Calendars.Read",
        "Application Calendars.ReadWrite", "Application Contacts.Read", "Application Contacts.ReadWrite", "Application Mail Full Access",
        "Application Exchange Full Access", "Application EWS.AccessAsApp", ApplicationRole.SmtpSendAsApp,
    ];

    public static readonly Cmdlet[] All =
    [
        new("New-ManagementScope", CmdletNeed.Organisation, ["Name", "RecipientRestrictionFilter"], call =>
        {
            var made = new ManagementScope(call.Given.Required("Name"), Filter(call));
            if (call.Directory.ManagementScopes.Any(s => s.Is(made.Name))) throw CmdletFault.Exists(made.Name);
            call.Change(d => d with { ManagementScopes = d.ManagementScopes.Add(made) });
            return [Show(made)];
        }),
        new("Get-ManagementScope", CmdletNeed.Read, ["Identity"], call => call.Given.Has("Identity")
            ? [Show(Scope(call, call.Given.Required("Identity")))]
            : call.Directory.ManagementScopes.Select(Show)),
        new("Set-ManagementScope", CmdletNeed.Organisation, ["Identity", "RecipientRestrictionFilter"], call =>
        {
            var scope = Scope(call, call.Given.Required("Identity"));
            var next = scope with { Filter = Filter(call) };
            call.Change(d => d with { ManagementScopes = d.ManagementScopes.Replace(scope, next) });
            return CmdletCall.Nothing;
        }),
        new("Remove-ManagementScope", CmdletNeed.Organisation, ["Identity"], call =>
        {
            var scope = Scope(call, call.Given.Required("Identity"));
            if (call.Directory.ApplicationRoles.Any(r => r.Scope is { } used && scope.Is(used)))
                throw CmdletFault.Bad($"The scope '{scope.Name}' is used by a role assignment and can't be removed.");
            call.Change(d => d with { ManagementScopes = d.ManagementScopes.Remove(scope) });
            return CmdletCall.Nothing;
        }),
        new("New-ManagementRoleAssignment", CmdletNeed.Organisation, ["Name", "Role", "App", "CustomResourceScope"], New),
        new("Get-ManagementRoleAssignment", CmdletNeed.Read, ["Identity", "Role", "RoleAssignee"], call => call.Given.Has("Identity")
            ? [Show(call, Assignment(call))]
            : call.Directory.ApplicationRoles.Where(r => Asked(call, r)).Select(r => Show(call, r))),
        new("Set-ManagementRoleAssignment", CmdletNeed.Organisation, ["Identity", "CustomResourceScope"], call =>
        {
            var role = Assignment(call);
            var scope = Scope(call, call.Given.Required("CustomResourceScope")).Name;
            call.Change(d => d with { ApplicationRoles = d.ApplicationRoles.Replace(role, role with { Scope = scope }) });
            return CmdletCall.Nothing;
        }),
        new("Remove-ManagementRoleAssignment", CmdletNeed.Organisation, ["Identity"], call =>
        {
            var role = Assignment(call);
            call.Change(d => d with { ApplicationRoles = d.ApplicationRoles.Remove(role) });
            return CmdletCall.Nothing;
        }),
        new("Test-ServicePrincipalAuthorization", CmdletNeed.Read, ["Identity", "Resource"], Test),
    ];

    private static IEnumerable<JsonObject> New(CmdletCall call)
    {
        var named = call.Given.Required("Role");
        var role = Roles.FirstOrDefault(r => r.Equals(named, StringComparison.OrdinalIgnoreCase)) ?? throw CmdletFault.NotFound(named, call.Directory);
        var app = PrincipalCmdlets.Find(call, call.Given.Required("App"));
        var scope = call.Given.Text("CustomResourceScope") is { } wanted ? Scope(call, wanted).Name : null;
        var made = new ApplicationRole(call.Given.Text("Name") ?? $"{role}-{app.ObjectId}", role, app.AppId, []) { Scope = scope };
        if (call.Directory.ApplicationRoles.Any(r => Same(r.Name, made.Name))) throw CmdletFault.Exists(made.Name);
        call.Change(d => d with { ApplicationRoles = d.ApplicationRoles.Add(made) });
        return [Show(call, made)];
    }

    private static IEnumerable<JsonObject> Test(CmdletCall call)
    {
        var app = PrincipalCmdlets.Find(call, call.Given.Required("Identity"));
        var resource = call.Given.Has("Resource") ? call.Mailbox("Resource") : null;
        return call.Directory.ApplicationRoles.Where(r => r.AppId == app.AppId).Select(r => new JsonObject
        {
            ["RoleName"] = r.Role,
            ["GrantedPermissions"] = r.Role["Application ".Length..],
            ["AllowedResourceScope"] = r.Scope ?? "Organization",
            ["ScopeType"] = r.Scope is null ? "OrganizationConfig" : "CustomRecipientScope",
            ["InScope"] = resource is null ? "Not Run" : r.Covers(call.Directory, resource) ? "True" : "False",
        });
    }

    private static string Filter(CmdletCall call)
    {
        var filter = call.Given.Required("RecipientRestrictionFilter");
        return ManagementScope.IsFilter(filter) ? filter
            : throw CmdletFault.Bad($"The lab reads comparisons of PrimarySmtpAddress, UserPrincipalName, Alias or DisplayName by -eq or -like, joined by -or; not: {filter}");
    }

    private static ManagementScope Scope(CmdletCall call, string named) =>
        call.Directory.ManagementScopes.FirstOrDefault(s => s.Is(named)) ?? throw CmdletFault.NotFound(named, call.Directory);

    private static ApplicationRole Assignment(CmdletCall call)
    {
        var named = call.Given.Required("Identity");
        return call.Directory.ApplicationRoles.FirstOrDefault(r => Same(r.Name, named)) ?? throw CmdletFault.NotFound(named, call.Directory);
    }

    private static bool Asked(CmdletCall call, ApplicationRole role) =>
        (call.Given.Text("Role") is not { } wanted || Same(role.Role, wanted))
        && (call.Given.Text("RoleAssignee") is not { } assignee || PrincipalCmdlets.Find(call, assignee).AppId == role.AppId);

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static JsonObject Show(ManagementScope scope) => new()
    {
        ["Identity"] = scope.Name,
        ["Name"] = scope.Name,
        ["RecipientFilter"] = scope.Filter,
        ["ScopeRestrictionType"] = "RecipientScope",
        ["Exclusive"] = false,
    };

    private static JsonObject Show(CmdletCall call, ApplicationRole role) => new()
    {
        ["Identity"] = role.Name,
        ["Name"] = role.Name,
        ["Role"] = role.Role,
        ["RoleAssignee"] = PrincipalCmdlets.TryFind(call.Directory, role.AppId.ToString())?.ObjectId.ToString(),
        ["RoleAssigneeType"] = "ServicePrincipal",
        ["CustomResourceScope"] = role.Scope,
        ["Enabled"] = true,
    };
}
