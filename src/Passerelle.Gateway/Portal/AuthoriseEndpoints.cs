using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Portal;

/// <summary>
/// <c>/authorise/{id}</c> sends the browser to the provider, <c>/callback</c> takes it back. Both are plain addresses outside
/// every page; what came of it is shown on a page whose address holds no code.
/// </summary>
internal static class AuthoriseEndpoints
{
    private const string CookieName = "passerelle-authorise";

    public static void MapAuthorise(this IEndpointRouteBuilder app)
    {
        app.MapGet("/authorise/{id:guid}", BeginAsync).RequireAuthorization(Caller.Admin);
        // anonymous, so that an ended session is explained here: a detour by the sign-in page would carry the code along
        app.MapGet("/callback", CompleteAsync).AllowAnonymous();
    }

    private static async Task<IResult> BeginAsync(
        Guid id, HttpContext http, EmailApps apps, Authorisations authorisations, AuthoriseResults results, CancellationToken cancel)
    {
        if (Caller.Of(http.User) is not { PersonId: { } person } caller
            || await apps.FindAsync(caller.OrganisationId, id, cancel) is not { } app) return TypedResults.NotFound();
        if (app.State is AppState.Draft or AppState.Retired || app.Authentication != AppForm.OAuth2) return TypedResults.LocalRedirect($"/apps/{id}/authorisation");
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        switch (await authorisations.BeginAsync(app, person, caller.SessionHash, cancel))
        {
            case BeginOutcome.Started { RedirectUrl: var url, Cookie: var cookie }:
                http.Response.Cookies.Append(cookie.Name, cookie.Value, OptionsOf(cookie.Secure, cookie.ExpiresAt));
                return TypedResults.Redirect(url);
            case BeginOutcome.Refused refused:
                return Show(id, results.Keep(caller, AuthoriseResult.Refused(refused.Finding)));
            case BeginOutcome.Later later:
                return Show(id, results.Keep(caller, AuthoriseResult.Later(later.Reason)));
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static async Task<IResult> CompleteAsync(
        HttpContext http, Authorisations authorisations, Connect connect, AuthoriseResults results, Audit audit, CancellationToken cancel)
    {
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        if (Caller.Of(http.User) is not { } caller) return TypedResults.LocalRedirect("/authorisation-ended");
        var cookie = http.Request.Cookies[$"__Host-{CookieName}"] ?? http.Request.Cookies[CookieName];
        var outcome = await authorisations.CompleteAsync(CallbackQuery.Of(http.Request.Query), caller.SessionHash, cookie, cancel);
        return outcome switch
        {
            CompleteOutcome.Redeemed { Redemption: var redemption } =>
                Show(redemption.App.Id, results.Keep(caller, await ProveAsync(redemption, connect, audit, caller))),
            CompleteOutcome.AlreadyDone done => Show(done.AppId, results.Keep(caller, new AuthoriseResult("already"))),
            CompleteOutcome.Expired expired => Show(expired.AppId, results.Keep(caller, new AuthoriseResult("expired"))),
            CompleteOutcome.Refused refused => Show(refused.AppId, results.Keep(caller, AuthoriseResult.Refused(refused.Finding))),
            CompleteOutcome.Later later => Show(later.AppId, results.Keep(caller, AuthoriseResult.Later(later.Reason))),
            CompleteOutcome.Foreign => TypedResults.LocalRedirect("/authorisation-ended?why=other-browser"),
            _ => TypedResults.LocalRedirect("/authorisation-ended?why=unknown"),
        };
    }

    private static async Task<AuthoriseResult> ProveAsync(Redemption redemption, Connect connect, Audit audit, Caller caller)
    {
        var outcome = await connect.ProveAsync(redemption, CancellationToken.None);
        if (outcome is ConnectOutcome.Connected)
        {
            await audit.WriteAsync(caller, "grant-obtained", redemption.App.Id.ToString(), redemption.Who.Account, CancellationToken.None);
        }
        return AuthoriseResult.Of(outcome, redemption);
    }

    private static IResult Show(Guid appId, string key) => TypedResults.LocalRedirect($"/apps/{appId}/authorisation?result={key}");

    private static CookieOptions OptionsOf(bool secure, DateTimeOffset until) => new()
    {
        HttpOnly = true,
        Secure = secure,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        Expires = until,
        IsEssential = true,
    };
}
