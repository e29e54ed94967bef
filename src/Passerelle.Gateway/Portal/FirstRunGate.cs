using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Portal;

/// <summary>Until the first run is done, every page leads to it; afterwards it leads home.</summary>
internal static class FirstRunGate
{
    public const string Path = "/first-run";

    public static IApplicationBuilder UseFirstRunGate(this IApplicationBuilder app) => app.Use(static async (http, next) =>
    {
        var done = await http.RequestServices.GetRequiredService<Installations>().FindAsync(http.RequestAborted) is not null;
        var path = http.Request.Path;
        if (!done && IsPage(path) && path != Path) http.Response.Redirect(Path);
        else if (done && path == Path && HttpMethods.IsGet(http.Request.Method)) http.Response.Redirect("/");
        else await next(http);
    });

    private static bool IsPage(PathString path) =>
        !path.StartsWithSegments("/_content") && !path.StartsWithSegments("/_framework") && !path.StartsWithSegments("/assets")
        && !path.StartsWithSegments("/health") && !path.StartsWithSegments("/metrics") && !path.StartsWithSegments("/api")
        && !path.StartsWithSegments("/preferences");
}
