using System.Text.Json.Nodes;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>An app registration in Graph's shape (facts §4.1).</summary>
internal static class ApplicationJson
{
    public static JsonObject Of(AppRegistration app, LabDirectory directory) => new()
    {
        ["id"] = app.ObjectId.ToString(),
        ["deletedDateTime"] = null,
        ["appId"] = app.ClientId.ToString(),
        ["displayName"] = app.DisplayName,
        ["createdDateTime"] = GraphJson.Moment(app.CreatedAt),
        ["description"] = null,
        ["identifierUris"] = new JsonArray(),
        ["isFallbackPublicClient"] = app.AllowPublicClient,
        ["publisherDomain"] = directory.Domains.FirstOrDefault(),
        ["signInAudience"] = app.Audience.ToString(),
        ["tags"] = new JsonArray(),
        ["api"] = new JsonObject
        {
            ["requestedAccessTokenVersion"] = null,
            ["acceptMappedClaims"] = null,
            ["knownClientApplications"] = new JsonArray(),
            ["oauth2PermissionScopes"] = new JsonArray(),
            ["preAuthorizedApplications"] = new JsonArray(),
        },
        ["appRoles"] = new JsonArray(),
        ["keyCredentials"] = GraphJson.List(app.Keys.Select(Key)),
        ["passwordCredentials"] = GraphJson.List(app.Secrets.Select(secret => Password(secret, value: null))),
        ["publicClient"] = new JsonObject { ["redirectUris"] = Uris(app, RedirectPlatform.PublicClient) },
        ["requiredResourceAccess"] = GraphJson.List(app.Permissions.GroupBy(p => p.Resource).Select(Access)),
        ["spa"] = new JsonObject { ["redirectUris"] = Uris(app, RedirectPlatform.Spa) },
        ["web"] = new JsonObject
        {
            ["homePageUrl"] = null,
            ["logoutUrl"] = app.LogoutUrl,
            ["redirectUris"] = Uris(app, RedirectPlatform.Web),
            ["implicitGrantSettings"] = new JsonObject
            {
                ["enableAccessTokenIssuance"] = app.ImplicitAccessTokens,
                ["enableIdTokenIssuance"] = app.ImplicitIdTokens,
            },
        },
    };

    /// <param name="value">Shown once, in the answer that made it; null for ever after.</param>
    public static JsonObject Password(ClientSecret secret, string? value) => new()
    {
        ["customKeyIdentifier"] = null,
        ["displayName"] = secret.Description.Length == 0 ? null : secret.Description,
        ["endDateTime"] = GraphJson.Moment(secret.EndsAt),
        ["hint"] = secret.Hint,
        ["keyId"] = secret.KeyId.ToString(),
        ["secretText"] = value,
        ["startDateTime"] = GraphJson.Moment(secret.StartsAt),
    };

    /// <summary>The certificate itself is not shown in lists.</summary>
    public static JsonObject Key(KeyCredential key) => new()
    {
        ["customKeyIdentifier"] = Convert.ToHexString(key.Thumbprint()),
        ["displayName"] = key.DisplayName,
        ["endDateTime"] = GraphJson.Moment(key.EndsAt),
        ["key"] = null,
        ["keyId"] = key.KeyId.ToString(),
        ["startDateTime"] = GraphJson.Moment(key.StartsAt),
        ["type"] = "AsymmetricX509Cert",
        ["usage"] = "Verify",
    };

    public static JsonObject Federation(FederatedCredential credential) => new()
    {
        ["id"] = credential.Id.ToString(),
        ["name"] = credential.Name,
        ["issuer"] = credential.Issuer,
        ["subject"] = credential.Subject,
        ["description"] = credential.Description,
        ["audiences"] = GraphJson.List(credential.Audiences),
    };

    /// <summary>The permission behind an id. The directory takes ids that it does not know: they stay ids.</summary>
    public static ApiPermission Permission(Guid resource, Guid id, string type)
    {
        PermissionKind kind = type == "Role" ? PermissionKind.Application : PermissionKind.Delegated;
        return new ApiPermission(resource, FirstParty.Offers(resource, kind).FirstOrDefault(p => p.Id == id)?.Name ?? id.ToString(), kind);
    }

    private static JsonObject Access(IGrouping<Guid, ApiPermission> resource) => new()
    {
        ["resourceAppId"] = resource.Key.ToString(),
        ["resourceAccess"] = GraphJson.List(resource.Select(p => new JsonObject
        {
            ["id"] = FirstParty.Offers(p.Resource, p.Kind).FirstOrDefault(offered => offered.Name == p.Name)?.Id.ToString() ?? p.Name,
            ["type"] = p.Kind is PermissionKind.Application ? "Role" : "Scope",
        })),
    };

    private static JsonArray Uris(AppRegistration app, RedirectPlatform platform) =>
        GraphJson.List(app.RedirectUris.Where(u => u.Platform == platform).Select(u => u.Uri));
}
