using System.Collections.Immutable;
using Passerelle.Lab.Control;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>Mailbox permissions of one user (facts §8.16): who reads and manages, sends as, sends on behalf. An application
/// stands here once New-ServicePrincipal wrote it down.</summary>
internal static class MailboxRightPages
{
    /// <summary>Below the user's address.</summary>
    public const string Below = "/permissions";

    public static IResult Show(UserPlace place, HttpContext call, Speech t) => UserPages.About(place, t, AdminWords.MailboxPermissions, field =>
        place.User.Mailbox is not { } mailbox ? Html.Of($"<p>{t[SiteWords.NoMailbox]}</p>") : Html.Of($"""
        {SiteForms.Done(call, t)}
        <form method="post" id="rights" data-unsaved>{field}
        {Ticks("full", t.Say(AdminWords.ReadAndManage, mailbox.FullAccess.Length), mailbox.FullAccess, place)}
        {Ticks("send-as", t.Say(AdminWords.SendAs, mailbox.SendAs.Length), mailbox.SendAs, place)}
        <fieldset><legend>{t.Say(AdminWords.OnBehalf, mailbox.GrantSendOnBehalfTo.Length)}</legend>{Html.Each(Others(place), u => Html.Of(
            $"""<label class="tick"><input type="checkbox" name="behalf" value="{u.Address}" {SiteForms.Checked(mailbox.GrantSendOnBehalfTo.Contains(u.Address, StringComparer.OrdinalIgnoreCase))}> <span>{u.DisplayName} <span class="quiet">{u.Address}</span></span></label>"""))}</fieldset>
        <button class="primary">{t[CommonWords.SaveChanges]}</button> {SiteForms.Unsaved(t)}</form>
        """));

    public static Change Save(UserPlace place, IFormCollection form) => place.SetMailbox(mailbox => mailbox with
    {
        FullAccess = Ids(form, "full", mailbox.FullAccess, place),
        SendAs = Ids(form, "send-as", mailbox.SendAs, place),
        GrantSendOnBehalfTo = [.. form["behalf"].OfType<string>().Where(a => Others(place).Any(u => u.Address == a))],
    });

    private static Html Ticks(string name, string title, ImmutableArray<Guid> now, UserPlace place) => Html.Of($"""
        <fieldset><legend>{title}</legend>{Html.Each(Listed(place), x => Html.Of(
            $"""<label class="tick"><input type="checkbox" name="{name}" value="{x.Id}" {SiteForms.Checked(now.Contains(x.Id))}> <span>{x.Name} <span class="quiet">{x.Note}</span></span></label>"""))}</fieldset>
        """);

    /// <summary>An id that the page does not list, as a cmdlet may have written one, stays.</summary>
    private static ImmutableArray<Guid> Ids(IFormCollection form, string name, ImmutableArray<Guid> now, UserPlace place)
    {
        ImmutableArray<Guid> listed = [.. Listed(place).Select(x => x.Id)];
        return [.. now.Except(listed), .. listed.Where(id => form[name].Contains(id.ToString()))];
    }

    private static IEnumerable<(Guid Id, string Name, string Note)> Listed(UserPlace place) => Others(place).Select(u => (u.Id, u.DisplayName, u.Address))
        .Concat(place.Directory.ExchangePrincipals.Select(p => (p.ObjectId, p.DisplayName, p.ObjectId.ToString())));

    private static IEnumerable<LabUser> Others(UserPlace place) => place.Directory.Users.Where(u => u.Id != place.User.Id);
}
