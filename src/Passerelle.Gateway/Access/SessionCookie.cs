using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Access;

/// <summary>
/// The browser's half of a session. On https it is <c>__Host-passerelle</c> (Secure, no domain, path /), which no sibling
/// host can set; http on loopback knows neither prefix nor Secure.
/// </summary>
internal sealed class SessionCookie(Installations installations, Sessions sessions)
{
    public const string SecureName = "__Host-passerelle";
    public const string LoopbackName = "passerelle";

    public async Task<string?> ReadAsync(HttpContext http) =>
        await installations.FindAsync(http.RequestAborted) is { } installation
            ? http.Request.Cookies[NameFor(installation)]
            : null;

    public async Task WriteAsync(HttpContext http, string secret)
    {
        var installation = await installations.GetAsync(http.RequestAborted);
        http.Response.Cookies.Append(NameFor(installation), secret, Options(installation, sessions.Lifetime));
    }

    public async Task DeleteAsync(HttpContext http)
    {
        var installation = await installations.GetAsync(http.RequestAborted);
        http.Response.Cookies.Delete(NameFor(installation), Options(installation, null));
    }

    public static bool IsSecure(Installation installation) =>
        installation.PublicUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    private static string NameFor(Installation installation) => IsSecure(installation) ? SecureName : LoopbackName;

    /// <summary>Lax, not Strict: the way back from the sign-in page of the provider must still find the session.</summary>
    private static CookieOptions Options(Installation installation, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        Secure = IsSecure(installation),
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = lifetime,
        IsEssential = true,
    };
}
