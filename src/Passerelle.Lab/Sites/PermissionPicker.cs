using System.Collections.Immutable;
using Passerelle.Lab.Control;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>Request API permissions: first the API, then the kind, then the names (facts §8.7). Exchange's own API is found
/// where the guide finds it: by search in the second tab.</summary>
internal static class PermissionPicker
{
    private static readonly ImmutableArray<string> LeftOut =
        ["Office 365 Enterprise Insights", "Office 365 Information Protection", "Office 365 Management APIs", "Office 365 SharePoint Online"];

    public static IResult Show(AppPlace place, HttpContext call, Speech t)
    {
        var asked = call.Request.Query;
        Guid? api = Guid.TryParse(asked["api"], out Guid id) && (id == Resources.Exchange || id == Resources.Graph) ? id : null;
        PermissionKind? kind = Enum.TryParse(asked["kind"], out PermissionKind known) ? known : null;
        return AppPages.About(place, t, PickerWords.Title, field => api is not { } resource
            ? Apis(place, asked["tab"] == "mine" ? "mine" : asked["tab"] == "microsoft" || asked["tab"].Count == 0 ? "microsoft" : "organization", asked["q"].ToString(), t)
            : Html.Of($"""
                <p><a href="{Address(place)}?tab=organization">‹ {t[PickerWords.AllApis]}</a></p><h2>{Resources.NameOf(resource)}</h2>
                {Tiles(place, resource, kind, t)}
                {(kind is { } chosen ? Tree(place, resource, chosen, asked["q"].ToString(), field, t) : Html.Empty)}
                """));
    }

    private static Html Apis(AppPlace place, string tab, string wanted, Speech t) => Html.Of($"""
        <h2>{t[PickerWords.SelectApi]}</h2>
        <ul class="tabs">{Html.Each(new[] { ("microsoft", PickerWords.MicrosoftApis), ("organization", SiteWords.ApisMyOrganizationUses), ("mine", PickerWords.MyApis) }, x => Html.Of(
            $"""<li><a href="{Address(place)}?tab={x.Item1}" {Html.When(x.Item1 == tab, Html.Of($"aria-current=\"page\""))}>{t[x.Item2]}</a></li>"""))}</ul>
        {Tab(place, tab, wanted, t)}
        """);

    private static Html Tab(AppPlace place, string tab, string wanted, Speech t) => tab switch
    {
        "microsoft" => Html.Of($"""
            <div class="tiles"><a href="{Address(place)}?api={Resources.Graph}"><strong>Microsoft Graph</strong><span>{t[PickerWords.GraphNote]}</span></a></div>
            <p class="quiet">{t[PickerWords.ExchangeElsewhere]}</p>
            """),
        "mine" => Html.Of($"""<p class="left-out">{t[PickerWords.NoneOfMine]}</p>"""),
        _ => Organization(place, wanted, t),
    };

    private static Html Organization(AppPlace place, string wanted, Speech t) => Html.Of($"""
        <p class="quiet">{t[PickerWords.OrganizationNote]}</p>
        <form method="get" id="find-api"><input type="hidden" name="tab" value="organization"><label for="q">{t[PickerWords.Search]}</label>
        <input id="q" name="q" type="search" value="{wanted}"><button>{t[PickerWords.Search]}</button></form>
        {Table.Of([t[SiteWords.Name], t[SiteWords.ClientId]],
            new[] { (Resources.NameOf(Resources.Exchange), (Guid?)Resources.Exchange), (Resources.NameOf(Resources.Graph), Resources.Graph) }
                .Concat(LeftOut.Select(name => (name, (Guid?)null)))
                .Where(a => a.Item1.Contains(wanted.Trim(), StringComparison.OrdinalIgnoreCase)).OrderBy(a => a.Item1, StringComparer.Ordinal)
                .Select(a => a.Item2 is { } id
                    ? new[] { Table.Link($"{Address(place)}?api={id}", a.Item1), Table.Code(id) }
                    : [Html.Of($"""<span class="left-out">{a.Item1}</span>"""), Html.Of($"""<span class="left-out">{t[PickerWords.NotInTheLab]}</span>""")]))}
        """);

    private static Html Tiles(AppPlace place, Guid resource, PermissionKind? chosen, Speech t) => Html.Of($"""
        <div class="tiles">{Html.Each(new[]
        {
            (PermissionKind.Delegated, SiteWords.Delegated, SiteWords.DelegatedNote), (PermissionKind.Application, SiteWords.Application, SiteWords.ApplicationNote),
        }, x => Html.Of($"""
            <a href="{Address(place)}?api={resource}&amp;kind={x.Item1}" {Html.When(x.Item1 == chosen, Html.Of($"aria-current=\"true\""))}><strong>{t[x.Item2]}</strong><span>{t[x.Item3]}</span></a>
            """))}</div>
        """);

    private static Html Tree(AppPlace place, Guid resource, PermissionKind kind, string wanted, Html field, Speech t)
    {
        IEnumerable<IGrouping<string, Permission>> groups = Permissions.All
            .Where(p => p.Resource == resource && p.Kind == kind && p.Name.Contains(wanted.Trim(), StringComparison.OrdinalIgnoreCase))
            .OrderBy(p => p.Name, StringComparer.Ordinal)
            .GroupBy(p => p.Name.Contains('.', StringComparison.Ordinal) ? p.Name.Split('.')[0] : t[PickerWords.Others]);
        return Html.Of($"""
        <form method="get" id="find-permission"><input type="hidden" name="api" value="{resource}"><input type="hidden" name="kind" value="{kind}">
        <label for="q">{t[PickerWords.SelectPermissions]}</label><input id="q" name="q" type="search" value="{wanted}" placeholder="{t[PickerWords.StartTyping]}"><button>{t[PickerWords.Search]}</button></form>
        <form method="post" id="add" action="{AppPages.Address(place)}{PermissionPages.Below}">{field}
        {Html.Each(groups, g => Html.Of($"""
            <details {Html.When(wanted.Length > 0, Html.Of($"open"))}><summary>{g.Key} ({g.Count()})</summary>{Html.Each(g, p => Html.Of($"""
            <label class="tick"><input type="checkbox" name="add" value="{resource}|{kind}|{p.Name}" {SiteForms.Checked(place.App.Permissions.Contains(new ApiPermission(resource, p.Name, kind)))}>
            <span><code>{p.Name}</code> {(t.InFrench ? p.TextInFrench : p.Text)} <span class="quiet">{t[SiteWords.AdminConsentRequired]}: {t[p.Need is ConsentNeed.Administrator ? CommonWords.Yes : CommonWords.No]}</span></span></label>
            """))}</details>
            """))}
        <button class="primary">{t[PickerWords.AddPermissions]}</button><a class="button" href="{AppPages.Address(place)}{PermissionPages.Below}">{t[AppWords.Discard]}</a></form>
        """);
    }

    private static string Address(AppPlace place) => AppPages.Address(place) + PermissionPages.Below + "/add";
}

internal static class PickerWords
{
    public static readonly Word Title = new("Request API permissions", "Demander des autorisations d'API");
    public static readonly Word AllApis = new("All APIs", "Toutes les API");
    public static readonly Word SelectApi = new("Select an API", "Sélectionner une API");
    public static readonly Word MicrosoftApis = new("Microsoft APIs", "API Microsoft");
    public static readonly Word MyApis = new("My APIs", "Mes API");
    public static readonly Word GraphNote = new("Mail, people and directory. SMTP.Send, delegated, is here.", "Courrier, personnes et annuaire. SMTP.Send, déléguée, est ici.");
    public static readonly Word ExchangeElsewhere = new("Office 365 Exchange Online is in the next tab.", "Office 365 Exchange Online est dans l'onglet suivant.");
    public static readonly Word NoneOfMine = new("No application of this directory exposes an API.", "Aucune application de cet annuaire n'expose d'API.");
    public static readonly Word OrganizationNote = new("Apps in your directory that expose APIs are shown below", "Les applications de votre annuaire qui exposent des API sont affichées ci-dessous");
    public static readonly Word Search = new("Search", "Rechercher");
    public static readonly Word NotInTheLab = new("not in the lab", "absente du laboratoire");
    public static readonly Word SelectPermissions = new("Select permissions", "Sélectionner des autorisations");
    public static readonly Word StartTyping = new("Start typing a permission to filter these results", "Commencez à taper une autorisation pour filtrer ces résultats");
    public static readonly Word Others = new("Other permissions", "Autres autorisations");
    public static readonly Word AddPermissions = new("Add permissions", "Ajouter des autorisations");
}
