using Passerelle.Lab.Exchange;
using Passerelle.Lab.Sites;

namespace Passerelle.Lab.Webmail;

/// <summary>Settings of a mailbox's owner: automatic replies, and the same forwarding that the administrator manages.</summary>
internal static class WebmailSettings
{
    public static IResult Show(Box box, bool saved, Word? fault) => new SpokenPage(t => new Page(
        t[WebmailSettingWords.Settings], field => Html.Of($"""
        {Html.When(saved, Html.Of($"""<p class="done" role="status">{t[CommonWords.Saved]}</p>"""))}
        {(fault is null ? Html.Empty : Html.Of($"""<p class="fault" role="alert">{t[fault]}</p>"""))}
        <section><h2>{t[WebmailSettingWords.Replies]}</h2><form method="post" id="responder" action="{box.Path}/responder" data-unsaved>{field}
        {Html.Each(Choices, choice => Html.Of(
            $"""<label class="tick"><input type="radio" name="responder" value="{choice.Value}" {SiteForms.Checked(choice.Value == Current(box))}> {t[choice.Text]}</label>"""))}
        <button class="primary">{t[CommonWords.Save]}</button> {SiteForms.Unsaved(t)}</form></section>
        {Forwarding(box, field, t)}
        """))
    { Path = box.Steps(t), Status = fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest });

    private static readonly (AutoResponder Value, Word Text)[] Choices =
    [
        (AutoResponder.Off, WebmailSettingWords.RepliesOff),
        (AutoResponder.OutOfOffice, WebmailSettingWords.RepliesOffice),
        (AutoResponder.Naive, WebmailSettingWords.RepliesNaive),
    ];

    private static Html Forwarding(Box box, Html field, Speech t) => Html.Of($"""
        <section><h2>{t[WebmailSettingWords.Forwarding]}</h2>{(box.Owner.Mailbox is not { } mailbox ? Html.Of($"""<p class="left-out">{t[WebmailSettingWords.CustomerForwards]}</p>""") : Html.Of($"""
        <form method="post" id="forwarding" action="{box.Path}/forwarding" data-unsaved>{field}
        <label class="tick"><input type="checkbox" name="forward" {SiteForms.Checked(mailbox.ForwardingSmtpAddress is not null)}> {t[WebmailSettingWords.Enable]}</label>
        <label for="address">{t[WebmailSettingWords.ForwardTo]}</label><input id="address" name="address" type="email" value="{mailbox.ForwardingSmtpAddress}">
        <label class="tick"><input type="checkbox" name="keep" {SiteForms.Checked(mailbox.KeepCopy)}> {t[WebmailSettingWords.Keep]}</label>
        <p class="quiet">{t[WebmailSettingWords.SameAsAdmin]}</p>
        <button class="primary">{t[CommonWords.Save]}</button> {SiteForms.Unsaved(t)}</form>
        """))}</section>
        """);

    private static AutoResponder Current(Box box) => box.Exchange.Settings.Current.Responders.GetValueOrDefault(MailAddress.Key(box.Address));
}

internal static class WebmailSettingWords
{
    public static readonly Word Settings = new("Settings", "Paramètres");
    public static readonly Word Replies = new("Automatic replies", "Réponses automatiques");
    public static readonly Word RepliesOff = new("Off", "Désactivées");
    public static readonly Word RepliesOffice = new("Out of office, as it should be", "Absence du bureau, dans les règles");
    public static readonly Word RepliesNaive = new("Naive: answers everything, robots too", "Naïves : répond à tout, même aux robots");
    public static readonly Word Forwarding = new("Forwarding", "Transfert");
    public static readonly Word Enable = new("Enable forwarding", "Activer le transfert");
    public static readonly Word ForwardTo = new("Forward my email to", "Transférer mes e-mails à");
    public static readonly Word Keep = new("Keep a copy of forwarded messages", "Conserver une copie des messages transférés");
    public static readonly Word SameAsAdmin = new("The same setting as Manage email forwarding: the administrator sees it and may change it.", "Le même réglage que Gérer le transfert d'e-mails : l'administrateur le voit et peut le modifier.");
    public static readonly Word CustomerForwards = new("left out: a customer outside forwards nothing", "laissé de côté : un client externe ne transfère rien");
}
