using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Access.Keys;

namespace Passerelle.Gateway.Access;

internal static class AccessRoom
{
    private const string EitherScheme = "either";

    public static WebApplicationBuilder AddAccess(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<AccessOptions>().BindConfiguration("Access").ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccessOptions>, AccessOptionsValidator>();
        services.AddSingleton<Sessions>().AddSingleton<SessionCookie>().AddSingleton<People>().AddSingleton<Audit>();
        services.AddSingleton<AuditEntries>().AddSingleton<AppliedAudit>().AddSingleton<Apps.RecordChange>(Audit.Record);
        services.AddSingleton<SignInBrake>().AddSingleton<SignIn>().AddSingleton<FirstRun>();
        services.AddSingleton<FirstRunToken>().AddHostedService(all => all.GetRequiredService<FirstRunToken>());
        services.AddAuthentication(EitherScheme)
            .AddPolicyScheme(EitherScheme, null, options => options.ForwardDefaultSelector = http =>
                OperatorAuthentication.IsOperator(http) ? OperatorAuthentication.SchemeName
                : ApiKeyAuthentication.IsShown(http) ? ApiKeyAuthentication.SchemeName
                : SessionAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, OperatorAuthentication>(OperatorAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            .SetDefaultPolicy(Somebody())
            .SetFallbackPolicy(Somebody())
            .AddPolicy(Caller.Admin, policy => policy.RequireAuthenticatedUser().AddRequirements(new MayEnter(AdminOnly: true)));
        services.AddSingleton<IAuthorizationHandler, MayEnterHandler>().AddSingleton<ApiKeys>().AddSingleton<KeyBrake>();
        builder.Services.AddSingleton<CalendarFeeds>();
        return builder;
    }

    private static AuthorizationPolicy Somebody() =>
        new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new MayEnter(AdminOnly: false)).Build();
}
