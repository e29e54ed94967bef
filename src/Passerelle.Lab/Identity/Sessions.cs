using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>Signed-in browsers: one sealed cookie per directory, good for 24 hours of lab time, or 90 days when the person stays
/// signed in (facts §1.12). It is not marked Secure, because the same person meets the pages on https and on plain http,
/// loopback both.</summary>
internal sealed class Sessions(Sealer sealer)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);
    private static readonly TimeSpan StayLife = TimeSpan.FromDays(90);

    public void Open(HttpContext context, DirectoryPlace place, SignInSession session) =>
        context.Response.Cookies.Append(NameOf(place), sealer.Seal(session), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            IsEssential = true,
            MaxAge = session.Stay ? StayLife : null,
        });

    /// <returns>Null when nobody is signed in, or no longer: too old, revoked, disabled or deleted.</returns>
    public (LabUser User, SignInSession Session)? Read(HttpContext context, DirectoryPlace place)
    {
        if (Kept(context, place) is not { } session) return null;
        if (place.Lab.Time.GetUtcNow() - session.SignedInAt > (session.Stay ? StayLife : Life)) return null;
        return place.Directory.User(session.UserId) is { Enabled: true } user && session.SignedInAt >= user.TokensValidFrom
            ? (user, session)
            : null;
    }

    /// <summary>Whether a session was there and a reset or a revocation ended it.</summary>
    public bool WasRevoked(HttpContext context, DirectoryPlace place) =>
        Kept(context, place) is { } session && place.Directory.User(session.UserId) is { } user && session.SignedInAt < user.TokensValidFrom;

    public static void Close(HttpContext context, DirectoryPlace place) => context.Response.Cookies.Delete(NameOf(place));

    private SignInSession? Kept(HttpContext context, DirectoryPlace place) =>
        context.Request.Cookies[NameOf(place)] is { } cookie && sealer.Open<SignInSession>(cookie) is { } session
            && session.DirectoryId == place.Directory.Id
            ? session
            : null;

    private static string NameOf(DirectoryPlace place) => place.Directory.Id == Resources.PersonalDirectory
        ? $"lab-session-personal-{place.Lab.Name}"
        : $"lab-session-{place.Directory.Id:N}";
}
