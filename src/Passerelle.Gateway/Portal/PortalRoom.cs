using System.Globalization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Localization;
using Microsoft.FluentUI.AspNetCore.Components;
using Passerelle.Gateway.Events.Alarms;
using Passerelle.Gateway.Portal.Pages;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Portal;

internal static class PortalRoom
{
    public static WebApplicationBuilder AddPortal(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseStaticWebAssets(); // a build's output finds its assets too, not only a published folder
        // the query of the call back must reach no log: request start and end lines would carry it
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error); // it notes on each form that no-store stays
        var services = builder.Services;
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddFluentUIComponents();
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, SessionRevalidation>();
        services.AddHttpContextAccessor();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "passerelle-form";
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.Configure<RequestLocalizationOptions>(options =>
        {
            options.DefaultRequestCulture = new RequestCulture("en");
            options.SupportedCultures = options.SupportedUICultures = [.. Texts.Languages.Select(CultureInfo.ReadOnly)];
        });
        services.AddSingleton<Texts>().AddSingleton<AnswerLines>().AddSingleton<AuthoriseResults>()
            .AddSingleton<Acknowledgements>().AddSingleton<Worries>().AddSingleton<PictureLoader>();
        services.AddSingleton<Translated>(Sentences.Translate);
        return builder;
    }

    /// <summary>What stands before every page, outermost first.</summary>
    public static void UsePortal(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UsePageHeaders();
        app.UseCircuitEnd();
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseWhen(IsForPrograms, api =>
        {
            api.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = fault => fault is StoreUnavailable or TimeoutException ? 503 : 500 });
            api.UseStatusCodePages(); // problem+json
        });
        app.UseWhen(http => !IsForPrograms(http) && !IsRelayed(http), pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
        app.UseRequestLocalization();
        app.UseFirstRunGate();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    private static bool IsForPrograms(HttpContext http) => http.Request.Path.StartsWithSegments("/api/v1");

    /// <summary>Its refusals have their own shape, and some no body at all.</summary>
    private static bool IsRelayed(HttpContext http) => http.Request.Path.StartsWithSegments("/v2");

    public static void MapPortal(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapPreferences();
        app.MapSignOut();
        app.MapMessageParts();
        app.MapAuthorise();
        app.MapScripts();
        app.MapOwner();
        app.MapCalendar();
        app.MapRazorComponents<Document>()
            .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }
}
