using Passerelle.Lab.Control;
using Passerelle.Lab.Identity;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>What an application may ask for, and the administrator's yes to it.</summary>
internal static class PermissionPages
{
    /// <summary>Of the application's address.</summary>
    public const string Below = "/permissions";

    public static IResult Listed(AppPlace place, HttpContext call, Speech t) => AppPages.About(place, t, SiteWords.ApiPermissions, field => Html.Of($"""
        {Html.When(call.Request.Query.ContainsKey("done"), Html.Of($"""<p class="done" role="status">{t[SiteWords.PermissionsSaved]}</p>"""))}
        {Html.When(call.Request.Query.ContainsKey("granted"), Html.Of($"""<p class="done" role="status">{t[SiteWords.ConsentGranted]}</p>"""))}
        <p class="quiet">{t[SiteWords.ConsentColumnNote]}</p>
        <h2>{t[SiteWords.ConfiguredPermissions]}</h2><p class="quiet">{t[SiteWords.ConfiguredNote]}</p>
        <form method="post" id="listed">{field}{Table.Of(
            [t[SiteWords.ApiOrPermission], t[SiteWords.Type], t[SiteWords.Description], t[SiteWords.AdminConsentRequired], t[SiteWords.Status], t[SiteWords.Action]],
            place.App.Permissions.Select(p => Row(place, p, t)))}</form>
        <p><a class="button" href="{AppPages.Address(place)}{Below}/add">+ {t[SiteWords.AddPermission]}</a><a class="button" href="{AppPages.Address(place)}{Below}/consent">✓ {t.Say(SiteWords.GrantAdminConsent, place.Directory.DisplayName)}</a></p>
        """));

    /// <summary>The question before "Grant admin consent" (facts §3.9).</summary>
    public static IResult Confirm(AppPlace place, Speech t) => AppPages.About(place, t, SiteWords.ConfirmConsent, field => Html.Of($"""
        <p>{t.Say(SiteWords.ConfirmConsentText, place.Directory.DisplayName)}</p>
        <form method="post" id="admin-consent">{field}<button class="primary">{t[CommonWords.Yes]}</button>
        <a class="button" href="{AppPages.Address(place)}{Below}">{t[CommonWords.No]}</a></form>
        """));

    private static Html[] Row(AppPlace place, ApiPermission p, Speech t)
    {
        Permission? known = Permissions.Find(p.Resource, p.Name, p.Kind);
        var needsAdmin = known?.Need is ConsentNeed.Administrator;
        var granted = IsGranted(place, p);
        return
        [
            Html.Of($"{Resources.NameOf(p.Resource)}<br><code>{p.Name}</code>"),
            Table.Text(t[p.Kind is PermissionKind.Delegated ? SiteWords.KindDelegated : SiteWords.KindApplication]),
            Table.Text(t.InFrench ? known?.TextInFrench : known?.Text),
            Table.Text(t[needsAdmin ? CommonWords.Yes : CommonWords.No]),
            Status(place, granted, needsAdmin, t),
            Html.Of($"""
                {Html.When(!granted, Html.Of($"""<button name="grant" formaction="{AppPages.Address(place)}{Below}/grant" value="{p.Resource}|{p.Kind}|{p.Name}" aria-label="{t[SiteWords.GrantOne]} {p.Name}">{t[SiteWords.GrantOne]}</button>"""))}
                <button name="remove" value="{p.Resource}|{p.Kind}|{p.Name}" aria-label="{t[SiteWords.Remove]} {p.Name}">{t[SiteWords.Remove]}</button>
                """),
        ];
    }

    /// <summary>What a person may grant for himself has no warning: nothing is missing yet.</summary>
    private static Html Status(AppPlace place, bool granted, bool needsAdmin, Speech t) =>
        granted ? Html.Of($"""<span class="good">{t.Say(SiteWords.Granted, place.Directory.DisplayName)}</span>""")
            : needsAdmin ? Html.Of($"""<span class="warn">{t.Say(SiteWords.NotGranted, place.Directory.DisplayName)}</span>""")
            : Html.Empty;

    /// <summary>For everybody, by an administrator.</summary>
    private static bool IsGranted(AppPlace place, ApiPermission p) => p.Kind is PermissionKind.Application
        ? place.Directory.EnterpriseApp(place.App.ClientId)?.Roles.Contains(new RoleGrant(p.Resource, p.Name)) == true
        : Consent.Granted(place.Directory, place.App.ClientId, Guid.Empty, p.Resource).Contains(p.Name);
}
