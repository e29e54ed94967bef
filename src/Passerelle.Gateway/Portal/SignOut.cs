using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;

namespace Passerelle.Gateway.Portal;

internal static class SignOut
{
    public static void MapSignOut(this IEndpointRouteBuilder app) => app.MapPost("/sign-out", EndAsync).DisableAntiforgery();

    private static async Task<Results<RedirectHttpResult, BadRequest>> EndAsync(
        HttpContext http, IAntiforgery antiforgery, Sessions sessions, SessionCookie cookie)
    {
        if (!await antiforgery.IsRequestValidAsync(http)) return TypedResults.BadRequest();
        if (Caller.Of(http.User) is { } caller) await sessions.EndAsync(caller.SessionHash, CancellationToken.None);
        await cookie.DeleteAsync(http);
        return TypedResults.LocalRedirect("/sign-in");
    }
}
