using Passerelle.Lab.Hosting;

namespace Passerelle.Lab.Identity;

/// <summary>Entra's half of a directory: sign-in, consent, tokens.</summary>
internal static class IdentityRoom
{
    public static IHostApplicationBuilder AddIdentity(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Addresses>().AddSingleton<Sealer>().AddSingleton<TokenMint>().AddSingleton<Sessions>()
            .AddSingleton<Discovery>()
            .AddSingleton<AuthorizeReader>().AddSingleton<AuthorizeGrant>().AddSingleton<AuthorizeEndpoint>()
            .AddSingleton<UserTokens>().AddSingleton<CodeRedemption>().AddSingleton<Refreshing>().AddSingleton<AppTokens>()
            .AddSingleton<TokenEndpoint>();
        return builder;
    }

    public static void MapIdentity(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/common/discovery/instance", (HttpContext context, Discovery discovery) => discovery.Instance());
        routes.MapGet("/{directory}/v2.0/.well-known/openid-configuration",
            (HttpContext context, string directory, Discovery discovery) => discovery.Configuration(context, directory));
        routes.MapGet("/{directory}/discovery/v2.0/keys",
            (HttpContext context, string directory, Discovery discovery) => discovery.Keys(context, directory));
        routes.Map("/{directory}/oauth2/v2.0/token",
            (HttpContext context, string directory, TokenEndpoint endpoint) => endpoint.AnswerAsync(context, directory));
        routes.MapGet("/{directory}/oauth2/v2.0/authorize",
            (HttpContext context, string directory, AuthorizeEndpoint endpoint) => endpoint.Get(context, directory)).AlsoOnPlainHttp();
        routes.MapPost("/{directory}/oauth2/v2.0/authorize",
            (HttpContext context, string directory, AuthorizeEndpoint endpoint) => endpoint.PostAsync(context, directory)).AlsoOnPlainHttp();
        routes.MapGet("/{directory}/oauth2/v2.0/logout", (HttpContext context, string directory, State.Labs labs) =>
        {
            if (labs.Directory(directory) is { } place) Sessions.Close(context, place);
            return IdentityPages.SignedOutPage();
        }).AlsoOnPlainHttp();
    }
}
