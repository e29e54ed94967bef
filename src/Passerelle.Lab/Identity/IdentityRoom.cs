using System.Globalization;
using Passerelle.Lab.Hosting;
using Passerelle.Lab.Identity.Catalogue;

namespace Passerelle.Lab.Identity;

/// <summary>Entra's half of a directory: sign-in, consent, tokens.</summary>
internal static class IdentityRoom
{
    private static readonly (string Path, Errand Errand)[] Pages =
    [
        ("/{directory}/oauth2/v2.0/authorize", Errand.SignIn),
        ("/{directory}/oauth2/authorize", Errand.OldSignIn),
        ("/{directory}/oauth2/deviceauth", Errand.Device),
        ("/{directory}/v2.0/adminconsent", Errand.AdminConsent),
        ("/{directory}/adminconsent", Errand.OldAdminConsent),
    ];

    public static IHostApplicationBuilder AddIdentity(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Addresses>().AddSingleton<Sealer>().AddSingleton<TokenMint>().AddSingleton<Sessions>()
            .AddSingleton<Discovery>().AddSingleton<InstanceDiscovery>().AddSingleton<LogoutEndpoint>().AddSingleton<UserInfo>()
            .AddSingleton<RequestLab>().AddSingleton<AuthorizeReader>().AddSingleton<AuthorizeGrant>().AddSingleton<AuthorizeEndpoint>()
            .AddSingleton<UserTokens>().AddSingleton<CodeRedemption>().AddSingleton<Refreshing>().AddSingleton<AppTokens>()
            .AddSingleton<PasswordGrant>().AddSingleton<DeviceCodes>().AddSingleton<DeviceEndpoint>().AddSingleton<TokenEndpoint>();
        return builder;
    }

    /// <summary>The endpoints of facts §1.1.</summary>
    public static void MapIdentity(this IEndpointRouteBuilder routes)
    {
        routes.MapDocuments();
        routes.MapPrograms();
        foreach ((var path, Errand errand) in Pages)
        {
            routes.MapGet(path, (HttpContext context, string directory, AuthorizeEndpoint endpoint) => endpoint.Get(context, directory, errand))
                .AlsoOnPlainHttp();
            routes.MapPost(path, (HttpContext context, string directory, AuthorizeEndpoint endpoint) => endpoint.PostAsync(context, directory, errand))
                .AlsoOnPlainHttp();
        }

        routes.MapGet("/devicelogin", (HttpContext context) => DeviceEndpoint.Prompt(context)).AlsoOnPlainHttp();
        routes.MapPost("/devicelogin", (HttpContext context, DeviceEndpoint endpoint) => endpoint.EnterAsync(context)).AlsoOnPlainHttp();
        foreach (var path in new[] { "/{directory}/oauth2/v2.0/logout", "/{directory}/oauth2/logout" })
            routes.MapGet(path, (HttpContext context, string directory, LogoutEndpoint logout) => logout.Answer(context, directory)).AlsoOnPlainHttp();
        routes.MapGet("/error", (HttpContext context) => LookUp(context.Request.Query["code"].ToString())).AlsoOnPlainHttp();
    }

    private static void MapDocuments(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/common/discovery/instance", (HttpContext context, InstanceDiscovery discovery) => discovery.Answer(context));
        routes.MapGet("/{directory}/v2.0/.well-known/openid-configuration",
            (HttpContext context, string directory, Discovery discovery) => discovery.Configuration(context, directory));
        routes.MapGet("/{directory}/.well-known/openid-configuration",
            (HttpContext context, string directory, Discovery discovery) => discovery.OldConfiguration(context, directory));
        foreach (var path in new[] { "/{directory}/discovery/v2.0/keys", "/{directory}/discovery/keys" })
            routes.MapGet(path, (HttpContext context, string directory, Discovery discovery) => discovery.Keys(context, directory));
    }

    private static void MapPrograms(this IEndpointRouteBuilder routes)
    {
        routes.Map("/{directory}/oauth2/v2.0/token",
            (HttpContext context, string directory, TokenEndpoint endpoint) => endpoint.AnswerAsync(context, directory, old: false));
        routes.Map("/{directory}/oauth2/token",
            (HttpContext context, string directory, TokenEndpoint endpoint) => endpoint.AnswerAsync(context, directory, old: true));
        routes.Map("/{directory}/oauth2/v2.0/devicecode",
            (HttpContext context, string directory, DeviceEndpoint endpoint) => endpoint.HandOutAsync(context, directory, old: false));
        routes.Map("/{directory}/oauth2/devicecode",
            (HttpContext context, string directory, DeviceEndpoint endpoint) => endpoint.HandOutAsync(context, directory, old: true));
        routes.MapMethods("/oidc/userinfo", ["GET", "POST"], (HttpContext context, UserInfo info) => info.Answer(context));
    }

    private static IResult LookUp(string sent) => IdentityPages.LookUpPage(
        sent, int.TryParse(sent.Replace("AADSTS", "", StringComparison.OrdinalIgnoreCase), CultureInfo.InvariantCulture, out var code) ? StsCatalogue.Find(code) : null);
}
