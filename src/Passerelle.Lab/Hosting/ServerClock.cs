using System.Globalization;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Hosting;

/// <summary>The Date header of a directory's endpoints (RFC 9110 §6.6.1), where its lab shows a clock of its own.</summary>
internal static class ServerClock
{
    public static Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetRouteValue("directory") is string directory
            && context.RequestServices.GetRequiredService<Labs>().Directory(directory) is { Lab: { State.ShowsClock: true } lab })
        {
            context.Response.Headers.Date = lab.Time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        }
        return next(context);
    }
}
