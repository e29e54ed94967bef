using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Polling;
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
        app.MapGet("/authorise/{id:guid}/mailbox", BeginReadingAsync).RequireAuthorization(Caller.Admin);
        app.MapGet("/authorise/{id:guid}/graph", BeginGraphAsync).RequireAuthorization(Caller.Admin);
        // anonymous, so that an ended session is explained here: a detour by the sign-in page would carry the code along
        app.MapGet("/callback", CompleteAsync).AllowAnonymous();
    }

    /// <summary>The cookie that binds the way to the provider to this browser.</summary>
    public static void Append(HttpContext http, AuthorisationCookie cookie) =>
        http.Response.Cookies.Append(cookie.Name, cookie.Value, OptionsOf(cookie.Secure, cookie.ExpiresAt));

    public static CookieOptions OptionsOf(bool secure, DateTimeOffset until) => new()
    {
        HttpOnly = true,
        Secure = secure,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        Expires = until,
        IsEssential = true,
    };

    /// <param name="consent"><c>review</c>: show the consent page even where everything is granted.</param>
    private static async Task<IResult> BeginAsync(
        Guid id, string? consent, HttpContext http, EmailApps apps, Authorisations authorisations, AuthoriseResults results, CancellationToken cancel)
    {
        if (Caller.Of(http.User) is not { PersonId: { } person } caller
            || await apps.FindAsync(caller.OrganisationId, id, cancel) is not { } app) return TypedResults.NotFound();
        if (!OwnerLinks.IsOffered(app)) return TypedResults.LocalRedirect($"/apps/{id}/authorisation");
        var asker = new Asker(person, caller.SessionHash) { ReviewConsent = consent == "review" };
        return await LeaveAsync(http, app, asker, authorisations, results, cancel);
    }

    /// <summary>A consent of its own: reading is not part of what the app sends with.</summary>
    private static async Task<IResult> BeginReadingAsync(
        Guid id, HttpContext http, EmailApps apps, MailboxServers servers, Authorisations authorisations, AuthoriseResults results, CancellationToken cancel)
    {
        if (Caller.Of(http.User) is not { PersonId: { } person } caller
            || await apps.FindAsync(caller.OrganisationId, id, cancel) is not { } app
            || servers.Of(app) is not { } server) return TypedResults.NotFound();
        if (!OwnerLinks.IsOffered(app)) return TypedResults.LocalRedirect($"/apps/{id}/forwarding");
        return await LeaveAsync(http, app, new Asker(person, caller.SessionHash) { Besides = new AskedBesides(AuthorisationRow.Reading, server.Scope) }, authorisations, results, cancel);
    }

    /// <summary>A consent of its own: Microsoft Graph is not part of what the app signs in to SMTP with.</summary>
    private static async Task<IResult> BeginGraphAsync(
        Guid id, HttpContext http, EmailApps apps, Authorisations authorisations, AuthoriseResults results, CancellationToken cancel)
    {
        if (Caller.Of(http.User) is not { PersonId: { } person } caller
            || await apps.FindAsync(caller.OrganisationId, id, cancel) is not { } app) return TypedResults.NotFound();
        if (app.Transport != Transports.SmtpThenGraph || !OwnerLinks.IsOffered(app)) return TypedResults.LocalRedirect($"/apps/{id}/authorisation");
        var asker = new Asker(person, caller.SessionHash) { Besides = new AskedBesides(AuthorisationRow.Graph, Transports.GraphScope(app.SignsInAs)) };
        return await LeaveAsync(http, app, asker, authorisations, results, cancel);
    }

    private static async Task<IResult> LeaveAsync(
        HttpContext http, EmailApp app, Asker asker, Authorisations authorisations, AuthoriseResults results, CancellationToken cancel)
    {
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        switch (await authorisations.BeginAsync(app, asker, cancel))
        {
            case BeginOutcome.Started { RedirectUrl: var url, Cookie: var cookie }:
                Append(http, cookie);
                return TypedResults.Redirect(url);
            case BeginOutcome.Refused refused:
                return Show(app.Id, results.Keep(app.OrganisationId, AuthoriseResult.Refused(refused.Finding)));
            case BeginOutcome.Later later:
                return Show(app.Id, results.Keep(app.OrganisationId, AuthoriseResult.Later(later.Reason)));
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static async Task<IResult> CompleteAsync(
        HttpContext http, Authorisations authorisations, Connect connect, MailboxPolls polls, GraphTokens graph, AuthoriseResults results, Audit audit, CancellationToken cancel)
    {
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        var caller = Caller.Of(http.User);
        var owner = OwnerEndpoints.SessionOf(http);
        var browser = new ReturningBrowser(caller?.SessionHash ?? [], owner, http.Request.Cookies[$"__Host-{CookieName}"] ?? http.Request.Cookies[CookieName]);
        var outcome = await authorisations.CompleteAsync(CallbackQuery.Of(http.Request.Query), browser, cancel);
        return outcome switch
        {
            CompleteOutcome.Redeemed { Redemption: var redemption } =>
                Told(redemption.App.OrganisationId, redemption.App.Id, await ProveAsync(redemption, connect, audit, caller)),
            CompleteOutcome.MayRead { Redemption: var redemption } =>
                Told(redemption.App.OrganisationId, redemption.App.Id, await ReadAsync(redemption, polls, audit, caller)),
            CompleteOutcome.MaySendByGraph { Redemption: var redemption } =>
                Told(redemption.App.OrganisationId, redemption.App.Id, await GraphAsync(redemption, graph, audit, caller)),
            CompleteOutcome.AlreadyDone done => Told(done.OrganisationId, done.AppId, new AuthoriseResult("already")),
            CompleteOutcome.Expired expired => Told(expired.OrganisationId, expired.AppId, new AuthoriseResult("expired")),
            CompleteOutcome.Refused refused => Told(refused.OrganisationId, refused.AppId, AuthoriseResult.Refused(refused.Finding)),
            CompleteOutcome.Later later => Told(later.OrganisationId, later.AppId, AuthoriseResult.Later(later.Reason)),
            CompleteOutcome.AdminAnswered answered => Told(
                answered.OrganisationId, answered.AppId, answered.Finding is { } finding ? AuthoriseResult.Refused(finding) : new AuthoriseResult("consented")),
            _ when caller is null && owner.Length == 0 => TypedResults.LocalRedirect("/authorisation-ended"),
            CompleteOutcome.Foreign => TypedResults.LocalRedirect("/authorisation-ended?why=other-browser"),
            _ => TypedResults.LocalRedirect("/authorisation-ended?why=unknown"),
        };

        // A mailbox's owner, or whoever administers the directory, may have no account here; who has one is shown the app.
        IResult Told(Guid organisationId, Guid appId, AuthoriseResult result)
        {
            var key = results.Keep(organisationId, result);
            return caller?.OrganisationId == organisationId ? Show(appId, key) : TypedResults.LocalRedirect($"{OwnerEndpoints.Result}?result={key}");
        }
    }

    private static async Task<AuthoriseResult> ProveAsync(Redemption redemption, Connect connect, Audit audit, Caller? caller)
    {
        var outcome = await connect.ProveAsync(redemption, CancellationToken.None);
        if (outcome is ConnectOutcome.Connected)
        {
            var deed = new Deed("grant-obtained", AuditKinds.Grant, redemption.App.Id.ToString()) { Detail = redemption.Who.Account };
            await (caller is null
                ? audit.WriteAsync(redemption.App.OrganisationId, Audit.OwnersLink, deed, CancellationToken.None)
                : audit.WriteAsync(caller, deed, CancellationToken.None));
        }
        return AuthoriseResult.Of(outcome, redemption);
    }

    private static async Task<AuthoriseResult> ReadAsync(Redemption redemption, MailboxPolls polls, Audit audit, Caller? caller)
    {
        if (!await polls.BeginAsync(redemption, CancellationToken.None)) return new AuthoriseResult("no-refresh");
        var deed = new Deed("reading-granted", AuditKinds.Grant, redemption.App.Id.ToString()) { Detail = redemption.Who.Account };
        if (caller is not null) await audit.WriteAsync(caller, deed, CancellationToken.None);
        return new AuthoriseResult("may-read", redemption.Who.Account);
    }

    /// <summary>What counts is what the app's own sign-in gets now; a stranger's consent is of no use to it.</summary>
    private static async Task<AuthoriseResult> GraphAsync(Redemption redemption, GraphTokens graph, Audit audit, Caller? caller)
    {
        graph.Forget(redemption.App.Id);
        switch (await graph.ForSendingAsync(redemption.App, CancellationToken.None))
        {
            case TokenAnswer.Broken broken: return AuthoriseResult.Refused(broken.Finding);
            case TokenAnswer.Later later: return AuthoriseResult.Later(later.Reason);
        }
        var deed = new Deed("graph-granted", AuditKinds.Grant, redemption.App.Id.ToString()) { Detail = redemption.Who.Account };
        if (caller is not null) await audit.WriteAsync(caller, deed, CancellationToken.None);
        return new AuthoriseResult("graph-granted", redemption.Who.Account);
    }

    private static IResult Show(Guid appId, string key) => TypedResults.LocalRedirect($"/apps/{appId}/authorisation?result={key}");
}
