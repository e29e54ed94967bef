using System.Collections.Immutable;
using Passerelle.Lab.Identity;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Control;

/// <summary>Orders about applications: the Entra half of the guide.</summary>
internal sealed class AppCommands
{
    private const int DefaultDays = 180;

    /// <summary>Makes the registration and its enterprise application, with <c>User.Read</c> listed (facts §8).</summary>
    public Change Register(DirectoryPlace place, AppOrder order)
    {
        ImmutableArray<RedirectUri> uris = order.RedirectUris ?? [];
        if (order.DisplayName.Trim().Length is 0 or > 120) return new Change.Refused("Name: 1 to 120 characters.", "Nom : de 1 à 120 caractères.");
        if (UriFault(uris) is { } fault) return fault;
        if (RedirectUris.Fault(uris, order.Audience) is { } tooMany) return new Change.Refused(tooMany);
        if (order.ClientId is { } taken && Clients.FindIn(place.Lab.State, taken) is not null) return new Change.Taken($"{taken} exists already.");

        var app = new AppRegistration
        {
            ClientId = order.ClientId ?? place.Lab.NewId(),
            ObjectId = place.Lab.NewId(),
            DisplayName = order.DisplayName.Trim(),
            CreatedAt = place.Lab.Time.GetUtcNow(),
            Audience = order.Audience,
            RedirectUris = uris,
            Permissions = [new ApiPermission(Resources.Graph, "User.Read", PermissionKind.Delegated)],
        };
        Guid principalId = place.Lab.NewId();
        return place.Lab.ChangeDirectory(place.Directory.Id, d => Clients.Ensure(d.With(app), app, principalId).Directory)
            ? new Change.Made(app)
            : new Change.Missing("The directory is gone.");
    }

    public Change SetAuthentication(AppPlace place, AuthenticationOrder order)
    {
        if (UriFault(order.RedirectUris) is { } fault) return fault;
        if (RedirectUris.Fault(order.RedirectUris, place.App.Audience) is { } tooMany) return new Change.Refused(tooMany);
        return place.Set(app => app with
        {
            RedirectUris = order.RedirectUris,
            ImplicitAccessTokens = order.ImplicitAccessTokens,
            ImplicitIdTokens = order.ImplicitIdTokens,
            AllowPublicClient = order.AllowPublicClient,
        });
    }

    public Change AddSecret(AppPlace place, SecretOrder order)
    {
        DateTimeOffset now = place.Lab.Time.GetUtcNow();
        DateTimeOffset until = order.ExpiresAt ?? now.AddDays(DefaultDays);
        if (until <= now || until > now.AddMonths(24))
            return new Change.Refused("A client secret expires after now and within 24 months.", "Un secret client expire après maintenant et dans les 24 mois.");
        if (place.App.Admits(personal: true) && place.App.Secrets.Length >= 2)
            return new Change.Refused("At most two secrets once personal accounts are allowed.", "Deux secrets au plus lorsque les comptes personnels sont autorisés.");
        (ClientSecret kept, var value) = ClientSecrets.Make(order.Description, place.Lab.NewId(), now, until);
        return place.Set(app => app with { Secrets = app.Secrets.Add(kept) }) is Change.Missing gone
            ? gone
            : new Change.Made(new NewSecret(kept.KeyId, value, kept.Description, until));
    }

    public Change RemoveSecret(AppPlace place, Guid secretId) => place.App.Secrets.Any(s => s.KeyId == secretId)
        ? place.Set(app => app with { Secrets = app.Secrets.RemoveAll(s => s.KeyId == secretId) })
        : new Change.Missing("There is no such secret.");

    /// <summary>What is listed; nothing is granted by it and nothing is taken back.</summary>
    public Change SetPermissions(AppPlace place, PermissionsOrder order)
    {
        ApiPermission? unknown = order.Permissions.FirstOrDefault(p => Permissions.Find(p.Resource, p.Name, p.Kind) is null);
        return unknown is null
            ? place.Set(app => app with { Permissions = [.. order.Permissions.Distinct()] })
            : new Change.Refused(
                $"'{unknown.Name}' is not a permission of that kind on that resource.", $"« {unknown.Name} » n'est pas une autorisation de ce type sur cette ressource.");
    }

    public Change GrantAdminConsent(AppPlace place) =>
        Grant(place, (directory, principal) => Consent.AgreeToAll(directory, directory.Registration(place.App.ClientId) ?? place.App, principal));

    /// <summary>One row of the list alone.</summary>
    public Change GrantAdminConsent(AppPlace place, ApiPermission permission) => place.App.Permissions.Contains(permission)
        ? Grant(place, (directory, principal) => Consent.AgreeToOne(directory, principal, permission))
        : new Change.Refused($"'{permission.Name}' is not listed.", $"« {permission.Name} » n'est pas dans la liste.");

    /// <summary>Takes back every agreement, of persons and of the organisation.</summary>
    public Change RevokeGrants(AppPlace place) => place.Lab.ChangeDirectory(place.Directory.Id, directory =>
    {
        directory = directory with { Grants = directory.Grants.RemoveAll(g => g.ClientId == place.App.ClientId) };
        return directory.EnterpriseApp(place.App.ClientId) is { } principal ? directory.With(principal with { Roles = [] }) : directory;
    }) ? new Change.Done() : new Change.Missing("The directory is gone.");

    public Change SetEnterprise(AppPlace place, EnterpriseOrder order) => place.Lab.ChangeDirectory(place.Directory.Id, directory =>
        directory.EnterpriseApp(place.App.ClientId) is { } principal
            ? directory.With(principal with
            {
                Enabled = order.Enabled,
                AssignmentRequired = order.AssignmentRequired,
                AssignedUsers = order.AssignedUsers ?? principal.AssignedUsers,
            })
            : directory) ? new Change.Done() : new Change.Missing("The directory is gone.");

    private static Change Grant(AppPlace place, Func<LabDirectory, EnterpriseApp, LabDirectory> agree)
    {
        Guid principalId = place.Lab.NewId();
        return place.Lab.ChangeDirectory(place.Directory.Id, directory =>
        {
            (directory, EnterpriseApp principal) = Clients.Ensure(directory, place.App, principalId);
            return agree(directory, principal);
        }) ? new Change.Done() : new Change.Missing("The directory is gone.");
    }

    private static Change.Refused? UriFault(ImmutableArray<RedirectUri> uris) =>
        uris.Select(u => (u.Uri, Fault: RedirectUris.Fault(u.Uri, u.Platform))).FirstOrDefault(u => u.Fault is not null) is { Fault: { } fault } bad
            ? new Change.Refused($"Redirect URI '{bad.Uri}': {fault.English}.", $"URI de redirection « {bad.Uri} » : {fault.French}.")
            : null;
}

internal sealed record AppPlace(Twin Lab, LabDirectory Directory, AppRegistration App);
