using System.Collections.Immutable;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>The answers of the two admin consent endpoints (facts §1.16).</summary>
internal static class AdminConsent
{
    /// <summary>Application permissions come by <c>.default</c> alone: what is registered for the resource.</summary>
    public static IResult Agree(Asked asked)
    {
        Guid newId = asked.Place.Lab.NewId();
        asked.Place.Lab.ChangeDirectory(asked.Place.Directory.Id, directory =>
        {
            (directory, EnterpriseApp principal) = Clients.Ensure(directory, asked.App, newId);
            if (asked.Request.Errand is Errand.OldAdminConsent) return Consent.AgreeToAll(directory, asked.App, principal);
            IEnumerable<(Guid, string)> scopes = asked.Scopes.Wanted
                .SelectMany(w => (w.Default ? Consent.Registered(asked.App, w.Resource) : w.Names).Select(name => (w.Resource, name)))
                .Concat(asked.Scopes.SignIn.Select(name => (Resources.Graph, name)));
            ImmutableArray<RoleGrant> roles =
            [
                .. principal.Roles.Union(asked.App.Permissions
                    .Where(p => p.Kind is PermissionKind.Application && asked.Scopes.Wanted.Any(w => w.Default && w.Resource == p.Resource))
                    .Select(p => new RoleGrant(p.Resource, p.Name))),
            ];
            return Consent.Agree(directory.With(principal with { Roles = roles }), asked.App.ClientId, null, scopes);
        });
        var scope = asked.Request.Errand is Errand.AdminConsent ? asked.Request.Scope : null;
        return new ReturnAnswer(asked.Return,
            [("admin_consent", "True"), ("tenant", asked.Place.Directory.Id.ToString()), ("scope", scope)]);
    }

    /// <summary>v2 says <c>admin_consent=True</c> even then: the documented trap.</summary>
    public static IResult Refuse(Asked asked, StsError error, StsTrace trace) => asked.Request.Errand is Errand.OldAdminConsent
        ? new ReturnAnswer(asked.Return, [("error", "permission_denied"), ("error_description", "The admin canceled the request")])
        : new ReturnAnswer(asked.Return,
            [("error", "consent_required"), ("error_description", error.Describe(trace)), ("admin_consent", "True")]);
}
