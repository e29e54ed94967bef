using System.Collections.Immutable;
using System.Globalization;
using Passerelle.Lab.Control;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>Active users, and one of them: the guide's step 3 (facts §8.15 to §8.18).</summary>
internal static class UserPages
{
    private const double QuotaGigabytes = 50;

    private static readonly ImmutableArray<(EmailApp Value, Word Text)> Apps =
    [
        (EmailApp.OutlookOnTheWeb, SiteWords.OutlookOnTheWeb),
        (EmailApp.OutlookDesktop, SiteWords.OutlookDesktop),
        (EmailApp.ExchangeWebServices, SiteWords.ExchangeWebServices),
        (EmailApp.ActiveSync, SiteWords.ActiveSync),
        (EmailApp.Imap, SiteWords.Imap),
        (EmailApp.Pop, SiteWords.Pop),
    ];

    public static IResult List(DirectoryPlace place, Speech t) => new Page(t[SiteWords.ActiveUsers], _ => Html.Of($"""
        {Table.Of([t[SiteWords.DisplayName], t[SiteWords.Username]],
            place.Directory.Users.Select(u => new[] { Table.Link(Address(place, u), u.DisplayName), Table.Text(u.Address) }))}
        """))
    { Place = place, Path = [(place.Directory.DisplayName, "/")] };

    public static IResult Account(UserPlace place, HttpContext call, Speech t) => About(place, t, AdminWords.Account, field => Html.Of($"""
        {SiteForms.Done(call, t)}
        <dl class="facts"><dt>{t[SiteWords.Username]}</dt><dd>{place.User.Address}</dd><dt>{t[SiteWords.ObjectId]}</dt><dd>{SiteForms.Copyable("object-id", place.User.Id, t)}</dd>
        <dt>{t[SiteWords.Status]}</dt><dd>{t[place.User.Enabled ? AdminWords.Allowed : AdminWords.Blocked]}</dd></dl>
        <section><h2>{t[AdminWords.ResetPassword]}</h2><form method="post" id="password" action="{Address(place)}/password">{field}
        <label for="new-password">{t[AdminWords.NewPassword]}</label><input id="new-password" name="password" type="password" autocomplete="new-password" required aria-describedby="password-note">
        <p class="quiet" id="password-note">{t[AdminWords.ResetNote]}</p><button class="primary">{t[AdminWords.ResetPassword]}</button></form></section>
        <section><h2>{t[AdminWords.RevokeSessions]}</h2><form method="post" id="sessions" action="{Address(place)}/sessions">{field}
        <p class="quiet">{t[AdminWords.RevokeNote]}</p><button>{t[AdminWords.RevokeSessions]}</button></form></section>
        <section><h2>{t[AdminWords.BlockSignIn]}</h2><form method="post" id="block" action="{Address(place)}/block" data-unsaved>{field}
        <label class="tick"><input type="checkbox" name="blocked" {SiteForms.Checked(!place.User.Enabled)}> {t[AdminWords.BlockThis]}</label>
        <button class="primary">{t[CommonWords.SaveChanges]}</button> {SiteForms.Unsaved(t)}</form></section>
        """));

    public static IResult Mail(UserPlace place, HttpContext call, Speech t) => About(place, t, SiteWords.Mail, field =>
        place.User.Mailbox is not { } mailbox ? Html.Of($"<p>{t[SiteWords.NoMailbox]}</p>") : Html.Of($"""
        {SiteForms.Done(call, t)}
        <dl class="facts"><dt>{t[AdminWords.Storage]}</dt><dd>{Storage(place, call)}</dd>
        <dt>{t[AdminWords.MailboxPermissions]}</dt><dd>{Html.Each(new[]
        {
            (AdminWords.ReadAndManage, mailbox.FullAccess.Length), (AdminWords.SendAs, mailbox.SendAs.Length), (AdminWords.OnBehalf, mailbox.GrantSendOnBehalfTo.Length),
        }, x => Html.Of($"""<a class="line" href="{Address(place)}{MailboxRightPages.Below}">{t.Say(x.Item1, x.Item2)}</a>"""))}</dd>
        <dt>{t[AdminWords.AddressList]}</dt><dd>{t[CommonWords.Yes]}</dd>
        <dt>{t[AdminWords.AutomaticReplies]}</dt><dd>{t[Replies(place, call) ? SiteWords.On : SiteWords.Off]} <a href="{Webmail.Box.PathOf(place.Lab.Name, place.User.Address)}/settings">{t[AdminWords.ManageReplies]}</a></dd>
        <dt>{t[AdminWords.EmailApps]}</dt><dd id="apps-allowed">{Allowed(place, mailbox, t)}</dd>
        <dt>{t[AdminWords.Forwarding]}</dt><dd id="forwarding-applied">{t[mailbox.ForwardingSmtpAddress is null ? AdminWords.None : AdminWords.Applied]}</dd></dl>
        <p class="left-out">{t[AdminWords.ExchangeProperties]} <small>({t[AdminWords.TabsLeft]})</small></p>
        <section><h2>{t[SiteWords.EmailApps]}</h2>
        <p>{t.Say(SiteWords.ChooseApps, place.User.DisplayName)}</p>
        <form method="post" action="{Address(place)}/apps" id="apps" data-unsaved>{field}
        {Html.Each(Apps, app => Html.Of($"""<label class="tick"><input type="checkbox" name="app" value="{app.Value}" {SiteForms.Checked(!mailbox.BlockedApps.Contains(app.Value))}> {t[app.Text]}</label>"""))}
        <label class="tick"><input type="checkbox" name="smtp" {SiteForms.Checked(mailbox.SmtpAuthEnabled ?? place.Directory.SmtpAuthEnabled)}> <strong>{t[SiteWords.AuthenticatedSmtp]}</strong></label>
        {Pending.SmtpAuth(place, mailbox, t)}
        {Html.When(mailbox.SmtpAuthEnabled is null, Html.Of($"""<p class="quiet">{t.Say(SiteWords.Inherits, t[place.Directory.SmtpAuthEnabled ? SiteWords.On : SiteWords.Off])}</p>"""))}
        <button class="primary">{t[CommonWords.SaveChanges]}</button> {SiteForms.Unsaved(t)}</form></section>
        <section><h2>{t[SiteWords.EmailForwarding]}</h2>
        <form method="post" action="{Address(place)}/forwarding" id="forwarding" data-unsaved>{field}
        <label class="tick"><input type="checkbox" name="forward" {SiteForms.Checked(mailbox.ForwardingSmtpAddress is not null)}> {t[SiteWords.ForwardAll]}</label>
        <p class="quiet">{t[SiteWords.OwnerSees]}</p>
        <label for="address">{t[SiteWords.ForwardingAddress]} *</label><input id="address" name="address" type="email" value="{mailbox.ForwardingSmtpAddress}">
        <label class="tick"><input type="checkbox" name="keep" {SiteForms.Checked(mailbox.KeepCopy)}> {t[SiteWords.KeepCopy]}</label>
        {Pending.Forwarding(place, t)}
        <button class="primary">{t[CommonWords.SaveChanges]}</button> {SiteForms.Unsaved(t)}</form></section>
        """));

    public static string Address(UserPlace place) => Address(new DirectoryPlace(place.Lab, place.Directory), place.User);

    public static Page About(UserPlace place, Speech t, Word title, Func<Html, Html> body) => new($"{place.User.DisplayName} | {t[title]}", field => Html.Of($"""
        <ul class="tabs"><li><a href="{Address(place)}/account" {Html.When(title == AdminWords.Account, Html.Of($"aria-current=\"page\""))}>{t[AdminWords.Account]}</a></li>
        <li><a href="{Address(place)}" {Html.When(title != AdminWords.Account, Html.Of($"aria-current=\"page\""))}>{t[SiteWords.Mail]}</a></li></ul>
        <p class="left-out small">{t[AdminWords.Devices]} · {t[AdminWords.Licenses]} · OneDrive ({t[AdminWords.TabsLeft]})</p>
        {body(field)}
        """))
    {
        Place = new DirectoryPlace(place.Lab, place.Directory),
        Path = [(place.Directory.DisplayName, "/"), (t[SiteWords.ActiveUsers], $"/admin/{place.Directory.Id}/users")],
    };

    private static string Address(DirectoryPlace place, LabUser user) => $"/admin/{place.Directory.Id}/users/{user.Id}";

    private static string Allowed(UserPlace place, Mailbox mailbox, Speech t)
    {
        var allowed = Apps.Length - mailbox.BlockedApps.Length + ((mailbox.SmtpAuthEnabled ?? place.Directory.SmtpAuthEnabled) ? 1 : 0);
        return allowed == Apps.Length + 1 ? t[AdminWords.AllApps] : t.Say(AdminWords.SomeApps, allowed);
    }

    private static string Storage(UserPlace place, HttpContext call)
    {
        MailStore store = call.Commands<Exchanges>().Of(place.Lab).Mail;
        double bytes = Enum.GetValues<MailFolder>().Sum(folder => store.List(place.User.Address, folder).Sum(mail => (long)mail.Bytes));
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / (QuotaGigabytes * 1024 * 1024 * 1024):0.00 %} ({bytes / (1024 * 1024):0.000} MB / {QuotaGigabytes} GB)");
    }

    private static bool Replies(UserPlace place, HttpContext call) => call.Commands<Exchanges>().Of(place.Lab).Settings.Current.Responders
        .GetValueOrDefault(MailAddress.Key(place.User.Address)) is not AutoResponder.Off;
}
