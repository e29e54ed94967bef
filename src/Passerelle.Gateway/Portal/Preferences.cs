using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;

namespace Passerelle.Gateway.Portal;

/// <summary>Language and colours of one browser, as cookies; known before the first byte of the page, so nothing flickers.</summary>
internal static class Preferences
{
    public const string ThemeCookie = "passerelle-theme";

    /// <returns>system, light or dark.</returns>
    public static string ThemeOf(HttpContext? http) =>
        http?.Request.Cookies[ThemeCookie] is "light" or "dark" ? http.Request.Cookies[ThemeCookie]! : "system"; // matched just before

    public static void MapPreferences(this IEndpointRouteBuilder app) =>
        app.MapPost("/preferences", SetAsync).AllowAnonymous().DisableAntiforgery();

    private static async Task<Results<RedirectHttpResult, BadRequest>> SetAsync(
        HttpContext http, IAntiforgery antiforgery, [FromForm] string? theme, [FromForm] string? language, [FromForm] string? back)
    {
        if (!await antiforgery.IsRequestValidAsync(http)) return TypedResults.BadRequest();
        var options = new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, Path = "/", HttpOnly = true };
        if (theme is "system" or "light" or "dark") http.Response.Cookies.Append(ThemeCookie, theme, options);
        if (language is "en" or "fr")
        {
            http.Response.Cookies.Append(
                CookieRequestCultureProvider.DefaultCookieName,
                CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language)),
                options);
        }
        return TypedResults.LocalRedirect(SafeBack(back));
    }

    /// <summary>A path of ours and nothing else: no scheme, no host, no backslash that a browser reads as one.</summary>
    public static string SafeBack(string? back) =>
        back is ['/', ..] && back is not ['/', '/' or '\\', ..] && !back.Any(char.IsControl) && back.Length < 2000 ? back : "/";
}
