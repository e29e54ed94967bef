using System.Collections.Immutable;
using Passerelle.Lab.Sites;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>What a person sees of authorize. Element names and ids are stable: tests and scripts use them.</summary>
internal static class IdentityPages
{
    public static IResult SignInPage(Asked asked, string login, StsError? error) => Speaking(t => new Page(t[IdentityWords.SignIn], field => Html.Of($"""
        <p class="quiet">{t.Say(IdentityWords.SignInTo, asked.App.DisplayName, asked.Place.Directory.DisplayName)}</p>
        {(error is null ? Html.Empty : Fault(error))}
        <form method="post" id="signin">{field}<input type="hidden" name="step" value="signin">
        <label for="login">{t[IdentityWords.Address]}</label>
        <input id="login" name="login" type="email" value="{login}" autocomplete="username" required {Html.When(login.Length == 0, Html.Of($"autofocus"))}>
        <label for="passwd">{t[IdentityWords.Password]}</label>
        <input id="passwd" name="passwd" type="password" autocomplete="current-password" required {Html.When(login.Length > 0, Html.Of($"autofocus"))}>
        <button class="primary">{t[IdentityWords.SignIn]}</button></form>
        """))
    { Alone = true, FormTarget = Origin(asked) });

    /// <summary>The wide endpoint knows no directory yet: the address comes first.</summary>
    public static IResult WhoPage(string login) => Speaking(t => new Page(t[IdentityWords.SignIn], field => Html.Of($"""
        {Html.When(login.Length > 0, Html.Of($"""<p class="fault" role="alert">{t[IdentityWords.NoSuchAccount]}</p>"""))}
        <form method="post" id="who">{field}<input type="hidden" name="step" value="who">
        <label for="login">{t[IdentityWords.Address]}</label>
        <input id="login" name="login" type="email" value="{login}" autocomplete="username" required autofocus>
        <button class="primary">{t[IdentityWords.Next]}</button></form>
        """))
    { Alone = true });

    public static IResult ConsentPage(Asked asked, LabUser user) => Speaking(t => new Page(t[IdentityWords.PermissionsRequested], field => Html.Of($"""
        <p class="quiet">{user.Address}</p>
        <p><strong>{asked.App.DisplayName}</strong><br><span class="quiet">{t[IdentityWords.Unverified]}</span></p>
        <p>{t[IdentityWords.AppWouldLike]}</p>
        <ul class="scopes">{Html.Each(Texts(asked), p => Html.Of($"""<li>{(t.InFrench ? p.TextInFrench : p.Text)} <code>{p.Name}</code></li>"""))}</ul>
        <form method="post" id="consent">{field}<input type="hidden" name="step" value="consent">
        {Html.When(user.Administrator, Html.Of($"""<label class="tick"><input type="checkbox" name="everybody"> {t[IdentityWords.OnBehalf]}</label>"""))}
        <button name="answer" value="accept" class="primary">{t[IdentityWords.Accept]}</button>
        <button name="answer" value="cancel">{t[CommonWords.Cancel]}</button></form>
        """))
    { Alone = true, FormTarget = Origin(asked) });

    public static IResult ApprovalPage(Asked asked, LabUser user, StsTrace trace) => Speaking(t => new Page(t[IdentityWords.NeedApproval], field => Html.Of($"""
        <p class="quiet">{user.Address}</p>
        <p><strong>{asked.App.DisplayName}</strong><br><span class="quiet">{t[IdentityWords.Unverified]}</span></p>
        <p>{t.Say(IdentityWords.ApprovalText, asked.App.DisplayName)}</p>
        <p class="fault">AADSTS90094: {StsErrors.AdminApproval.Text}</p>
        {Details(StsErrors.AdminApproval, trace, t)}
        <form method="post" id="leave">{field}<input type="hidden" name="step" value="leave">
        <button>{t[IdentityWords.ReturnWithout]}</button></form>
        """))
    { Alone = true, FormTarget = Origin(asked) });

    public static IResult ErrorPage(StsError error, StsTrace trace) => Speaking(t => new Page(t[IdentityWords.SignIn], _ => Html.Of($"""
        <h2>{t[IdentityWords.Trouble]}</h2>
        {Fault(error)}
        {Details(error, trace, t)}
        """))
    { Alone = true, Status = StatusCodes.Status400BadRequest });

    public static IResult StalePage() => Speaking(t => new Page(t[IdentityWords.SignIn], _ => Html.Of($"""<p class="fault" role="alert">{t[IdentityWords.Stale]}</p>"""))
    { Alone = true, Status = StatusCodes.Status400BadRequest });

    public static IResult SignedOutPage() => Speaking(t => new Page(t[IdentityWords.SignedOut], _ => Html.Of($"<p>{t[IdentityWords.CloseWindow]}</p>")) { Alone = true });

    private static Html Fault(StsError error) => Html.Of($"""<p class="fault" role="alert">AADSTS{error.Code}: {error.Text}</p>""");

    private static Html Details(StsError error, StsTrace trace, Speech t) => Html.Of($"""
        <h3>{t[IdentityWords.Details]}</h3>
        <dl class="details"><dt>Request Id</dt><dd>{trace.TraceId}</dd><dt>Correlation Id</dt><dd>{trace.CorrelationId}</dd>
        <dt>Timestamp</dt><dd>{trace.Timestamp}</dd><dt>Message</dt><dd>AADSTS{error.Code}: {error.Text}</dd></dl>
        """);

    /// <summary>All that is asked, granted or not: the person agrees to the whole.</summary>
    private static ImmutableArray<Permission> Texts(Asked asked) =>
    [
        .. asked.Scopes.Wanted
            .SelectMany(w => (w.Default ? Consent.Registered(asked.App, w.Resource) : w.Names).Select(name => (w.Resource, name)))
            .Concat(asked.Scopes.SignIn.Select(name => (Resources.Graph, name)))
            .Select(s => Permissions.Find(s.Item1, s.Item2, PermissionKind.Delegated)).OfType<Permission>(),
    ];

    /// <summary>A form on these pages ends at the application: browsers ask the policy about that redirect too.</summary>
    private static string? Origin(Asked asked) =>
        Uri.TryCreate(asked.Return.Uri, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
            ? uri!.GetLeftPart(UriPartial.Authority) // parsed above
            : uri?.Scheme + ":";

    private static SpokenPage Speaking(Func<Speech, Page> page) => new(page);
}
