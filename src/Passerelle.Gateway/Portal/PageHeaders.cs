namespace Passerelle.Gateway.Portal;

/// <summary>What every answer says to the browser: only our own origin, no frames around us, nothing kept of personal pages.</summary>
internal static class PageHeaders
{
    /// <summary>No inline script at all; inline styles are needed by the component library.</summary>
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "frame-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static IApplicationBuilder UsePageHeaders(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = Policy;
        headers.XFrameOptions = "DENY";
        if (!IsAsset(http.Request.Path)) headers.CacheControl = "no-store";
        return next(http);
    });

    private static bool IsAsset(PathString path) =>
        path.StartsWithSegments("/_content") || path.StartsWithSegments("/_framework") || path.StartsWithSegments("/assets");
}
