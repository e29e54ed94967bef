using System.Collections.Immutable;
using Passerelle.Lab.Control;
using Passerelle.Lab.Identity;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>App registrations: the guide's step 2, in its order.</summary>
internal static class AppPages
{
    public static IResult List(DirectoryPlace place, Speech t) => new Page(t[SiteWords.AppRegistrations], _ => Html.Of($"""
        <p><a href="/identity/{place.Directory.Id}/apps/new">+ {t[SiteWords.NewRegistration]}</a></p>
        <div class="wide"><table><thead><tr><th>{t[SiteWords.Name]}</th><th>{t[SiteWords.ClientId]}</th></tr></thead><tbody>
        {Html.Each(place.Directory.Registrations, app => Html.Of($"""
            <tr><td><a href="{Address(place, app)}">{app.DisplayName}</a></td><td><code>{app.ClientId}</code></td></tr>
            """))}</tbody></table></div>
        """)) { Path = [(place.Directory.DisplayName, "/")] };

    public static IResult New(DirectoryPlace place, Speech t) => new Page(t[SiteWords.NewRegistration], field => Html.Of($"""
        <form method="post" id="register">{field}
        <label for="name">{t[SiteWords.Name]}</label><input id="name" name="name" type="text" maxlength="120" required>
        <fieldset><legend>{t[SiteWords.AccountTypes]}</legend>
        {Html.Each(Audiences, a => Html.Of($"""<label class="tick"><input type="radio" name="audience" value="{a.Value}" {SiteForms.Checked(a.Value is SignInAudience.AzureADMyOrg)}> {t.Say(a.Text, place.Directory.DisplayName)}</label>"""))}
        </fieldset>
        <label for="uri">{t[SiteWords.RedirectUri]} (Web)</label><input id="uri" name="uri" type="text" maxlength="256" placeholder="https://">
        <button class="primary">{t[SiteWords.Register]}</button></form>
        """)) { Path = Steps(place, t) };

    public static IResult Overview(AppPlace place, HttpContext call, Speech t) => About(place, t, SiteWords.Overview, _ => Html.Of($"""
        {SiteForms.Done(call, t)}
        <dl><dt>{t[SiteWords.Name]}</dt><dd>{place.App.DisplayName}</dd>
        <dt>{t[SiteWords.ClientId]}</dt><dd><code id="client-id">{place.App.ClientId}</code></dd>
        <dt>{t[SiteWords.ObjectId]}</dt><dd><code>{place.App.ObjectId}</code></dd>
        <dt>{t[SiteWords.DirectoryId]}</dt><dd><code id="directory-id">{place.Directory.Id}</code></dd>
        <dt>{t[SiteWords.EnterpriseObjectId]}</dt><dd><code>{place.Directory.EnterpriseApp(place.App.ClientId)?.ObjectId}</code></dd>
        <dt>{t[SiteWords.AccountTypes]}</dt><dd>{t.Say(Audiences.First(a => a.Value == place.App.Audience).Text, place.Directory.DisplayName)}</dd></dl>
        """));

    public static IResult Authentication(AppPlace place, HttpContext call, Speech t) => About(place, t, SiteWords.Authentication, field => Html.Of($"""
        {SiteForms.Done(call, t)}
        <form method="post" id="authentication">{field}
        <label for="uris">{t[SiteWords.RedirectUris]}</label>
        <textarea id="uris" name="uris" rows="4">{string.Join('\n', place.App.RedirectUris.Where(u => u.Platform is RedirectPlatform.Web).Select(u => u.Uri))}</textarea>
        <fieldset><legend>{t[SiteWords.Implicit]}</legend>
        <label class="tick"><input type="checkbox" name="access" {SiteForms.Checked(place.App.ImplicitAccessTokens)}> {t[SiteWords.AccessTokens]}</label>
        <label class="tick"><input type="checkbox" name="id" {SiteForms.Checked(place.App.ImplicitIdTokens)}> {t[SiteWords.IdTokens]}</label></fieldset>
        <label class="tick"><input type="checkbox" name="public" {SiteForms.Checked(place.App.AllowPublicClient)}> {t[SiteWords.PublicClient]}</label>
        <p class="quiet">{t[SiteWords.UnsavedNote]}</p>
        <button class="primary">{t[CommonWords.Save]}</button></form>
        """));

    /// <param name="fresh">Just made: its value is on this answer and on no other.</param>
    public static IResult Secrets(AppPlace place, NewSecret? fresh, Speech t) => About(place, t, SiteWords.Secrets, field => Html.Of($"""
        {(fresh is null ? Html.Empty : Html.Of($"""<p class="done" role="status">{t[SiteWords.CopyNow]}</p>"""))}
        <div class="wide"><table><thead><tr><th>{t[SiteWords.Description]}</th><th>{t[SiteWords.Expires]}</th><th>{t[SiteWords.Value]}</th><th>{t[SiteWords.SecretId]}</th></tr></thead><tbody>
        {Html.Each(place.App.Secrets, s => Html.Of($"""
            <tr><td>{s.Description}</td><td>{s.EndsAt.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)}</td>
            <td>{(fresh?.SecretId == s.KeyId ? Html.Of($"""<code id="secret-value">{fresh.Value}</code>""") : Html.Of($"<code>{s.Hint}******************</code>"))}</td><td><code>{s.KeyId}</code></td></tr>
            """))}</tbody></table></div>
        <h2>{t[SiteWords.NewSecret]}</h2><form method="post" id="secret">{field}
        <label for="description">{t[SiteWords.Description]}</label><input id="description" name="description" type="text" maxlength="120">
        <label for="days">{t[SiteWords.Expires]}</label><select id="days" name="days">
        {Html.Each(new[] { 180, 90, 365, 545, 730 }, d => Html.Of($"""<option value="{d}">{t.Say(SiteWords.Days, d)}</option>"""))}</select>
        <button class="primary">{t[CommonWords.Add]}</button></form>
        """));

    public static IResult ApiPermissions(AppPlace place, HttpContext call, Speech t) => About(place, t, SiteWords.ApiPermissions, field => Html.Of($"""
        {SiteForms.Done(call, t)}
        <form method="post" id="listed">{field}<div class="wide"><table><thead><tr><th>API</th><th>{t[SiteWords.Type]}</th><th>{t[SiteWords.AdminConsentRequired]}</th><th>{t[SiteWords.Status]}</th><th></th></tr></thead><tbody>
        {Html.Each(place.App.Permissions, p => Row(place, p, t))}</tbody></table></div></form>
        <form method="post" action="{Address(place, place.App)}/permissions/consent" id="admin-consent">{field}<button>✓ {t.Say(SiteWords.GrantAdminConsent, place.Directory.DisplayName)}</button></form>
        <h2>{t[SiteWords.AddPermission]}</h2><p class="quiet">{t[SiteWords.ApisMyOrganizationUses]}</p>
        {Html.Each(new[] { Resources.Exchange, Resources.Graph }, resource => Html.Of($"""
            <details><summary>{Resources.NameOf(resource)}</summary>{Html.Each(new[] { PermissionKind.Delegated, PermissionKind.Application }, kind => Picker(place, resource, kind, field, t))}</details>
            """))}
        """));

    public static string Address(DirectoryPlace place, AppRegistration app) => $"/identity/{place.Directory.Id}/apps/{app.ClientId}";

    public static string Address(AppPlace place) => Address(place, place.App);

    private static readonly ImmutableArray<(SignInAudience Value, Word Text)> Audiences =
    [
        (SignInAudience.AzureADMyOrg, SiteWords.SingleTenant),
        (SignInAudience.AzureADMultipleOrgs, SiteWords.MultiTenant),
        (SignInAudience.AzureADandPersonalMicrosoftAccount, SiteWords.MultiAndPersonal),
        (SignInAudience.PersonalMicrosoftAccount, SiteWords.PersonalOnly),
    ];

    private static string Address(AppPlace place, AppRegistration app) => Address(new DirectoryPlace(place.Lab, place.Directory), app);

    private static (string, string)[] Steps(DirectoryPlace place, Speech t) =>
        [(place.Directory.DisplayName, "/"), (t[SiteWords.AppRegistrations], $"/identity/{place.Directory.Id}/apps")];

    private static Page About(AppPlace place, Speech t, Word title, Func<Html, Html> body) => new($"{place.App.DisplayName} | {t[title]}", field => Html.Of($"""
        <ul class="menu"><li><a href="{Address(place)}">{t[SiteWords.Overview]}</a></li><li><a href="{Address(place)}/authentication">{t[SiteWords.Authentication]}</a></li>
        <li><a href="{Address(place)}/secrets">{t[SiteWords.Secrets]}</a></li><li><a href="{Address(place)}/permissions">{t[SiteWords.ApiPermissions]}</a></li></ul>
        {body(field)}
        """)) { Path = Steps(new DirectoryPlace(place.Lab, place.Directory), t) };

    private static Html Row(AppPlace place, ApiPermission p, Speech t)
    {
        Permission? known = Permissions.Find(p.Resource, p.Name, p.Kind);
        var granted = p.Kind is PermissionKind.Application
            ? place.Directory.EnterpriseApp(place.App.ClientId)?.Roles.Contains(new RoleGrant(p.Resource, p.Name)) == true
            : Consent.Granted(place.Directory, place.App.ClientId, Guid.Empty, p.Resource).Contains(p.Name);
        return Html.Of($"""
            <tr><td>{Resources.NameOf(p.Resource)}<br><code>{p.Name}</code></td><td>{p.Kind}</td><td>{t[known?.Need is ConsentNeed.Administrator ? CommonWords.Yes : CommonWords.No]}</td>
            <td>{t.Say(granted ? SiteWords.Granted : SiteWords.NotGranted, place.Directory.DisplayName)}</td><td><button name="remove" value="{p.Resource}|{p.Kind}|{p.Name}">{t[SiteWords.Remove]}</button></td></tr>
            """);
    }

    private static Html Picker(AppPlace place, Guid resource, PermissionKind kind, Html field, Speech t) => Html.Of($"""
        <form method="post">{field}<fieldset><legend>{t[kind is PermissionKind.Delegated ? SiteWords.Delegated : SiteWords.Application]}</legend>
        {Html.Each(Permissions.All.Where(p => p.Resource == resource && p.Kind == kind && !Permissions.SignIn.Contains(p.Name)), p => Html.Of($"""
            <label class="tick"><input type="checkbox" name="add" value="{resource}|{kind}|{p.Name}" {SiteForms.Checked(place.App.Permissions.Contains(new ApiPermission(resource, p.Name, kind)))}> <span><code>{p.Name}</code> {(t.InFrench ? p.TextInFrench : p.Text)}</span></label>
            """))}<button>{t[SiteWords.AddPermission]}</button></fieldset></form>
        """);
}
