using System.Text.Json.Nodes;
using Passerelle.Lab.Identity;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>A service principal of one directory, its own or Microsoft's.</summary>
/// <param name="Enterprise">Null for Microsoft's own.</param>
internal sealed record Principal(Guid AppId, Guid ObjectId, string Name, string Owner, EnterpriseApp? Enterprise, AppRegistration? App)
{
    public static IEnumerable<Principal> All(LabState state, LabDirectory directory) => directory.EnterpriseApps
        .Select(e => new Principal(e.ClientId, e.ObjectId, e.DisplayName, OwnerOf(state, e), e, Clients.FindIn(state, e.ClientId)))
        .Concat(FirstParty.All.Where(f => directory.EnterpriseApp(f.AppId) is null)
            .Select(f => new Principal(f.AppId, f.ObjectIdIn(directory), f.Name, FirstParty.Owner, null, null)));

    /// <param name="id">An object id, or <c>appId=…</c>.</param>
    public static Principal? Find(LabState state, LabDirectory directory, string id) => id.StartsWith("appId=", StringComparison.Ordinal)
        ? Guid.TryParse(id.AsSpan(6), out Guid appId) ? All(state, directory).FirstOrDefault(p => p.AppId == appId) : null
        : Guid.TryParse(id, out Guid objectId) ? All(state, directory).FirstOrDefault(p => p.ObjectId == objectId) : null;

    public Permission? Role(Guid id) => FirstParty.Offers(AppId, PermissionKind.Application).FirstOrDefault(p => p.Id == id);

    public JsonObject ToJson() => new()
    {
        ["id"] = ObjectId.ToString(),
        ["deletedDateTime"] = null,
        ["accountEnabled"] = Enterprise?.Enabled ?? true,
        ["appDisplayName"] = Name,
        ["appId"] = AppId.ToString(),
        ["appOwnerOrganizationId"] = Owner,
        ["appRoleAssignmentRequired"] = Enterprise?.AssignmentRequired ?? false,
        ["displayName"] = Name,
        ["replyUrls"] = GraphJson.List(App?.RedirectUris.Select(u => u.Uri) ?? []),
        ["servicePrincipalNames"] = new JsonArray(AppId.ToString()),
        ["servicePrincipalType"] = "Application",
        ["signInAudience"] = (App?.Audience ?? SignInAudience.AzureADMultipleOrgs).ToString(),
        ["tags"] = new JsonArray(),
        ["appRoles"] = GraphJson.List(FirstParty.Offers(AppId, PermissionKind.Application).Select(RoleJson)),
        ["keyCredentials"] = new JsonArray(),
        ["oauth2PermissionScopes"] = GraphJson.List(FirstParty.Offers(AppId, PermissionKind.Delegated).Select(ScopeJson)),
        ["passwordCredentials"] = new JsonArray(),
    };

    private static JsonObject RoleJson(Permission role) => new()
    {
        ["allowedMemberTypes"] = new JsonArray("Application"),
        ["description"] = role.Text,
        ["displayName"] = role.Text,
        ["id"] = role.Id.ToString(),
        ["isEnabled"] = true,
        ["origin"] = "Application",
        ["value"] = role.Name,
    };

    private static JsonObject ScopeJson(Permission scope) => new()
    {
        ["adminConsentDescription"] = AdminText(scope),
        ["adminConsentDisplayName"] = AdminText(scope),
        ["id"] = scope.Id.ToString(),
        ["isEnabled"] = true,
        ["type"] = scope.Need is ConsentNeed.Administrator ? "Admin" : "User",
        ["userConsentDescription"] = scope.Text,
        ["userConsentDisplayName"] = scope.Text,
        ["value"] = scope.Name,
    };

    private static string AdminText(Permission scope) => scope.Name == "SMTP.Send" ? "Send emails from mailboxes using SMTP AUTH." : scope.Text;

    private static string OwnerOf(LabState state, EnterpriseApp app) =>
        state.Directories.FirstOrDefault(d => d.Registration(app.ClientId) is not null)?.Id.ToString() ?? "";
}
