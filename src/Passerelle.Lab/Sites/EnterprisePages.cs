using Passerelle.Lab.Control;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>Enterprise applications: the application as this directory knows it (facts §8.9 to §8.11, §8.21).</summary>
internal static class EnterprisePages
{
    public static IResult List(DirectoryPlace place, Speech t) => new Page(t[EnterpriseWords.EnterpriseApps], _ => Html.Of($"""
        {Table.Of([t[SiteWords.Name], t[SiteWords.ObjectId], t[SiteWords.ClientId]],
            place.Directory.EnterpriseApps.Select(e => new[] { Table.Link(Address(place, e.ClientId), e.DisplayName), Table.Code(e.ObjectId), Table.Code(e.ClientId) }))}
        """))
    { Place = place, Path = [(place.Directory.DisplayName, "/")] };

    public static IResult Properties(AppPlace place, EnterpriseApp principal, HttpContext call, Speech t) => About(place, principal, t, EnterpriseWords.Properties, field => Html.Of($"""
        {SiteForms.Done(call, t)}
        <form method="post" id="properties" data-unsaved>{field}
        <dl class="facts"><dt>{t[SiteWords.ClientId]}</dt><dd>{SiteForms.Copyable("client-id", principal.ClientId, t)}</dd>
        <dt>{t[SiteWords.ObjectId]}</dt><dd>{SiteForms.Copyable("object-id", principal.ObjectId, t)}<small>{t[EnterpriseWords.ObjectIdNote]}</small></dd></dl>
        <label class="tick"><input type="checkbox" name="enabled" {SiteForms.Checked(principal.Enabled)}> {t[EnterpriseWords.Enabled]}</label><p class="quiet">{t[EnterpriseWords.EnabledNote]}</p>
        <label class="tick"><input type="checkbox" name="assignment" {SiteForms.Checked(principal.AssignmentRequired)}> {t[EnterpriseWords.AssignmentRequired]}</label><p class="quiet">{t[EnterpriseWords.AssignmentNote]}</p>
        <p class="left-out">{t[EnterpriseWords.Visible]} <small>({t[EnterpriseWords.VisibleLeft]})</small></p>
        <fieldset><legend>{t[EnterpriseWords.AssignedUsers]}</legend>{Html.Each(place.Directory.Users, u => Html.Of(
            $"""<label class="tick"><input type="checkbox" name="user" value="{u.Id}" {SiteForms.Checked(principal.AssignedUsers.Contains(u.Id))}> {u.DisplayName} <span class="quiet">{u.Address}</span></label>"""))}</fieldset>
        <button class="primary">{t[CommonWords.Save]}</button> {SiteForms.Unsaved(t)}</form>
        """));

    public static IResult Granted(AppPlace place, EnterpriseApp principal, HttpContext call, Speech t) => About(place, principal, t, EnterpriseWords.Permissions, field => Html.Of($"""
        {SiteForms.Done(call, t)}
        <section id="admin-consent"><h2>{t[EnterpriseWords.AdminConsent]}</h2>
        {Table.Of([t[SiteWords.ApiOrPermission], t[SiteWords.Type], t[EnterpriseWords.GrantedTo]],
            principal.Roles.Select(r => new[] { Name(r.Resource, r.Role), Table.Text(t[SiteWords.KindApplication]), Table.Text(t[EnterpriseWords.Everybody]) })
                .Concat(Delegated(place, everybody: true).Select(g => new[] { Name(g.Resource, g.Scope), Table.Text(t[SiteWords.KindDelegated]), Table.Text(t[EnterpriseWords.Everybody]) })), t[EnterpriseWords.NothingGranted])}</section>
        <section id="user-consent"><h2>{t[EnterpriseWords.UserConsent]}</h2>
        {Table.Of([t[SiteWords.ApiOrPermission], t[SiteWords.Type], t[EnterpriseWords.GrantedTo]],
            Delegated(place, everybody: false).Select(g => new[] { Name(g.Resource, g.Scope), Table.Text(t[SiteWords.KindDelegated]), Table.Text(place.Directory.User(g.User ?? Guid.Empty)?.Address) }), t[EnterpriseWords.NothingGranted])}</section>
        <section><h2>{t[EnterpriseWords.Review]}</h2><p>{t[EnterpriseWords.RevokeNote]}</p>
        <form method="post" id="revoke">{field}<button>{t[EnterpriseWords.Revoke]}</button></form></section>
        """));

    public static IResult Classifications(DirectoryPlace place, HttpContext call, Speech t) => new Page(t[EnterpriseWords.Classifications], field => Html.Of($"""
        {SiteForms.Done(call, t)}
        <p>{t[EnterpriseWords.ClassificationsNote]}</p>
        <form method="post" id="classifications" data-unsaved>{field}<fieldset><legend>{t[EnterpriseWords.Low]}</legend>
        {Html.Each(Permissions.All.Where(p => p.Kind is PermissionKind.Delegated && p.Resource == Resources.Graph && p.Need is not ConsentNeed.Administrator), p => Html.Of(
            $"""<label class="tick"><input type="checkbox" name="low" value="{p.Name}" {SiteForms.Checked(place.Directory.LowImpactScopes.Contains(p.Name))}> <span><code>{p.Name}</code> {(t.InFrench ? p.TextInFrench : p.Text)}</span></label>"""))}
        </fieldset><button class="primary">{t[CommonWords.Save]}</button> {SiteForms.Unsaved(t)}</form>
        """))
    { Place = place, Path = [(place.Directory.DisplayName, "/"), (t[EnterpriseWords.ConsentShort], $"/identity/{place.Directory.Id}/consent")] };

    public static IResult SecurityDefaults(DirectoryPlace place, HttpContext call, Speech t) => new Page(t[EnterpriseWords.SecurityDefaults], field => Html.Of($"""
        {SiteForms.Done(call, t)}
        <p>{t[EnterpriseWords.DefaultsNote]}</p>
        <form method="post" id="security-defaults" data-unsaved>{field}
        <label for="defaults">{t[EnterpriseWords.SecurityDefaults]}</label><select id="defaults" name="defaults">
        <option value="on" {Html.When(place.Directory.SecurityDefaults, Html.Of($"selected"))}>{t[EnterpriseWords.DefaultsOn]}</option>
        <option value="off" {Html.When(!place.Directory.SecurityDefaults, Html.Of($"selected"))}>{t[EnterpriseWords.DefaultsOff]}</option></select>
        <button class="primary">{t[CommonWords.Save]}</button> {SiteForms.Unsaved(t)}</form>
        """))
    { Place = place, Path = [(place.Directory.DisplayName, "/")] };

    public static string Address(DirectoryPlace place, Guid clientId) => $"/identity/{place.Directory.Id}/enterprise/{clientId}";

    private static Page About(AppPlace place, EnterpriseApp principal, Speech t, Word title, Func<Html, Html> body)
    {
        var at = new DirectoryPlace(place.Lab, place.Directory);
        return new Page($"{principal.DisplayName} | {t[title]}", field => Html.Of($"""
        <ul class="tabs">{Html.Each(new[] { (EnterpriseWords.Properties, ""), (EnterpriseWords.Permissions, "/permissions") }, m => Html.Of($"""
            <li><a href="{Address(at, principal.ClientId)}{m.Item2}" {Html.When(m.Item1 == title, Html.Of($"aria-current=\"page\""))}>{t[m.Item1]}</a></li>
            """))}</ul>
        {body(field)}
        """))
        { Place = at, Path = [(place.Directory.DisplayName, "/"), (t[EnterpriseWords.EnterpriseApps], $"/identity/{place.Directory.Id}/enterprise")] };
    }

    private static IEnumerable<(Guid Resource, string Scope, Guid? User)> Delegated(AppPlace place, bool everybody) =>
        place.Directory.Grants.Where(g => g.ClientId == place.App.ClientId && g.UserId is null == everybody)
            .SelectMany(g => g.Scopes.Select(s => (g.Resource, s, g.UserId)));

    private static Html Name(Guid resource, string name) => Html.Of($"{Resources.NameOf(resource)}<br><code>{name}</code>");
}

internal static class EnterpriseWords
{
    public static readonly Word EnterpriseApps = new("Enterprise apps", "Applications d'entreprise");
    public static readonly Word ConsentShort = new("Consent and permissions", "Consentement et autorisations");
    public static readonly Word Classifications = new("Permission classifications", "Classifications d'autorisations");
    public static readonly Word ClassificationsNote = new("What is low impact may be granted by users under the setting “for selected permissions”, for apps of this organization and of verified publishers. Tick SMTP.Send, and that setting lets Passerelle's mailbox consent by itself.", "Ce qui est à faible impact peut être accordé par les utilisateurs sous le réglage « pour les autorisations sélectionnées », pour les applications de cette organisation et d'éditeurs vérifiés. Cochez SMTP.Send, et ce réglage laisse la boîte de Passerelle consentir elle-même.");
    public static readonly Word Low = new("Low impact", "Faible impact");
    public static readonly Word SecurityDefaults = new("Security defaults", "Paramètres de sécurité par défaut");
    public static readonly Word DefaultsNote = new("Enabled: everybody registers for MFA at the first sign-in, and basic authentication is blocked, SMTP included. OAuth with Authenticated SMTP goes on.", "Activés : chacun s'inscrit à l'authentification multifacteur à la première connexion, et l'authentification de base est bloquée, SMTP compris. OAuth avec SMTP authentifié continue.");
    public static readonly Word DefaultsOn = new("Enabled", "Activé");
    public static readonly Word DefaultsOff = new("Disabled (not recommended)", "Désactivé (non recommandé)");
    public static readonly Word Properties = new("Properties", "Propriétés");
    public static readonly Word Permissions = new("Permissions", "Autorisations");
    public static readonly Word ObjectIdNote = new("Of the enterprise application: the one that New-ServicePrincipal wants.", "De l'application d'entreprise : celui que New-ServicePrincipal demande.");
    public static readonly Word Enabled = new("Enabled for users to sign-in", "Activé pour que les utilisateurs se connectent");
    public static readonly Word EnabledNote = new("Off: every token request ends with AADSTS7000116.", "Désactivé : toute demande de jeton finit par AADSTS7000116.");
    public static readonly Word AssignmentRequired = new("Assignment required", "Affectation obligatoire");
    public static readonly Word AssignmentNote = new("On: who is not assigned gets AADSTS50105, and only an administrator consents.", "Activé : qui n'est pas affecté reçoit AADSTS50105, et seul un administrateur consent.");
    public static readonly Word Visible = new("Visible to users", "Visible pour les utilisateurs");
    public static readonly Word VisibleLeft = new("left out: the lab has no My Apps page", "laissé de côté : le laboratoire n'a pas de page Mes applications");
    public static readonly Word AssignedUsers = new("Users and groups", "Utilisateurs et groupes");
    public static readonly Word AdminConsent = new("Admin consent", "Consentement administrateur");
    public static readonly Word UserConsent = new("User consent", "Consentement de l'utilisateur");
    public static readonly Word GrantedTo = new("Granted to", "Accordé à");
    public static readonly Word NothingGranted = new("Nothing is granted.", "Rien n'est accordé.");
    public static readonly Word Everybody = new("Everybody", "Tout le monde");
    public static readonly Word Review = new("Review permissions", "Vérifier les autorisations");
    public static readonly Word RevokeNote = new("Takes back everything that was granted, by persons and for the organization. Tokens that exist live on until they expire.", "Retire tout ce qui a été accordé, par les personnes et pour l'organisation. Les jetons existants vivent jusqu'à leur expiration.");
    public static readonly Word Revoke = new("Revoke permissions", "Révoquer les autorisations");
}
