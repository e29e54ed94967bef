using System.Collections.Immutable;
using Microsoft.AspNetCore.WebUtilities;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>GET /{directory}/oauth2/v2.0/logout (facts §1.17): ends the browser's sessions; refresh tokens live on.</summary>
internal sealed class LogoutEndpoint(Labs labs, Sessions sessions, Addresses addresses, TimeProvider time)
{
    public IResult Answer(HttpContext context, string directory)
    {
        IQueryCollection query = context.Request.Query;
        ImmutableArray<DirectoryPlace> places = labs.Directory(directory) is { } place ? [place] : SignedIn(context);
        var back = query["post_logout_redirect_uri"].ToString();
        IEnumerable<AppRegistration> apps = places.SelectMany(p => p.Lab.State.Directories).SelectMany(d => d.Registrations);
        if (back.Length > 0 && !apps.Any(app => RedirectUris.Match(app, back) is not null))
            return IdentityPages.ErrorPage(StsErrors.LogoutUriUnknown(back), StsTrace.Of(context.Request, places.FirstOrDefault()?.Lab.Time ?? time));

        ImmutableArray<string> frames = [.. places.SelectMany(p => Frames(context, p))];
        foreach (DirectoryPlace left in places) Sessions.Close(context, left);
        if (back.Length == 0 || frames.Length > 0) return IdentityPages.SignedOutPage(frames);
        return Results.Redirect(query["state"].ToString() is { Length: > 0 } state ? QueryHelpers.AddQueryString(back, "state", state) : back);
    }

    /// <summary>On a shared endpoint: wherever this browser is signed in.</summary>
    private ImmutableArray<DirectoryPlace> SignedIn(HttpContext context) =>
    [
        .. labs.All.SelectMany(lab => lab.State.Directories.Append(lab.State.Personal).Select(d => new DirectoryPlace(lab, d)))
            .Where(place => sessions.Read(context, place) is not null),
    ];

    /// <summary>The logout addresses of the applications that the person agreed to.</summary>
    private IEnumerable<string> Frames(HttpContext context, DirectoryPlace place)
    {
        if (sessions.Read(context, place) is not { } known) return [];
        var issuer = $"{addresses.Https}/{place.Directory.Id}/v2.0";
        return place.Lab.State.Directories.SelectMany(d => d.Registrations)
            .Where(app => app.LogoutUrl is not null && place.Directory.Grants.Any(g => g.ClientId == app.ClientId
                && (g.UserId is null || g.UserId == known.User.Id)))
            .Select(app => QueryHelpers.AddQueryString(app.LogoutUrl ?? "", new Dictionary<string, string?>
            {
                ["sid"] = place.Lab.NewId().ToString(),
                ["iss"] = issuer,
            }));
    }
}
