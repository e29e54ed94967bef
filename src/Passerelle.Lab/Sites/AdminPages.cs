using System.Collections.Immutable;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>The admin center's half of the guide, and the directory's consent setting.</summary>
internal static class AdminPages
{
    private static readonly ImmutableArray<(UserConsent Value, Word Text)> Settings =
    [
        (UserConsent.Never, SiteWords.ConsentNever),
        (UserConsent.LowImpact, SiteWords.ConsentLow),
        (UserConsent.Always, SiteWords.ConsentAlways),
        (UserConsent.MicrosoftManaged, SiteWords.ConsentManaged),
    ];

    private static readonly ImmutableArray<(EmailApp Value, Word Text)> Apps =
    [
        (EmailApp.OutlookOnTheWeb, SiteWords.OutlookOnTheWeb),
        (EmailApp.OutlookDesktop, SiteWords.OutlookDesktop),
        (EmailApp.ExchangeWebServices, SiteWords.ExchangeWebServices),
        (EmailApp.ActiveSync, SiteWords.ActiveSync),
        (EmailApp.Imap, SiteWords.Imap),
        (EmailApp.Pop, SiteWords.Pop),
    ];

    private static readonly ImmutableArray<(AutoForwarding Value, Word Text)> ForwardingModes =
    [
        (AutoForwarding.Automatic, SiteWords.ForwardingAutomatic),
        (AutoForwarding.On, SiteWords.ForwardingOn),
        (AutoForwarding.Off, SiteWords.ForwardingOff),
    ];

    /// <summary>The guide's last step (facts §6.2, §8.19).</summary>
    public static IResult Outbound(DirectoryPlace place, HttpContext call, Speech t) => new Page(t[SiteWords.OutboundPolicy], field => Html.Of($"""
        {SiteForms.Done(call, t)}
        <form method="post" id="outbound">{field}
        <label for="mode">{t[SiteWords.ForwardingRules]}</label>
        <select id="mode" name="mode" aria-describedby="mode-note">{Html.Each(ForwardingModes, m => Html.Of($"""<option value="{m.Value}" {Html.When(place.Directory.AutoForwarding == m.Value, Html.Of($"selected"))}>{t[m.Text]}</option>"""))}</select>
        <p class="quiet" id="mode-note">{t[SiteWords.OutboundNote]}</p>
        <button class="primary">{t[CommonWords.Save]}</button></form>
        """)) { Path = [(place.Directory.DisplayName, "/")] };

    public static IResult ConsentSetting(DirectoryPlace place, HttpContext call, Speech t) => new Page(t[SiteWords.ConsentAndPermissions], field => Html.Of($"""
        {SiteForms.Done(call, t)}
        <p class="quiet">{t[SiteWords.UserConsentNote]}</p>
        <form method="post" id="setting">{field}<fieldset><legend>{t[SiteWords.UserConsent]}</legend>
        {Html.Each(Settings, s => Html.Of($"""<label class="tick"><input type="radio" name="setting" value="{s.Value}" {SiteForms.Checked(place.Directory.UserConsent == s.Value)}> {t[s.Text]}</label>"""))}
        </fieldset><button class="primary">{t[CommonWords.Save]}</button></form>
        """)) { Path = [(place.Directory.DisplayName, "/")] };

    public static IResult Users(DirectoryPlace place, Speech t) => new Page(t[SiteWords.ActiveUsers], _ => Html.Of($"""
        {Table.Of([t[SiteWords.DisplayName], t[SiteWords.Username]],
            place.Directory.Users.Select(u => new[] { Table.Link(Address(place, u), u.DisplayName), Table.Text(u.Address) }))}
        """))
    { Path = [(place.Directory.DisplayName, "/")] };

    public static IResult User(UserPlace place, HttpContext call, Speech t) => new Page($"{place.User.DisplayName} | {t[SiteWords.Mail]}", field =>
        place.User.Mailbox is not { } mailbox ? Html.Of($"<p>{t[SiteWords.NoMailbox]}</p>") : Html.Of($"""
        {SiteForms.Done(call, t)}<p class="quiet">{place.User.Address}</p>
        <h2>{t[SiteWords.EmailApps]}</h2>
        <p>{t.Say(SiteWords.ChooseApps, place.User.DisplayName)}</p>
        <form method="post" action="{Address(place)}/apps" id="apps">{field}
        {Html.Each(Apps, app => Html.Of($"""<label class="tick quiet"><input type="checkbox" name="app" value="{app.Value}" {SiteForms.Checked(!mailbox.BlockedApps.Contains(app.Value))}> {t[app.Text]}</label>"""))}
        <p class="quiet">{t[SiteWords.AppsWithoutEffect]}</p>
        <label class="tick"><input type="checkbox" name="smtp" {SiteForms.Checked(mailbox.SmtpAuthEnabled ?? place.Directory.SmtpAuthEnabled)}> {t[SiteWords.AuthenticatedSmtp]}</label>
        {Html.When(mailbox.SmtpAuthEnabled is null, Html.Of($"""<p class="quiet">{t.Say(SiteWords.Inherits, t[place.Directory.SmtpAuthEnabled ? SiteWords.On : SiteWords.Off])}</p>"""))}
        <button class="primary">{t[CommonWords.SaveChanges]}</button></form>
        <h2>{t[SiteWords.EmailForwarding]}</h2>
        <form method="post" action="{Address(place)}/forwarding" id="forwarding">{field}
        <label class="tick"><input type="checkbox" name="forward" {SiteForms.Checked(mailbox.ForwardingSmtpAddress is not null)}> {t[SiteWords.ForwardAll]}</label>
        <p class="quiet">{t[SiteWords.OwnerSees]}</p>
        <label for="address">{t[SiteWords.ForwardingAddress]}</label><input id="address" name="address" type="email" value="{mailbox.ForwardingSmtpAddress}">
        <label class="tick"><input type="checkbox" name="keep" {SiteForms.Checked(mailbox.KeepCopy)}> {t[SiteWords.KeepCopy]}</label>
        <button class="primary">{t[CommonWords.SaveChanges]}</button></form>
        """))
    { Path = [(place.Directory.DisplayName, "/"), (t[SiteWords.ActiveUsers], $"/admin/{place.Directory.Id}/users")] };

    public static string Address(UserPlace place) => Address(new DirectoryPlace(place.Lab, place.Directory), place.User);

    private static string Address(DirectoryPlace place, LabUser user) => $"/admin/{place.Directory.Id}/users/{user.Id}";
}
