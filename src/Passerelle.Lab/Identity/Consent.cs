using System.Collections.Immutable;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>Who agreed to what, and who may (facts §3.9).</summary>
internal static class Consent
{
    /// <summary>Listed under Graph in the portal, asked for on the Outlook host: one agreement covers both.</summary>
    private static readonly ImmutableArray<string> Protocols = ["SMTP.Send", "IMAP.AccessAsUser.All", "POP.AccessAsUser.All"];

    /// <summary>Popular mail clients, which the Microsoft-managed setting lets through (facts §3.9).</summary>
    private static readonly ImmutableArray<Guid> MailClients =
    [
        new("f8d98a96-0999-43f5-8af3-69971c7bb423"), new("9e5f94bc-e8a4-4e73-b8be-63364c29d753"), new("b50c1dbd-1855-4e54-b07c-d3c3029e93d3"),
        new("e9a7fea1-1cc0-4cd9-a31b-9137ca5deedd"), new("8acd33ea-7197-4a96-bc33-d7cc7101262f"), new("2cee05de-2b8f-45a2-8289-2a06ca32c4c8"),
    ];

    /// <summary>Delegated permissions that this person, or an administrator for all, granted to the application.</summary>
    public static ImmutableArray<string> Granted(LabDirectory directory, Guid clientId, Guid userId, Guid resource) =>
    [
        .. directory.Grants
            .Where(g => g.ClientId == clientId && (g.UserId is null || g.UserId == userId))
            .SelectMany(g => g.Scopes.Where(s => g.Resource == resource
                || (g.Resource == Resources.Graph && resource == Resources.Exchange && Protocols.Contains(s))))
            .Distinct(),
    ];

    /// <summary>What this request needs a yes for: what was not granted yet; with <c>prompt=consent</c>, whatever it asks for.</summary>
    public static ImmutableArray<(Guid Resource, string Name)> Questions(LabDirectory directory, Asked asked, Guid userId) =>
        asked.Request.Prompt is "consent" ? [.. Wanted(asked.App, asked.Scopes)] : Missing(directory, asked.App, userId, asked.Scopes);

    /// <summary>What still needs a yes.</summary>
    public static ImmutableArray<(Guid Resource, string Name)> Missing(
        LabDirectory directory, AppRegistration app, Guid userId, Scopes scopes) =>
        [.. Wanted(app, scopes).Where(w => !Granted(directory, app.ClientId, userId, w.Resource).Contains(w.Name))];

    /// <summary><c>.default</c> stands for the delegated permissions registered for the resource.</summary>
    private static IEnumerable<(Guid Resource, string Name)> Wanted(AppRegistration app, Scopes scopes) => scopes.Wanted
        .SelectMany(w => (w.Default ? Registered(app, w.Resource) : w.Names).Select(name => (w.Resource, name)))
        .Concat(scopes.SignIn.Select(name => (Resources.Graph, name)))
        .Distinct();

    public static ImmutableArray<string> Registered(AppRegistration app, Guid resource) =>
    [
        .. app.Permissions.Where(p => p.Kind is PermissionKind.Delegated).Select(p => p.Name)
            .Where(name => Permissions.Find(resource, name, PermissionKind.Delegated) is not null
                && (app.Permissions.Any(p => p.Resource == resource && p.Name == name) || Protocols.Contains(name))),
    ];

    /// <summary>Whether the directory lets this person agree for themselves.</summary>
    public static bool MayAgree(
        LabDirectory directory, LabUser user, Client client, IEnumerable<(Guid Resource, string Name)> scopes) =>
        user.Administrator || (client.Principal?.AssignmentRequired != true && scopes.All(s => Allows(directory, client.App, s.Resource, s.Name)));

    /// <summary>Records an agreement; the sign-in scopes are kept under Graph, as the directory does.</summary>
    /// <param name="userId">Null for the whole organisation.</param>
    public static LabDirectory Agree(
        LabDirectory directory, Guid clientId, Guid? userId, IEnumerable<(Guid Resource, string Name)> scopes)
    {
        foreach (IGrouping<Guid, (Guid Resource, string Name)> group in scopes.GroupBy(s => s.Resource))
        {
            DelegatedGrant known = directory.Grants.FirstOrDefault(
                g => g.ClientId == clientId && g.UserId == userId && g.Resource == group.Key)
                ?? new DelegatedGrant(clientId, userId, group.Key, []);
            directory = directory.With(known with { Scopes = [.. known.Scopes.Union(group.Select(s => s.Name))] });
        }

        return directory;
    }

    /// <summary>"Grant admin consent": what is listed becomes granted to everybody, and what is no longer listed is taken back.</summary>
    public static LabDirectory AgreeToAll(LabDirectory directory, AppRegistration app, EnterpriseApp principal)
    {
        directory = directory with { Grants = directory.Grants.RemoveAll(g => g.ClientId == app.ClientId && g.UserId is null) };
        directory = Agree(directory, app.ClientId, null, app.Permissions
            .Where(p => p.Kind is PermissionKind.Delegated).Select(p => (p.Resource, p.Name)));
        return directory.With(principal with
        {
            Roles = [.. app.Permissions.Where(p => p.Kind is PermissionKind.Application).Select(p => new RoleGrant(p.Resource, p.Name))],
        });
    }

    /// <summary>The administrator's yes to one row of the list; the others stay as they are.</summary>
    public static LabDirectory AgreeToOne(LabDirectory directory, EnterpriseApp principal, ApiPermission permission) =>
        permission.Kind is PermissionKind.Delegated
            ? Agree(directory, principal.ClientId, null, [(permission.Resource, permission.Name)])
            : directory.With(principal with { Roles = [.. principal.Roles.Union([new RoleGrant(permission.Resource, permission.Name)])] });

    private static bool Allows(LabDirectory directory, AppRegistration app, Guid resource, string name)
    {
        ConsentNeed need = Permissions.Find(resource, name, PermissionKind.Delegated)?.Need ?? ConsentNeed.Administrator;
        return need is not ConsentNeed.Administrator && directory.UserConsent switch
        {
            UserConsent.Never => false,
            UserConsent.LowImpact => directory.LowImpactScopes.Contains(name) && (app.VerifiedPublisher || directory.Registration(app.ClientId) is not null),
            UserConsent.Always => true,
            UserConsent.MicrosoftManaged => need is ConsentNeed.User || MailClients.Contains(app.ClientId),
            _ => false,
        };
    }
}
