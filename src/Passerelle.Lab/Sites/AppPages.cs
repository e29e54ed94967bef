using System.Collections.Immutable;
using System.Globalization;
using Passerelle.Lab.Control;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>App registrations: the guide's step 2, in its order.</summary>
internal static class AppPages
{
    public static IResult List(DirectoryPlace place, Speech t) => new Page(t[SiteWords.AppRegistrations], _ => Html.Of($"""
        <p><a href="/identity/{place.Directory.Id}/apps/new">+ {t[SiteWords.NewRegistration]}</a></p>
        {Table.Of([t[SiteWords.Name], t[SiteWords.ClientId]],
            place.Directory.Registrations.Select(app => new[] { Table.Link(Address(place, app), app.DisplayName), Table.Code(app.ClientId) }))}
        """))
    { Path = [(place.Directory.DisplayName, "/")] };

    public static IResult New(DirectoryPlace place, Speech t) => new Page(t[SiteWords.NewRegistration], field => Html.Of($"""
        <form method="post" id="register">{field}
        <label for="name">{t[SiteWords.Name]}</label><input id="name" name="name" type="text" maxlength="120" required>
        <fieldset><legend>{t[SiteWords.AccountTypes]}</legend>
        {Html.Each(Audiences, a => Html.Of($"""<label class="tick"><input type="radio" name="audience" value="{a.Value}" {SiteForms.Checked(a.Value is SignInAudience.AzureADMyOrg)}> {t.Say(a.Text, place.Directory.DisplayName)}</label>"""))}
        </fieldset>
        <fieldset><legend>{t[SiteWords.RedirectUri]}</legend>
        <label for="platform">{t[SiteWords.Platform]}</label><select id="platform" aria-describedby="platforms">
        <option selected>Web</option><option disabled>{t[SiteWords.Spa]}</option><option disabled>{t[SiteWords.PublicPlatform]}</option></select>
        <p class="quiet" id="platforms">{t[SiteWords.OnlyWeb]}</p>
        <label for="uri">URI</label><input id="uri" name="uri" type="text" maxlength="256" placeholder="https://">
        </fieldset>
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
        <fieldset><legend>{t[SiteWords.Implicit]}</legend><p class="quiet">{t[SiteWords.ImplicitNote]}</p>
        <label class="tick"><input type="checkbox" name="access" {SiteForms.Checked(place.App.ImplicitAccessTokens)}> {t[SiteWords.AccessTokens]}</label>
        <label class="tick"><input type="checkbox" name="id" {SiteForms.Checked(place.App.ImplicitIdTokens)}> {t[SiteWords.IdTokens]}</label></fieldset>
        <label class="tick"><input type="checkbox" name="public" {SiteForms.Checked(place.App.AllowPublicClient)}> {t[SiteWords.PublicClient]}</label>
        <p class="quiet">{t[SiteWords.UnsavedNote]}</p>
        <button class="primary">{t[CommonWords.Save]}</button></form>
        """));

    /// <param name="fresh">Just made: its value is on this answer and on no other.</param>
    public static IResult Secrets(AppPlace place, NewSecret? fresh, Speech t) => About(place, t, SiteWords.Secrets, field => Html.Of($"""
        {(fresh is null ? Html.Empty : Html.Of($"""<p class="done" role="status">{t[SiteWords.CopyNow]}</p>"""))}
        <p class="quiet">{t[SiteWords.SecretsNote]}</p>
        {(place.App.Secrets.IsEmpty ? Html.Of($"<p>{t[SiteWords.NoSecrets]}</p>") : Table.Of(
            [t[SiteWords.Description], t[SiteWords.Expires], t[SiteWords.Value], t[SiteWords.SecretId]],
            place.App.Secrets.Select(s => new[]
            {
                Table.Text(s.Description), Table.Text(s.EndsAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                fresh?.SecretId == s.KeyId ? Html.Of($"""<code id="secret-value">{fresh.Value}</code>""") : Table.Code(s.Hint + "******************"),
                Table.Code(s.KeyId),
            })))}
        <h2>{t[SiteWords.NewSecret]}</h2><form method="post" id="secret">{field}
        <label for="description">{t[SiteWords.Description]}</label><input id="description" name="description" type="text" maxlength="120">
        <label for="days">{t[SiteWords.Expires]}</label><select id="days" name="days">
        {Html.Each(new[] { 180, 90, 365, 545, 730 }, d => Html.Of($"""<option value="{d}">{t.Say(SiteWords.Days, d)}</option>"""))}</select>
        <button class="primary">{t[CommonWords.Add]}</button></form>
        """));

    public static string Address(DirectoryPlace place, AppRegistration app) => $"/identity/{place.Directory.Id}/apps/{app.ClientId}";

    public static string Address(AppPlace place) => Address(place, place.App);

    private static readonly ImmutableArray<(Word Text, string Below)> Menu =
    [
        (SiteWords.Overview, ""), (SiteWords.Authentication, "/authentication"), (SiteWords.Secrets, "/secrets"),
        (SiteWords.ApiPermissions, PermissionPages.Below),
    ];

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

    public static Page About(AppPlace place, Speech t, Word title, Func<Html, Html> body) => new($"{place.App.DisplayName} | {t[title]}", field => Html.Of($"""
        <nav aria-label="{place.App.DisplayName}"><ul class="menu">{Html.Each(Menu, m => Html.Of($"""
            <li><a href="{Address(place)}{m.Below}" {Html.When(m.Text == title, Html.Of($"aria-current=\"page\""))}>{t[m.Text]}</a></li>
            """))}</ul></nav>
        {body(field)}
        """)) { Path = Steps(new DirectoryPlace(place.Lab, place.Directory), t) };
}
