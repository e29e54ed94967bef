using System.Globalization;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.Sites;

namespace Passerelle.Lab.Webmail;

/// <summary>The webmail's pages. Element ids are stable: tests and scripts use them.</summary>
internal static class WebmailPages
{
    private const int SecondsBetweenLooks = 5;

    public static IResult People(IEnumerable<(string Lab, IReadOnlyList<Person> People)> labs) => new SpokenPage(t => new Page(
        t[WebmailWords.Webmail], _ => Html.Of($"""
        <p>{t[WebmailWords.ChoosePerson]}</p>
        {Html.Each(labs, lab => Html.Of($"""
        <h2>{lab.Lab}</h2>
        {Html.When(lab.People.Count == 0, Html.Of($"<p>{t[WebmailWords.NobodyYet]}</p>"))}
        {Group(lab.Lab, t[WebmailWords.Customers], lab.People.Where(person => person.IsCustomer))}
        {Group(lab.Lab, t[WebmailWords.Mailboxes], lab.People.Where(person => !person.IsCustomer))}
        """))}
        """)));

    public static IResult List(Box box, MailFolder folder, IReadOnlyList<StoredMail> mails) => new Looking(new SpokenPage(t => new Page(
        $"{t[Name(folder)]} · {box.Address}", _ => Html.Of($"""
        {Folders(box, folder, t)}
        <div class="panes"><section class="mails" aria-label="{t[Name(folder)]}">
        {(mails.Count == 0 ? Html.Of($"""<p class="quiet">{t[WebmailWords.Empty]}</p>""") : Mails(box, folder, mails, null, t))}</section>
        <p class="quiet unread">{t[WebmailWords.Choose]}</p></div>
        """))
    { Path = box.Steps(t) }));

    /// <param name="mails">Of the same folder: they stand beside the message.</param>
    public static IResult Read(Box box, StoredMail mail, MailView view, IReadOnlyList<StoredMail> mails) => new SpokenPage(t => new Page(
        Titled(mail, t), _ => Html.Of($"""
        {Folders(box, mail.Folder, t)}
        <div class="panes reading"><section class="mails" aria-label="{t[Name(mail.Folder)]}">{Mails(box, mail.Folder, mails, mail, t)}</section>
        <section aria-label="{t[WebmailWords.Message]}"><dl class="details">
        <dt>{t[WebmailWords.From]}</dt><dd id="from">{mail.From}</dd>
        <dt>{t[WebmailWords.To]}</dt><dd id="to">{mail.To}</dd>
        <dt>{t[WebmailWords.Received]}</dt><dd>{When(mail)}</dd>
        </dl>
        <iframe title="{t[WebmailWords.Message]}" sandbox="" src="{box.Path}/{mail.Id}/text" width="100%" height="360"></iframe>
        {Html.When(view.Attachments.Count > 0, Attachments(view, t))}
        <p><a id="answer" href="{box.Path}/write?answer={mail.Id}">{t[WebmailWords.Answer]}</a></p>
        <details id="threading"><summary>{t[WebmailWords.Details]}</summary>{Headers(view.TellingHeaders)}</details>
        <details><summary>{t[WebmailWords.AllHeaders]}</summary>{Headers(view.Headers)}</details></section></div>
        """))
    { Path = box.Steps(t), Frames = true });

    public static IResult Write(Box box, Draft draft, Guid? answered, Word? fault) => new SpokenPage(t => new Page(
        t[answered is null ? WebmailWords.Write : WebmailWords.Answer], field => Html.Of($"""
        {(fault is null ? Html.Empty : Html.Of($"""<p class="fault" role="alert">{t[fault]}</p>"""))}
        <form method="post" id="compose" action="{box.Path}/write">{field}
        {(answered is null ? Html.Empty : Html.Of($"""<input type="hidden" name="answer" value="{answered}">"""))}
        <p>{t[WebmailWords.WritingAs]} <strong>{box.Address}</strong></p>
        <label for="mail-to">{t[WebmailWords.To]}</label>
        <input id="mail-to" name="to" type="text" value="{string.Join(", ", draft.To)}" required aria-describedby="several">
        <p class="quiet" id="several">{t[WebmailWords.Several]}</p>
        <label for="mail-subject">{t[WebmailWords.Subject]}</label>
        <input id="mail-subject" name="subject" type="text" value="{draft.Subject}" maxlength="400">
        <label for="mail-text">{t[WebmailWords.Text]}</label>
        <textarea id="mail-text" name="text" rows="10" maxlength="100000">{draft.Text}</textarea>
        <button class="primary">{t[WebmailWords.Send]}</button></form>
        """))
    { Path = box.Steps(t), Status = fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest });

    public static IResult NotFound() => new SpokenPage(t => new Page(t[CommonWords.NotFound], _ => Html.Empty)
    {
        Status = StatusCodes.Status404NotFound,
        Path = [(t[WebmailWords.Webmail], WebmailRoom.Root)],
    });

    private static Html Group(string lab, string title, IEnumerable<Person> people) => people.Any() ? Html.Of($"""
        <h3>{title}</h3>
        <ul>{Html.Each(people, person => Html.Of($"""<li><a href="{Box.PathOf(lab, person.Address)}">{person.DisplayName}</a> <span class="quiet">{person.Address}</span></li>"""))}</ul>
        """) : Html.Empty;

    private static Html Folders(Box box, MailFolder current, Speech t) => Html.Of($"""
        <nav class="folders" aria-label="{t[WebmailWords.Folders]}">{Html.Each([MailFolder.Inbox, MailFolder.SentItems, MailFolder.Junk, MailFolder.Deleted], folder => folder == current
            ? Html.Of($"""<a href="{box.Path}?folder={Key(folder)}" aria-current="page">{t[Name(folder)]}</a> """)
            : Html.Of($"""<a href="{box.Path}?folder={Key(folder)}">{t[Name(folder)]}</a> """))}
        <a class="button primary" id="write" href="{box.Path}/write">{t[WebmailWords.Write]}</a><a class="button" id="settings" href="{box.Path}/settings">{t[WebmailSettingWords.Settings]}</a></nav>
        """);

    private static Html Mails(Box box, MailFolder folder, IReadOnlyList<StoredMail> mails, StoredMail? open, Speech t) => Html.Of($"""
        <ul>{Html.Each(mails, mail => Html.Of($"""
        <li><a href="{box.Path}/{mail.Id}" {Html.When(mail.Id == open?.Id, Html.Of($"aria-current=\"true\""))}><span class="who">{(folder == MailFolder.SentItems ? mail.To : mail.From)}</span>
        <strong>{Titled(mail, t)}</strong><time>{When(mail)}</time></a></li>
        """))}</ul>
        """);

    private static Html Attachments(MailView view, Speech t) => Html.Of($"""
        <h2>{t[WebmailWords.Attachments]}</h2>
        <ul>{Html.Each(view.Attachments, part => Html.Of($"<li>{part.Name} <span class=\"quiet\">{part.Bytes} B</span></li>"))}</ul>
        """);

    private static Html Headers(IEnumerable<(string Name, string Value)> headers) => Html.Of($"""
        <dl class="details">{Html.Each(headers, header => Html.Of($"<dt>{header.Name}</dt><dd>{header.Value}</dd>"))}</dl>
        """);

    private static string Titled(StoredMail mail, Speech t) => mail.Subject.Length > 0 ? mail.Subject : t[WebmailWords.NoSubject];

    private static string When(StoredMail mail) => mail.ReceivedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Key(MailFolder folder) => folder switch
    {
        MailFolder.SentItems => "sent-items",
        MailFolder.Junk => "junk",
        MailFolder.Deleted => "deleted",
        _ => "inbox",
    };

    private static Word Name(MailFolder folder) => folder switch
    {
        MailFolder.SentItems => WebmailWords.SentItems,
        MailFolder.Junk => WebmailWords.Junk,
        MailFolder.Deleted => WebmailWords.Deleted,
        _ => WebmailWords.Inbox,
    };

    /// <summary>A page that the browser loads again by itself: mail comes without being asked for.</summary>
    private sealed record Looking(IResult Page) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            context.Response.Headers["Refresh"] = SecondsBetweenLooks.ToString(CultureInfo.InvariantCulture);
            return Page.ExecuteAsync(context);
        }
    }
}

/// <summary>Whose mail a page shows.</summary>
internal sealed record Box(LabExchange Exchange, Submitter Owner)
{
    public string Address => Owner.Address;

    public string Path => PathOf(Owner.Lab.Name, Owner.Address);

    public static string PathOf(string lab, string address) => $"{WebmailRoom.Root}/{lab}/{Uri.EscapeDataString(address)}";

    public IReadOnlyList<(string Text, string Address)> Steps(Speech t) => [(t[WebmailWords.Webmail], WebmailRoom.Root), (Address, Path)];
}
