using System.Globalization;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Credentials;

namespace Passerelle.Gateway.Portal;

/// <summary><c>/calendar/{token}</c>: the credential calendar for calendar programs. No session: the address is the key.</summary>
internal static class CalendarEndpoint
{
    public static void MapCalendar(this IEndpointRouteBuilder app) => app.MapGet("/calendar/{token}", ReadAsync).AllowAnonymous();

    /// <summary>The suffix is for programs that look at it.</summary>
    public static string AddressOf(Installation installation, string token) => $"{installation.PublicUrl}/calendar/{token}.ics";

    private static async Task<IResult> ReadAsync(
        string token, HttpContext http, CalendarFeeds feeds, CredentialCalendar calendar, Installations installations, Texts words, TimeProvider time,
        CancellationToken cancel)
    {
        if (await feeds.FindAsync(token.EndsWith(".ics", StringComparison.Ordinal) ? token[..^4] : token, cancel) is not { } feed) return TypedResults.NotFound();
        var installation = await installations.GetAsync(cancel);
        var credentials = await calendar.OfAsync(feed.OrganisationId, cancel);
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.CacheControl = "no-store";
        CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(feed.Language); // of whoever made the address
        return TypedResults.Text(CredentialFeed.Write(credentials, installation, words, time.GetUtcNow()), "text/calendar; charset=utf-8");
    }
}
