using System.Collections.Immutable;
using Passerelle.Lab.Identity.Catalogue;
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
        <label class="tick"><input type="checkbox" name="stay"> {t[IdentityWords.Stay]}</label>
        <button class="primary">{t[IdentityWords.SignIn]}</button></form>
        """))
    { Alone = true, FormTarget = Origin(asked) });

    /// <summary>"More information required": the stand-in for registering a second factor (50072, 50079).</summary>
    public static IResult EnrollPage(Asked asked, LabUser user, StsError error) => Speaking(t => new Page(t[IdentityWords.MoreInformation], field => Html.Of($"""
        <p class="quiet">{user.Address}</p>
        {Fault(error)}
        <p>{t[IdentityWords.EnrollText]}</p>
        <form method="post" id="enroll">{field}<input type="hidden" name="step" value="enroll">
        <button class="primary">{t[IdentityWords.Next]}</button></form>
        """))
    { Alone = true, FormTarget = Origin(asked) });

    /// <summary>The stand-in for the phone: approve or deny (50074, 50078).</summary>
    public static IResult MfaPage(Asked asked, LabUser user, StsError error) => Speaking(t => new Page(t[IdentityWords.ApproveSignIn], field => Html.Of($"""
        <p class="quiet">{user.Address}</p>
        {Fault(error)}
        <form method="post" id="mfa">{field}<input type="hidden" name="step" value="mfa">
        <button name="answer" value="approve" class="primary">{t[IdentityWords.Approve]}</button>
        <button name="answer" value="deny">{t[IdentityWords.Deny]}</button></form>
        """))
    { Alone = true, FormTarget = Origin(asked) });

    /// <summary>Where a person enters the code that a device shows.</summary>
    public static IResult DevicePromptPage(string userCode, StsError? error) => Speaking(t => new Page(t[IdentityWords.EnterCode], field => Html.Of($"""
        {(error is null ? Html.Empty : Fault(error))}
        <p>{t[IdentityWords.EnterCodeText]}</p>
        <form method="post" id="device" action="/devicelogin">{field}
        <label for="otc">{t[IdentityWords.Code]}</label>
        <input id="otc" name="otc" value="{userCode}" autocomplete="off" required autofocus>
        <button class="primary">{t[IdentityWords.Next]}</button></form>
        """))
    { Alone = true, Status = error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest });

    public static IResult DevicePage(StsError? error, bool done) => Speaking(t => new Page(t[IdentityWords.EnterCode], _ => Html.Of($"""
        {(error is null ? Html.Empty : Fault(error))}
        <p id="{(done ? "device-done" : "device-declined")}">{t[done ? IdentityWords.DeviceDone : IdentityWords.DeviceDeclined]}</p>
        """))
    { Alone = true });

    /// <summary>/error?code=: what a number means, and which step of the guide it points to.</summary>
    public static IResult LookUpPage(string sent, StsCode? known) => Speaking(t => new Page(t[IdentityWords.LookUp], _ => Html.Of($"""
        <form method="get" id="lookup" action="/error"><label for="code">{t[IdentityWords.ErrorCode]}</label>
        <input id="code" name="code" value="{sent}" inputmode="numeric"><button class="primary">{t[IdentityWords.Next]}</button></form>
        {Html.When(known is null && sent.Length > 0, Html.Of($"""<p class="fault" role="alert">{t[IdentityWords.NoSuchCode]}</p>"""))}
        {Html.When(known is not null, Html.Of($"""
        <dl class="details"><dt>{t[IdentityWords.ErrorCode]}</dt><dd>AADSTS{known?.Code}</dd><dt>Message</dt><dd>{known?.Text}</dd>
        <dt>error</dt><dd><code>{known?.Error}</code></dd><dt>{t[IdentityWords.Step]}</dt><dd>{known?.Step}</dd></dl>
        """))}
        """))
    { Alone = true });

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
        {Html.When(user.Administrator && !asked.Request.IsAdminConsent, Html.Of($"""<label class="tick"><input type="checkbox" name="everybody"> {t[IdentityWords.OnBehalf]}</label>"""))}
        <button name="answer" value="accept" class="primary">{t[IdentityWords.Accept]}</button>
        <button name="answer" value="cancel">{t[CommonWords.Cancel]}</button></form>
        """))
    { Alone = true, FormTarget = Origin(asked) });

    public static IResult ApprovalPage(Asked asked, LabUser user, StsTrace trace) => Speaking(t => new Page(t[IdentityWords.NeedApproval], field => Html.Of($"""
        <p class="quiet">{user.Address}</p>
        <p><strong>{asked.App.DisplayName}</strong><br><span class="quiet">{t[IdentityWords.Unverified]}</span></p>
        <p>{t.Say(IdentityWords.ApprovalText, asked.App.DisplayName)}</p>
        {Fault(Approval(asked))}
        {Details(Approval(asked), trace, t)}
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

    public static IResult StalePage() => Speaking(t => new Page(t[IdentityWords.SignIn], _ => Html.Of($"""
        {Fault(StsErrors.PageLeftOpen)}
        <p>{t[IdentityWords.Stale]}</p>
        """))
    { Alone = true, Status = StatusCodes.Status400BadRequest });

    /// <param name="frames">Front-channel logout: each is loaded once, hidden (facts §1.17).</param>
    public static IResult SignedOutPage(ImmutableArray<string> frames) => Speaking(t => new Page(t[IdentityWords.SignedOut], _ => Html.Of($"""
        <p>{t[IdentityWords.CloseWindow]}</p>
        {Html.Each(frames, f => Html.Of($"""<iframe hidden src="{f}"></iframe>"""))}
        """))
    { Alone = true, FrameTargets = frames.IsEmpty ? null : string.Join(' ', frames.Select(f => new Uri(f).GetLeftPart(UriPartial.Authority))) });

    /// <summary>With the workflow for requests on, the page says so (facts §2.5).</summary>
    public static StsError Approval(Asked asked) =>
        asked.Place.Directory.AdminConsentRequests ? StsErrors.AdminApprovalByRequest : StsErrors.AdminApproval;

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
        .. asked.App.Permissions
            .Where(p => asked.Request.IsAdminConsent && p.Kind is PermissionKind.Application && asked.Scopes.Wanted.Any(w => w.Default && w.Resource == p.Resource))
            .Select(p => Permissions.Find(p.Resource, p.Name, p.Kind)).OfType<Permission>(),
    ];

    /// <summary>A form on these pages ends at the application: browsers ask the policy about that redirect too.</summary>
    private static string? Origin(Asked asked) =>
        asked.Request.Errand is Errand.Device ? null
        : Uri.TryCreate(asked.Return.Uri, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
            ? uri!.GetLeftPart(UriPartial.Authority) // parsed above
            : uri?.Scheme + ":";

    private static SpokenPage Speaking(Func<Speech, Page> page) => new(page);
}
