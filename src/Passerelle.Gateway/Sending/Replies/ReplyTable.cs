using Passerelle.Gateway.Apps;
using static Passerelle.Gateway.Sending.Replies.ReplyFate;

namespace Passerelle.Gateway.Sending.Replies;

/// <summary>
/// Every reply of a submission server that we know (facts/microsoft365.md §5.2 to §5.6), what becomes of the letter, and what it means.
/// The first row that fits decides; what no row knows falls to its family by status, then by code. <c>docs/replies.md</c> is this table.
/// </summary>
internal static class ReplyTable
{
    public static IReadOnlyList<ReplyRow> All { get; } =
    [
        // Taken
        Row("250", "2.6.0", "", Settled, ReplyClass.Accepted, Phrase.Of("The server has queued the mail for delivery"), "recorded"),
        Row("235", "", "", Settled, ReplyClass.Accepted, Phrase.Of("The server accepted the sign-in"), "RFC 4954 §6"),
        Row("250", "2.1.0", "", Settled, ReplyClass.Accepted, Phrase.Of("The server takes mail from this sender"), "RFC 3463 §3.2"),
        Row("250", "2.1.5", "", Settled, ReplyClass.Accepted, Phrase.Of("The server takes mail for this recipient"), "RFC 3463 §3.2"),
        Row("2xx", "", "", Settled, ReplyClass.Accepted, Phrase.Of("The server took it"), "RFC 5321 §4.2.1"),
        Row("3xx", "", "", Unclear, ReplyClass.Protocol, Phrase.Of("The server waits for more, where a mail had ended: it may have it, and may not"), "RFC 5321 §4.2.1"),

        // Sign-in
        Row("535", "5.7.139", "disabled for the Tenant", Blocked, ReplyClass.SignIn, Phrase.Of("SMTP AUTH is switched off for the whole organisation"), "Exchange documentation: authenticated client SMTP submission"),
        Row("535", "5.7.139", "disabled for the Mailbox", Blocked, ReplyClass.SignIn, Phrase.Of("Authenticated SMTP is switched off for the mailbox"), "Exchange documentation: authenticated client SMTP submission"),
        Row("535", "5.7.139", "basic authentication is disabled", Blocked, ReplyClass.SignIn, Phrase.Of("The server no longer takes passwords"), "Exchange documentation: authenticated client SMTP submission"),
        Row("535", "5.7.139", "security defaults", Blocked, ReplyClass.SignIn, Phrase.Of("The organisation's security defaults let nobody sign in by password"), "Exchange documentation: authenticated client SMTP submission"),
        Row("535", "5.7.139", "did not meet the criteria", Blocked, ReplyClass.SignIn, Phrase.Of("An access policy of the organisation does not let a password suffice"), "Exchange documentation: authenticated client SMTP submission"),
        Row("535", "5.7.139", "credentials were incorrect", Blocked, ReplyClass.SignIn, Phrase.Of("The server does not accept user name and password"), "recorded"),
        Row("535", "5.7.139", "", Blocked, ReplyClass.SignIn, Phrase.Of("Exchange refuses the sign-in: Authenticated SMTP is switched off, or a policy stands against it"), "Exchange documentation: authenticated client SMTP submission"),
        Row("535", "", "", Blocked, ReplyClass.SignIn, Phrase.Of("The server does not accept the sign-in for this mailbox"), "RFC 4954 §6"),
        Row("534", "", "", Blocked, ReplyClass.SignIn, Phrase.Of("The provider wants another way to sign in, or an app password"), "RFC 4954 §6"),
        Row("550", "5.7.30", "", Blocked, ReplyClass.SignIn, Phrase.Of("The server no longer takes passwords"), "Exchange documentation: authenticated client SMTP submission"),
        Row("530", "", "", Blocked, ReplyClass.SignIn, Phrase.Of("The server took the mail for one without a sign-in"), "Exchange documentation: authenticated client SMTP submission"),
        Row("", "5.7.57", "", Blocked, ReplyClass.SignIn, Phrase.Of("The server took the mail for one without a sign-in"), "Exchange documentation: authenticated client SMTP submission"),
        Row("501", "5.5.124", "", Blocked, ReplyClass.SignIn, Phrase.Of("The server could not read the sign-in with OAuth 2.0"), "recorded"),
        Row("504", "5.7.4", "", Blocked, ReplyClass.SignIn, Phrase.Of("The server does not know this way to sign in"), "RFC 3463 §3.8"),
        Row("454", "4.7.0", "", Retry, ReplyClass.SignIn, Phrase.Of("The server cannot check the sign-in at the moment"), "RFC 4954 §6"),
        Row("421", "4.7.0", "", Retry, ReplyClass.SignIn, Phrase.Of("The server ends the connection and asks to come back later"), "RFC 5321 §3.8"),
        Row("", "4.7.66", "", Retry, ReplyClass.Tls, Phrase.Of("The server no longer takes this old version of TLS"), "Exchange documentation: NDR error codes"),

        // Who may send as the mailbox
        Row("", "", "SendAsDenied", Blocked, ReplyClass.Permission, Phrase.Of("The account that signed in may not send as the mailbox"), "Exchange documentation: NDR error codes"),
        Row("", "5.2.252", "", Blocked, ReplyClass.Permission, Phrase.Of("The account that signed in may not send as the mailbox"), "Exchange documentation: NDR error codes"),
        Row("", "5.7.60", "", Blocked, ReplyClass.Permission, Phrase.Of("The account that signed in may not send as the mailbox"), "Exchange documentation: NDR error codes"),
        Row("430", "4.2.0", "logon", Blocked, ReplyClass.Permission, Phrase.Of("The application may not open the mailbox"), "recorded"),

        // Limits
        Row("432", "", "", SlowDown, ReplyClass.Limit, Phrase.Of("More connections than the mailbox may have"), "Exchange Online limits", minutes: 1),
        Row("", "", "SubmissionQuotaExceeded", SlowDown, ReplyClass.Limit, Phrase.Of("The mailbox has used up its recipients of the day"), "Exchange Online limits", minutes: 60),
        Row("", "5.1.90", "", SlowDown, ReplyClass.Limit, Phrase.Of("The mailbox has used up its recipients of the day"), "Exchange documentation: NDR error codes", minutes: 60),
        Row("", "5.7.232-5.7.233", "", SlowDown, ReplyClass.Limit, Phrase.Of("The organisation has used up its recipients outside of the day"), "Exchange documentation: NDR error codes", minutes: 60),
        Row("", "5.7.236", "", SlowDown, ReplyClass.Limit, Phrase.Of("An address of onmicrosoft.com may write to few people outside each day: a domain of one's own lifts this"), "Exchange documentation: NDR error codes", minutes: 60),
        Row("", "5.4.5", "", SlowDown, ReplyClass.Limit, Phrase.Of("The mailbox has used up its mails of the day"), "Google Workspace: SMTP error reference", minutes: 60),
        Row("452", "4.5.3", "", Retry, ReplyClass.Limit, Phrase.Of("Too many recipients in one mail: those that are left are written to next time"), "RFC 5321 §4.5.3.1.8"),
        Row("4xx", "4.7.500-4.7.699", "", SlowDown, ReplyClass.Throttled, Phrase.Of("The server is busy or does not know us yet, and asks for a pause"), "Exchange documentation: NDR error codes", minutes: 5),
        Row("421", "4.7.28", "", SlowDown, ReplyClass.Throttled, Phrase.Of("The server finds that too much comes from us, and asks for a pause"), "Google Workspace: SMTP error reference", minutes: 5),

        // The sender's mailbox and its good name
        Row("", "5.2.2", "Submission", Blocked, ReplyClass.Mailbox, Phrase.Of("The mailbox that sends is full: its Sent Items have no room"), "Exchange documentation: NDR error codes"),
        Row("", "", "OutboundSpam", Blocked, ReplyClass.Reputation, Phrase.Of("Exchange has restricted the mailbox for what it sent"), "Exchange documentation: NDR error codes"),
        Row("", "5.1.8", "", Blocked, ReplyClass.Reputation, Phrase.Of("Exchange has restricted the mailbox for what it sent"), "Exchange documentation: NDR error codes"),
        Row("", "5.7.501-5.7.503", "", Blocked, ReplyClass.Reputation, Phrase.Of("Microsoft takes the sender for one of spam"), "Exchange documentation: NDR error codes"),
        Row("", "5.7.504-5.7.505", "", Dead, ReplyClass.Policy, Phrase.Of("The receiver takes no mail for this recipient"), "Exchange documentation: NDR error codes"),
        Row("", "5.7.506", "", Dead, ReplyClass.Policy, Phrase.Of("The receiver does not accept the name that the sending server gave itself"), "Exchange documentation: NDR error codes"),
        Row("", "5.7.507-5.7.508", "", Dead, ReplyClass.Reputation, Phrase.Of("The receiver has blocked the sending server's address"), "Exchange documentation: NDR error codes"),
        Row("", "5.7.509", "", Dead, ReplyClass.Policy, Phrase.Of("The receiver refuses it because the sender's domain does not pass its own DMARC policy"), "Exchange documentation: NDR error codes"),
        Row("", "5.7.511", "", Blocked, ReplyClass.Reputation, Phrase.Of("Microsoft blocks the address that the mail is sent from"), "Exchange documentation: NDR error codes"),
        Row("", "5.7.512", "", Dead, ReplyClass.Content, Phrase.Of("The server does not take the mail's From"), "Exchange documentation: NDR error codes"),
        Row("", "5.7.513", "", Dead, ReplyClass.Reputation, Phrase.Of("The receiver has put the sending server on its own block list"), "Exchange documentation: NDR error codes"),
        Row("", "5.7.703", "", Dead, ReplyClass.Policy, Phrase.Of("The organisation's own block list forbids writing to this recipient"), "Exchange documentation: NDR error codes"),
        Row("", "5.7.705", "", Blocked, ReplyClass.Reputation, Phrase.Of("Microsoft has stopped the whole organisation: it sent too much that looked like spam"), "Exchange documentation: NDR error codes"),
        Row("", "5.7.708", "", Blocked, ReplyClass.Reputation, Phrase.Of("Microsoft does not take mail from this address of a new or restricted organisation"), "Exchange documentation: NDR error codes"),
        Row("", "5.7.750", "", Blocked, ReplyClass.Reputation, Phrase.Of("The sender's domain is not registered in the organisation"), "Exchange documentation: NDR error codes"),
        Row("", "5.7.64", "", Blocked, ReplyClass.Policy, Phrase.Of("Exchange does not know whose mail this is: no connector of the organisation fits"), "Exchange documentation: NDR error codes"),
        Row("", "5.7.711", "", Blocked, ReplyClass.Policy, Phrase.Of("Exchange refuses the connector that the mail came by"), "recorded"),

        // The mail itself
        Row("", "5.3.4", "Header size", Dead, ReplyClass.Size, Phrase.Of("The mail's headers are larger than the server takes"), "recorded"),
        Row("", "5.3.4", "", Dead, ReplyClass.Size, Phrase.Of("The mail is larger than the server takes"), "RFC 3463 §3.4"),
        Row("", "5.2.3", "", Dead, ReplyClass.Size, Phrase.Of("The mail is larger than a mailbox on its way allows"), "RFC 3463 §3.3"),

        // The recipient
        Row("", "5.1.1", "", Dead, ReplyClass.Recipient, Phrase.Of("The recipient does not exist"), "RFC 3463 §3.2"),
        Row("", "5.1.10", "", Dead, ReplyClass.Recipient, Phrase.Of("The recipient does not exist"), "Exchange documentation: NDR error codes"),
        Row("", "5.1.351", "", Dead, ReplyClass.Recipient, Phrase.Of("The recipient does not exist"), "Exchange documentation: NDR error codes"),
        Row("", "5.4.1", "", Dead, ReplyClass.Recipient, Phrase.Of("The receiver does not know the recipient, or takes no mail for the domain"), "recorded"),
        Row("", "5.1.2", "", Dead, ReplyClass.Recipient, Phrase.Of("The recipient's domain takes no mail"), "RFC 3463 §3.2"),
        Row("", "5.1.6", "", Dead, ReplyClass.Recipient, Phrase.Of("The recipient has moved"), "RFC 3463 §3.2"),
        Row("", "4.2.2", "", Retry, ReplyClass.Recipient, Phrase.Of("The recipient's mailbox is full"), "RFC 3463 §3.3"),
        Row("", "5.2.2", "", Dead, ReplyClass.Recipient, Phrase.Of("The recipient's mailbox is full"), "RFC 3463 §3.3"),
        Row("", "5.2.1", "", Dead, ReplyClass.Recipient, Phrase.Of("The recipient's mailbox is switched off"), "RFC 3463 §3.3"),

        // The way there
        Row("", "4.4.316", "", Retry, ReplyClass.Route, Phrase.Of("The recipient's server does not answer yet"), "Exchange documentation: NDR error codes"),
        Row("", "5.4.300", "", Dead, ReplyClass.Route, Phrase.Of("The mail was tried until its time was up"), "Exchange documentation: NDR error codes"),
        Row("", "5.4.7", "", Dead, ReplyClass.Route, Phrase.Of("The mail was tried until its time was up"), "RFC 3463 §3.5"),
        Row("", "5.4.312", "", Dead, ReplyClass.Route, Phrase.Of("The name of the recipient's domain could not be found"), "Exchange documentation: NDR error codes"),
        Row("", "5.4.316", "", Dead, ReplyClass.Route, Phrase.Of("The recipient's server could not be reached"), "Exchange documentation: NDR error codes"),
        Row("", "5.4.6", "", Dead, ReplyClass.Route, Phrase.Of("The mail runs in a circle: two mailboxes forward to each other"), "RFC 3463 §3.5"),
        Row("", "5.4.14", "", Dead, ReplyClass.Route, Phrase.Of("The mail runs in a circle: two mailboxes forward to each other"), "Exchange documentation: NDR error codes"),
        Row("", "5.7.321-5.7.325", "", Dead, ReplyClass.Tls, Phrase.Of("The recipient's server offers no connection that its domain calls secure"), "Exchange documentation: NDR error codes"),

        // The conversation
        Row("500", "", "", Dead, ReplyClass.Protocol, Phrase.Of("The server does not know a command that we use"), "RFC 5321 §4.2.2"),
        Row("503", "", "", Retry, ReplyClass.Protocol, Phrase.Of("The server lost the thread of the conversation: it is tried again over a new connection"), "RFC 5321 §4.2.2"),

        // What we say ourselves when no reply came
        Row("", "", "No complete reply after the final dot", Unclear, ReplyClass.Connection, Phrase.Of("The connection ended after the whole mail had gone and before the server had answered"), "RFC 5321 §4.5.3.2.6"),
        Row("", "", "it may have left", Unclear, ReplyClass.Connection, Phrase.Of("Passerelle was stopped after the whole mail had gone and before the server had answered"), "RFC 5321 §4.5.3.2.6"),
        Row("", "", "answers nobody since", Retry, ReplyClass.Connection, Phrase.Of("The server answers nobody at the moment: one letter tries for all of them, and this one waits without losing an attempt"), "ours"),
        Row("", "", "Connection failed", Retry, ReplyClass.Connection, Phrase.Of("The server could not be reached"), "ours"),
        Row("", "", "did not answer in time", Retry, ReplyClass.Connection, Phrase.Of("The server did not answer in time"), "ours"),
        Row("", "", "its TLS was not accepted", Retry, ReplyClass.Tls, Phrase.Of("The server's certificate or its TLS was not accepted"), "ours"),
        Row("", "", "The connection broke", Retry, ReplyClass.Connection, Phrase.Of("The connection broke before the server had the mail"), "ours"),

        // Families: by status
        Row("4xx", "4.1.x", "", Retry, ReplyClass.Recipient, Phrase.Of("The server cannot check an address of the mail at the moment"), "RFC 3463 §3.2"),
        Row("4xx", "4.2.x", "", Retry, ReplyClass.Recipient, Phrase.Of("The recipient's mailbox takes no mail at the moment"), "RFC 3463 §3.3"),
        Row("4xx", "4.3.x", "", Retry, ReplyClass.Connection, Phrase.Of("The server's mail system has trouble at the moment"), "RFC 3463 §3.4"),
        Row("4xx", "4.4.x", "", Retry, ReplyClass.Route, Phrase.Of("The recipient's server cannot be reached at the moment"), "RFC 3463 §3.5"),
        Row("4xx", "4.5.x", "", Retry, ReplyClass.Protocol, Phrase.Of("The server asks for another attempt"), "RFC 3463 §3.6"),
        Row("4xx", "4.6.x", "", Retry, ReplyClass.Content, Phrase.Of("The server cannot handle the mail's content at the moment"), "RFC 3463 §3.7"),
        Row("4xx", "4.7.x", "", Retry, ReplyClass.Policy, Phrase.Of("A rule of the receiver asks to come back later"), "RFC 3463 §3.8"),
        Row("5xx", "5.1.x", "", Dead, ReplyClass.Recipient, Phrase.Of("The server refuses an address of the mail"), "RFC 3463 §3.2"),
        Row("5xx", "5.2.x", "", Dead, ReplyClass.Recipient, Phrase.Of("The recipient's mailbox does not take the mail"), "RFC 3463 §3.3"),
        Row("5xx", "5.3.x", "", Dead, ReplyClass.Connection, Phrase.Of("The server's mail system refuses the mail"), "RFC 3463 §3.4"),
        Row("5xx", "5.4.x", "", Dead, ReplyClass.Route, Phrase.Of("The mail cannot be brought to the recipient's server"), "RFC 3463 §3.5"),
        Row("5xx", "5.5.x", "", Dead, ReplyClass.Protocol, Phrase.Of("The server did not understand what we said"), "RFC 3463 §3.6"),
        Row("5xx", "5.6.x", "", Dead, ReplyClass.Content, Phrase.Of("The server does not take something that the mail contains"), "RFC 3463 §3.7"),
        Row("5xx", "5.7.x", "", Dead, ReplyClass.Policy, Phrase.Of("A rule of the receiver forbids this mail"), "RFC 3463 §3.8"),

        // Families: by code
        Row("421", "", "", Retry, ReplyClass.Connection, Phrase.Of("The server ends the connection and asks to come back later"), "RFC 5321 §3.8"),
        Row("450", "", "", Retry, ReplyClass.Recipient, Phrase.Of("The recipient's mailbox takes no mail at the moment"), "RFC 5321 §4.2.3"),
        Row("452", "", "", Retry, ReplyClass.Limit, Phrase.Of("The server has no room for it at the moment"), "RFC 5321 §4.2.3"),
        Row("4xx", "", "", Retry, ReplyClass.Unknown, Phrase.Of("The server asks to come back later"), "RFC 5321 §4.2.1"),
        Row("550", "", "", Dead, ReplyClass.Recipient, Phrase.Of("The server takes no mail for this recipient, or not from us"), "RFC 5321 §4.2.3"),
        Row("552", "", "", Dead, ReplyClass.Size, Phrase.Of("The mail is larger than the server takes"), "RFC 1870 §6.2"),
        Row("553", "", "", Dead, ReplyClass.Recipient, Phrase.Of("The server refuses an address of the mail"), "RFC 5321 §4.2.3"),
        Row("5xx", "", "", Dead, ReplyClass.Unknown, Phrase.Of("The server refuses the mail for good, in words that we do not know"), "RFC 5321 §4.2.1"),
    ];

    /// <returns>Null: it is neither a reply nor one of our own words for the lack of one.</returns>
    public static ReplyRow? Find(string words)
    {
        var codes = SmtpReplyCodes.Of(words);
        return All.FirstOrDefault(row => (codes.Code > 0 || (row.Code.Length == 0 && row.Status.Length == 0)) && row.Fits(codes, words));
    }

    private static ReplyRow Row(string code, string status, string words, ReplyFate fate, ReplyClass @class, Phrase meaning, string source, int minutes = 0) =>
        new(code, status, words, fate, @class, meaning, source) { Pause = minutes > 0 ? TimeSpan.FromMinutes(minutes) : null };
}
