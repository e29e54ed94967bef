using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>Signed-in browsers: one sealed cookie per directory, good for 24 hours of lab time. It is not marked Secure,
/// because the same person meets the pages on https and on plain http, loopback both.</summary>
internal sealed class Sessions(Sealer sealer)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);

    public void Open(HttpContext context, DirectoryPlace place, SignInSession session) =>
        context.Response.Cookies.Append(NameOf(place), sealer.Seal(session),
            new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, IsEssential = true });

    /// <returns>Null when nobody is signed in, or no longer: too old, revoked, disabled or deleted.</returns>
    public (LabUser User, DateTimeOffset SignedInAt)? Read(HttpContext context, DirectoryPlace place)
    {
        if (context.Request.Cookies[NameOf(place)] is not { } cookie || sealer.Open<SignInSession>(cookie) is not { } session) return null;
        if (session.DirectoryId != place.Directory.Id || place.Lab.Time.GetUtcNow() - session.SignedInAt > Life) return null;
        return place.Directory.User(session.UserId) is { Enabled: true } user && session.SignedInAt >= user.TokensValidFrom
            ? (user, session.SignedInAt)
            : null;
    }

    public static void Close(HttpContext context, DirectoryPlace place) => context.Response.Cookies.Delete(NameOf(place));

    private static string NameOf(DirectoryPlace place) => $"lab-session-{place.Directory.Id:N}";
}
