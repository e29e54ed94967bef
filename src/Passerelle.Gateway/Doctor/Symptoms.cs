using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Tokens;
using static Passerelle.Gateway.Apps.Finding;

namespace Passerelle.Gateway.Doctor;

/// <summary>One thing that people notice, and what it most likely is.</summary>
/// <param name="Key">In the page's address.</param>
/// <param name="Causes">The most likely first.</param>
internal sealed record Symptom(string Key, Phrase Seen, IReadOnlyList<Finding> Causes);

/// <summary>facts/microsoft365.md §11.2 as data.</summary>
internal static class Symptoms
{
    public static IReadOnlyList<Symptom> All { get; } =
    [
        By("redirect", Phrase.Of("Microsoft's page shows AADSTS50011"), "AADSTS50011"),
        By("approval", Phrase.Of("People see “Need admin approval”"), "AADSTS90094", "AADSTS50105"),
        By("secret", Phrase.Of("Signing in works, and then Passerelle is refused with 7000215 or 7000222"), "AADSTS7000215", "AADSTS7000222"),
        new("token", Phrase.Of("The token is issued, and the mail server says 535 5.7.3"),
        [
            .. Explanations.Of("535 5.7.3 Authentication unsuccessful"),
            Wrong("G1", Phrase.Of("The scope asks Microsoft Graph, and not Exchange Online"), Cause.Passerelle, Phrase.Of("Settings › Scope: {0}", Preset.MicrosoftScope)),
            Wrong("X4", Phrase.Of("The application signs in by itself, and Exchange knows its service principal by the wrong object id, or not at all"), Cause.Exchange,
                Phrase.Of("Exchange Online PowerShell: New-ServicePrincipal with the object id of the enterprise application, then Add-MailboxPermission")),
        ]),
        By("tenant", Phrase.Of("The mail server says 535 5.7.139, disabled for the Tenant"), "535 5.7.139 SmtpClientAuthentication is disabled for the Tenant"),
        By("mailbox", Phrase.Of("The mail server says 535 5.7.139, disabled for the Mailbox"), "535 5.7.139 SmtpClientAuthentication is disabled for the Mailbox"),
        By("send-as", Phrase.Of("The sign-in is accepted, and the mail is refused with 554 5.2.252"), "554 5.2.252 SendAsDenied"),
        By("logon", Phrase.Of("The sign-in is accepted, and the mail waits with 430 4.2.0"), "430 4.2.0 STOREDRV; mailbox logon failure"),
        By("ninety-days", Phrase.Of("It worked, was not used for three months, and works no more"), "AADSTS700082"),
        By("one-day", Phrase.Of("It works for a day after each sign-in"), "AADSTS700084"),
        By("months", Phrase.Of("It worked for months, and then the secret was refused"), "AADSTS7000222"),
        By("password", Phrase.Of("It stopped when somebody's password was reset"), "AADSTS50173"),
        new("silence", Phrase.Of("Mail is sent, and none arrives"),
        [
            .. Explanations.Of("550 5.7.520"),
            Wrong("F1", Phrase.Of("The mailbox does not forward, or to another address"), Cause.Exchange,
                Phrase.Of("Active users › the mailbox › Mail › Manage email forwarding: compare with the forwarding address of the app")),
            .. Explanations.Of("550 5.4.316 Message expired, connection refused"),
        ]),
        By("external", Phrase.Of("Customers get reports that the organisation does not allow external forwarding"), "550 5.7.520"),
        new("twice", Phrase.Of("A mail arrives twice"),
        [
            Open("G4", Seen, Phrase.Of("Exchange sends again when our answer came too late; the second copy is recognised, linked to the first and not run"), Cause.Passerelle,
                Phrase.Of("Look at the journey: two receipts, one message. If there are two messages, the sender wrote twice")),
        ]),
        new("spf", Phrase.Of("SPF fails for every mail"),
        [
            Fine("F1", Seen, Phrase.Of("That is normal for forwarded mail: Exchange hands it on, and not the sender's server. The verdict rests on the ARC seal of Microsoft")),
        ]),
    ];

    private static Symptom By(string key, Phrase seen, params IEnumerable<string> texts) => new(key, seen, [.. texts.SelectMany(Explanations.Of).Select(Bare)]);

    /// <summary>Nobody said these words to the reader.</summary>
    private static Finding Bare(Finding finding) => finding with { Raw = "" };

    private static Finding Wrong(string step, Phrase what, string owner, Phrase how) => Faulty(step, Seen, what, owner, how);
}
