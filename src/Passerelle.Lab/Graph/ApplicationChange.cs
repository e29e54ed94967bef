using System.Text.Json.Nodes;
using Passerelle.Lab.Identity;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>Applies the body of POST and PATCH to a registration; what the body does not name stays.</summary>
internal static class ApplicationChange
{
    /// <exception cref="GraphFault">400: a value cannot be.</exception>
    public static AppRegistration Apply(AppRegistration app, JsonObject body)
    {
        app = app with
        {
            DisplayName = body.ContainsKey("displayName") ? Name(body) : app.DisplayName,
            Audience = body.Text("signInAudience") is { } audience ? AudienceOf(audience) : app.Audience,
            AllowPublicClient = body.ContainsKey("isFallbackPublicClient") ? body.Flag("isFallbackPublicClient") == true : app.AllowPublicClient,
            Permissions = body.ContainsKey("requiredResourceAccess") ? [.. Accesses(body).Distinct()] : app.Permissions,
        };
        if (body.Object("web") is { } web) app = Web(app, web);
        if (body.Object("spa") is { } spa) app = Uris(app, spa, RedirectPlatform.Spa);
        if (body.Object("publicClient") is { } client) app = Uris(app, client, RedirectPlatform.PublicClient);
        var bad = app.RedirectUris.FirstOrDefault(u => RedirectUris.Fault(u.Uri, u.Platform) is not null);
        if (bad is not null) throw GraphFault.Bad($"Reply url '{bad.Uri}': {RedirectUris.Fault(bad.Uri, bad.Platform)?.English}.");
        if (RedirectUris.Fault(app.RedirectUris, app.Audience) is { } tooMany) throw GraphFault.Bad($"Reply urls: {tooMany.English}.");
        return app;
    }

    private static string Name(JsonObject body) => body.Text("displayName").Needed("displayName", "Application") is { Length: <= 256 } name
        ? name
        : throw GraphFault.Bad("Invalid value specified for property 'displayName' of resource 'Application'.");

    private static SignInAudience AudienceOf(string text) => Enum.TryParse(text, out SignInAudience audience) && Enum.IsDefined(audience)
        ? audience
        : throw GraphFault.Bad("Invalid value specified for property 'signInAudience' of resource 'Application'.");

    private static AppRegistration Web(AppRegistration app, JsonObject web)
    {
        var ticks = web.Object("implicitGrantSettings");
        app = app with
        {
            LogoutUrl = web.ContainsKey("logoutUrl") ? web.Text("logoutUrl") : app.LogoutUrl,
            ImplicitAccessTokens = ticks?.Flag("enableAccessTokenIssuance") ?? app.ImplicitAccessTokens,
            ImplicitIdTokens = ticks?.Flag("enableIdTokenIssuance") ?? app.ImplicitIdTokens,
        };
        return Uris(app, web, RedirectPlatform.Web);
    }

    private static AppRegistration Uris(AppRegistration app, JsonObject part, RedirectPlatform platform) => part.Texts("redirectUris") is not { } uris
        ? app
        : app with
        {
            RedirectUris = [.. app.RedirectUris.Where(u => u.Platform != platform), .. uris.Distinct().Select(uri => new RedirectUri(platform, uri))],
        };

    private static IEnumerable<ApiPermission> Accesses(JsonObject body) =>
        from resource in body.Objects("requiredResourceAccess")
        let appId = resource.Id("resourceAppId").Needed("resourceAppId", "RequiredResourceAccess")
        from access in resource.Objects("resourceAccess")
        select ApplicationJson.Permission(appId, access.Id("id").Needed("id", "ResourceAccess"), access.Text("type") switch
        {
            "Role" or "Scope" => access.Text("type")!, // one of the two
            _ => throw GraphFault.Bad("Invalid value specified for property 'type' of resource 'ResourceAccess'."),
        });
}
