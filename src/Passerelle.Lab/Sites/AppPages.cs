using System.Collections.Immutable;
using System.Globalization;
using Passerelle.Lab.Control;
using Passerelle.Lab.Identity;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>App registrations: the guide's step 2, in its order (facts §8.1 to §8.4).</summary>
internal static class AppPages
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public static IResult List(DirectoryPlace place, HttpContext call, Speech t) => new Page(t[SiteWords.AppRegistrations], _ => Html.Of($"""
        <p><a class="button" href="/identity/{place.Directory.Id}/apps/new">+ {t[SiteWords.NewRegistration]}</a></p>
        {Endpoints(place, call, t)}
        <ul class="tabs"><li><span aria-current="page">{t[AppWords.AllApplications]}</span></li>
        <li class="left-out">{t[AppWords.Owned]} <small>({t[AppWords.NoOwners]})</small></li>
        <li class="left-out">{t[AppWords.Deleted]} <small>({t[AppWords.GoneAtOnce]})</small></li></ul>
        {Table.Of([t[SiteWords.DisplayName], t[SiteWords.ClientId], t[AppWords.CreatedOn], t[SiteWords.Secrets]],
            place.Directory.Registrations.Select(app => new[]
            {
                Table.Link(Address(place, app), app.DisplayName), Table.Code(app.ClientId), Table.Text(Day(app.CreatedAt)), Standing(app, place.Lab.Time.GetUtcNow(), t),
            }))}
        """))
    { Place = place, Path = [(place.Directory.DisplayName, "/")] };

    public static IResult New(DirectoryPlace place, Speech t) => new Page(t[SiteWords.NewRegistration], field => Html.Of($"""
        <form method="post" id="register">{field}
        <label for="name">{t[SiteWords.Name]}</label><input id="name" name="name" type="text" maxlength="120" required aria-describedby="name-note">
        <p class="quiet" id="name-note">{t[AppWords.NameNote]}</p>
        <fieldset><legend>{t[SiteWords.AccountTypes]}</legend><p class="quiet">{t[AppWords.WhoCanUse]}</p>
        {AudienceRadios(place.Directory, SignInAudience.AzureADMyOrg, t)}
        </fieldset>
        <fieldset><legend>{t[AppWords.RedirectOptional]}</legend><p class="quiet">{t[AppWords.RedirectNote]}</p>
        <label for="platform">{t[SiteWords.Platform]}</label><select id="platform" name="platform">
        <option value="PublicClient">{t[SiteWords.PublicPlatform]}</option><option value="Web" selected>Web</option><option value="Spa">{t[SiteWords.Spa]}</option></select>
        <label for="uri">URI</label><input id="uri" name="uri" type="text" maxlength="256" placeholder="https://">
        </fieldset>
        <button class="primary">{t[SiteWords.Register]}</button></form>
        """))
    { Place = place, Path = Steps(place, t) };

    public static IResult Overview(AppPlace place, HttpContext call, Speech t)
    {
        EnterpriseApp? principal = place.Directory.EnterpriseApp(place.App.ClientId);
        return About(place, t, SiteWords.Overview, field => Html.Of($"""
        {SiteForms.Done(call, t)}
        {Endpoints(new DirectoryPlace(place.Lab, place.Directory), call, t)}
        <h2>{t[AppWords.Essentials]}</h2>
        <dl class="facts"><dt>{t[SiteWords.DisplayName]}</dt><dd>{place.App.DisplayName}</dd>
        <dt>{t[SiteWords.ClientId]}</dt><dd>{SiteForms.Copyable("client-id", place.App.ClientId, t)}<small>{t[AppWords.ClientIdNote]}</small></dd>
        <dt>{t[SiteWords.ObjectId]}</dt><dd>{SiteForms.Copyable("object-id", place.App.ObjectId, t)}<small>{t[AppWords.ObjectIdNote]}</small></dd>
        <dt>{t[SiteWords.DirectoryId]}</dt><dd>{SiteForms.Copyable("directory-id", place.Directory.Id, t)}<small>{t[AppWords.DirectoryIdNote]}</small></dd>
        <dt>{t[SiteWords.AccountTypes]}</dt><dd>{t[Short(place.App.Audience)]}</dd>
        <dt>{t[AppWords.Credentials]}</dt><dd><a href="{Address(place)}/secrets">{t.Say(AppWords.CredentialCount, place.App.Keys.Length, place.App.Secrets.Length)}</a></dd>
        <dt>{t[AppWords.Uris]}</dt><dd><a href="{Address(place)}/authentication">{Count(place.App, RedirectPlatform.Web)} web, {Count(place.App, RedirectPlatform.Spa)} spa, {Count(place.App, RedirectPlatform.PublicClient)} public client</a></dd>
        <dt>{t[AppWords.IdUri]}</dt><dd class="left-out">{t[AppWords.IdUriLeft]}</dd>
        <dt>{t[AppWords.Managed]}</dt><dd><a href="/identity/{place.Directory.Id}/enterprise/{place.App.ClientId}">{principal?.DisplayName}</a>
        <small>{t[AppWords.ManagedNote]} {SiteForms.Copyable("enterprise-id", principal?.ObjectId, t)}</small></dd></dl>
        <p class="left-out">{t[AppWords.PreviewFeatures]} <small>({t[AppWords.PreviewLeft]})</small></p>
        <details><summary>{t[AppWords.Delete]}</summary><form method="post" id="delete" action="{Address(place)}/delete">{field}
        <p class="warn">{t[AppWords.DeleteNote]}</p><button>{t[AppWords.Delete]}</button></form></details>
        """));
    }

    public static IResult Authentication(AppPlace place, HttpContext call, Speech t) => About(place, t, SiteWords.Authentication, field => Html.Of($"""
        {SiteForms.Done(call, t)}
        <form method="post" id="authentication" data-unsaved>{field}
        <fieldset><legend>{t[AppWords.Platforms]}</legend>
        <label for="uris">{t[SiteWords.RedirectUris]}</label><textarea id="uris" name="uris" rows="3" aria-describedby="uri-rules">{Uris(place.App, RedirectPlatform.Web)}</textarea>
        <label for="spa">{t[AppWords.SpaUris]}</label><textarea id="spa" name="spa" rows="2">{Uris(place.App, RedirectPlatform.Spa)}</textarea>
        <label for="public-uris">{t[AppWords.PublicUris]}</label><textarea id="public-uris" name="public-uris" rows="2">{Uris(place.App, RedirectPlatform.PublicClient)}</textarea>
        <p class="quiet" id="uri-rules">{t[AppWords.UriRules]}</p>
        <label for="logout">{t[AppWords.Logout]}</label><input id="logout" name="logout" type="text" maxlength="256" value="{place.App.LogoutUrl}">
        </fieldset>
        <fieldset id="implicit"><legend>{t[SiteWords.Implicit]}</legend><p class="quiet">{t[SiteWords.ImplicitNote]}</p>
        <label class="tick"><input type="checkbox" name="access" {SiteForms.Checked(place.App.ImplicitAccessTokens)}> {t[SiteWords.AccessTokens]}</label>
        <label class="tick"><input type="checkbox" name="id" {SiteForms.Checked(place.App.ImplicitIdTokens)}> {t[SiteWords.IdTokens]}</label></fieldset>
        <fieldset><legend>{t[SiteWords.AccountTypes]}</legend>{AudienceRadios(place.Directory, place.App.Audience, t)}</fieldset>
        <fieldset><legend>{t[AppWords.Advanced]}</legend>
        <label class="tick"><input type="checkbox" name="public" {SiteForms.Checked(place.App.AllowPublicClient)}> {t[SiteWords.PublicClient]}</label>
        <p class="quiet">{t[AppWords.PublicFlows]}</p>
        <p class="left-out">{t[AppWords.InstanceLock]} <small>({t[AppWords.InstanceLockLeft]})</small></p></fieldset>
        <p class="quiet">{t[SiteWords.UnsavedNote]}</p>
        <button class="primary">{t[CommonWords.Save]}</button><a class="button" href="{Address(place)}/authentication">{t[AppWords.Discard]}</a> {SiteForms.Unsaved(t)}</form>
        """));

    public static string Address(DirectoryPlace place, AppRegistration app) => $"/identity/{place.Directory.Id}/apps/{app.ClientId}";

    public static string Address(AppPlace place) => Address(place, place.App);

    public static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>One certificate or secret that still holds keeps the application going (facts §8.1).</summary>
    public static Html Standing(AppRegistration app, DateTimeOffset now, Speech t)
    {
        ImmutableArray<DateTimeOffset> ends = [.. app.Secrets.Select(s => s.EndsAt), .. app.Keys.Select(k => k.EndsAt)];
        return ends.IsEmpty ? Html.Of($"-")
            : ends.Max() <= now ? Html.Of($"""<span class="warn">{t[AppWords.Expired]}</span>""")
            : ends.Max() - now < Soon ? Html.Of($"""<span class="warn">{t[AppWords.ExpiringSoon]}</span>""")
            : Html.Of($"""<span class="good">{t[AppWords.Current]}</span>""");
    }

    public static Page About(AppPlace place, Speech t, Word title, Func<Html, Html> body) => new($"{place.App.DisplayName} | {t[title]}", field => Html.Of($"""
        <nav aria-label="{place.App.DisplayName}"><ul class="tabs">{Html.Each(Menu, m => Html.Of($"""
            <li><a href="{Address(place)}{m.Below}" {Html.When(m.Text == title, Html.Of($"aria-current=\"page\""))}>{t[m.Text]}</a></li>
            """))}</ul></nav>
        <p class="left-out small">{string.Join(" · ", LeftOut.Select(m => t[m]))} ({t[AppWords.NoStep]})</p>
        {body(field)}
        """))
    { Place = new DirectoryPlace(place.Lab, place.Directory), Path = Steps(new DirectoryPlace(place.Lab, place.Directory), t) };

    private static readonly ImmutableArray<(Word Text, string Below)> Menu =
    [
        (SiteWords.Overview, ""), (SiteWords.Authentication, "/authentication"), (SiteWords.Secrets, "/secrets"),
        (SiteWords.ApiPermissions, PermissionPages.Below),
    ];

    private static readonly ImmutableArray<Word> LeftOut =
    [
        AppWords.Quickstart, AppWords.Assistant, AppWords.Branding, AppWords.TokenConfiguration, AppWords.ExposeApi, AppWords.AppRoles,
        AppWords.Owners, AppWords.Administrators, AppWords.Manifest, AppWords.Support, AppWords.SupportRequest,
    ];

    private static readonly ImmutableArray<(SignInAudience Value, Word Text)> Audiences =
    [
        (SignInAudience.AzureADMyOrg, SiteWords.SingleTenant),
        (SignInAudience.AzureADMultipleOrgs, SiteWords.MultiTenant),
        (SignInAudience.AzureADandPersonalMicrosoftAccount, SiteWords.MultiAndPersonal),
        (SignInAudience.PersonalMicrosoftAccount, SiteWords.PersonalOnly),
    ];

    private static Html AudienceRadios(LabDirectory directory, SignInAudience chosen, Speech t) => Html.Each(Audiences, a => Html.Of(
        $"""<label class="tick"><input type="radio" name="audience" value="{a.Value}" {SiteForms.Checked(a.Value == chosen)}> {t.Say(a.Text, directory.DisplayName)}</label>"""));

    private static Word Short(SignInAudience audience) => audience switch
    {
        SignInAudience.AzureADMyOrg => AppWords.MyOrganization,
        SignInAudience.AzureADMultipleOrgs => AppWords.MultipleOrganizations,
        SignInAudience.AzureADandPersonalMicrosoftAccount => SiteWords.MultiAndPersonal,
        _ => SiteWords.PersonalOnly,
    };

    private static Html Endpoints(DirectoryPlace place, HttpContext call, Speech t)
    {
        var root = $"{call.Commands<Addresses>().Https}/{place.Directory.Id}";
        return Html.Of($"""
        <details id="endpoints"><summary>{t[AppWords.Endpoints]}</summary><dl>{Html.Each(new[]
        {
            (AppWords.AuthorizeEndpoint, "authorize", "/oauth2/v2.0/authorize"), (AppWords.TokenEndpoint, "token", "/oauth2/v2.0/token"),
            (AppWords.DeviceEndpoint, "device", "/oauth2/v2.0/devicecode"), (AppWords.Metadata, "metadata", "/v2.0/.well-known/openid-configuration"),
        }, e => Html.Of($"""<dt>{t[e.Item1]}</dt><dd>{SiteForms.Copyable("endpoint-" + e.Item2, root + e.Item3, t)}</dd>"""))}</dl></details>
        """);
    }

    private static int Count(AppRegistration app, RedirectPlatform platform) => app.RedirectUris.Count(u => u.Platform == platform);

    private static string Uris(AppRegistration app, RedirectPlatform platform) =>
        string.Join('\n', app.RedirectUris.Where(u => u.Platform == platform).Select(u => u.Uri));

    private static string Address(AppPlace place, AppRegistration app) => Address(new DirectoryPlace(place.Lab, place.Directory), app);

    private static (string, string)[] Steps(DirectoryPlace place, Speech t) =>
        [(place.Directory.DisplayName, "/"), (t[SiteWords.AppRegistrations], $"/identity/{place.Directory.Id}/apps")];
}
