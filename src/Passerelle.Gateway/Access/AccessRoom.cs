using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

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
                OperatorAuthentication.IsOperator(http) ? OperatorAuthentication.SchemeName : SessionAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, OperatorAuthentication>(OperatorAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddPolicy(Caller.Admin, policy => policy.RequireRole(Caller.Admin));
        builder.Services.AddSingleton<CalendarFeeds>();
        return builder;
    }
}
