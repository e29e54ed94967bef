using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Portal;

/// <summary>
/// The way of a mailbox's owner who has no account here. <c>/owner/{secret}</c> is a page that says whose app it is and what
/// will be asked; from there <c>/owner/{secret}/begin</c> opens a session of that link only and leads to the provider.
/// </summary>
internal static class OwnerEndpoints
{
    public const string Result = "/owner-result";
    private const string CookieName = "passerelle-owner";

    public static void MapOwner(this IEndpointRouteBuilder app) => app.MapGet("/owner/{secret}/begin", BeginAsync).AllowAnonymous();

    /// <returns>SHA-256 of the session that a link opened in this browser; empty when none did.</returns>
    public static byte[] SessionOf(HttpContext http) =>
        (http.Request.Cookies[$"__Host-{CookieName}"] ?? http.Request.Cookies[CookieName]) is { Length: > 0 and < 100 } secret
            ? AuthorisationSecrets.Hash(secret)
            : [];

    private static async Task<IResult> BeginAsync(
        string secret, HttpContext http, OwnerLinks links, EmailApps apps, SignInBrake brake, Authorisations authorisations, AuthoriseResults results,
        CancellationToken cancel)
    {
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        var page = TypedResults.LocalRedirect($"/owner/{Uri.EscapeDataString(secret)}");
        // Only from our own page, which says what will happen: a link elsewhere that leads past it is led to it.
        if (http.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin")) return page;
        if (await links.FindAsync(secret, cancel) is not { } link || await brake.WaitForLinkAsync(link.Id, "", cancel) is not null
            || await apps.FindAsync(link.OrganisationId, link.AppId, cancel) is not { } app
            || !OwnerLinks.IsOffered(app)
            || await links.OpenSessionAsync(link, cancel) is not { } session) return page; // it says why
        await brake.CountLinkAsync(link.Id, "", cancel); // each time asks the provider something
        switch (await authorisations.BeginAsync(app, new Asker(link.PersonId, AuthorisationSecrets.Hash(session)) { OwnerLinkId = link.Id }, cancel))
        {
            case BeginOutcome.Started { RedirectUrl: var url, Cookie: var cookie }:
                AuthoriseEndpoints.Append(http, cookie);
                AuthoriseEndpoints.Append(http, cookie with { Name = cookie.Secure ? $"__Host-{CookieName}" : CookieName, Value = session });
                return TypedResults.Redirect(url);
            case BeginOutcome.Refused refused:
                return Show(results.Keep(link.OrganisationId, AuthoriseResult.Refused(refused.Finding)));
            case BeginOutcome.Later later:
                return Show(results.Keep(link.OrganisationId, AuthoriseResult.Later(later.Reason)));
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static IResult Show(string key) => TypedResults.LocalRedirect($"{Result}?result={key}");
}
