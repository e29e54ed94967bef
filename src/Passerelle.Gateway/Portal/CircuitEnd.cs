namespace Passerelle.Gateway.Portal;

/// <summary>
/// Open pages end with the server. The browser's script connects again as soon as its line is cut; what it opened then, after
/// the framework had closed its connections, would keep Kestrel waiting until the host's time is up.
/// </summary>
internal static class CircuitEnd
{
    public static IApplicationBuilder UseCircuitEnd(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        return app.Use(async (http, next) =>
        {
            if (!http.Request.Path.StartsWithSegments("/_blazor"))
            {
                await next(http);
            }
            else if (stopping.IsCancellationRequested)
            {
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            }
            else
            {
                using var cut = stopping.Register(http.Abort);
                await next(http);
            }
        });
    }
}
