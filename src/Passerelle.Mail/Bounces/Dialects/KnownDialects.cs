using System.Text.RegularExpressions;

namespace Passerelle.Mail.Bounces.Dialects;

/// <summary>All dialects, the more telling first.</summary>
internal static class KnownDialects
{
    public static readonly Dialect[] All =
    [
        .. Exchange, .. Carriers, .. Gateways, .. Providers, .. UnixServers,
    ];

    public static readonly Regex[] AnyForm =
        [RecipientForm.Labelled(), RecipientForm.Colon(), RecipientForm.Sentence(), RecipientForm.Alone(), RecipientForm.Transcript(), RecipientForm.Starred(), RecipientForm.OtherLabel(), RecipientForm.Said()];

    /// <summary>Servers that people run themselves.</summary>
    private static Dialect[] UnixServers =>
    [
        new() { Name = "qmail", Says = ["this is the qmail-send program", "i'm afraid i wasn't able to deliver", "unable to deliver message to the following address", "we were unable to deliver your message to the following"], Recipients = [RecipientForm.Colon(), RecipientForm.Alone(), RecipientForm.Labelled()] },
        new() { Name = "qmail", Says = ["your mail message to the following address(es) could not be delivered"], Recipients = [RecipientForm.Colon()] },
        new() { Name = "Postfix", Says = ["this is the postfix program", "could not be delivered to one or more destinations", "your message could not be delivered to the following", "this is the mail system at host"], Recipients = [RecipientForm.Colon(), RecipientForm.ThenWords()] },
        new() { Name = "DragonFly", Says = ["this is the dragonfly mail agent", "there was an error delivering your mail to"], Recipients = [RecipientForm.Sentence()], Anywhere = true },
        new() { Name = "OpenSMTPD", Says = ["this is the mailer-daemon, please do not reply", "an error has occurred while attempting to deliver"], Recipients = [RecipientForm.Colon(), RecipientForm.ThenWords()] },
        new() { Name = "Exim", Says = ["this message was created automatically by mail delivery software", "a message that you sent could not be delivered", "a message that you have sent could not be delivered", "a message that you sent has not yet been delivered", "could not be delivered to one or more of its recipients", "the following address(es) failed", "the following text was generated during the delivery attempt"], Recipients = [RecipientForm.Colon(), RecipientForm.Alone(), RecipientForm.ThenWords()] },
        new() { Name = "sendmail", Says = ["the following addresses had permanent fatal errors", "the following addresses had transient non-fatal errors", "the following addresses had delivery problems", "the following addresses had delivery errors"], Recipients = [RecipientForm.Alone(), RecipientForm.ThenWords(), RecipientForm.Colon()] },
        new() { Name = "sendmail", Says = ["transcript of session follows", "while talking to"], WordsBefore = true, Recipients = [RecipientForm.Transcript(), RecipientForm.Labelled()] },
        new() { Name = "Courier", Says = ["this is a delivery status notification from", "undeliverable mail * courier"], Command = "RCPT", Recipients = [RecipientForm.Colon(), RecipientForm.Alone()] },
        new() { Name = "fml", Says = ["you are not a member of this mailing list", "duplicated message-id in"], Recipients = [RecipientForm.Sentence()], Anywhere = true },
    ];

    /// <summary>Exchange, Lotus and what companies run.</summary>
    private static Dialect[] Exchange =>
    [
        new() { Name = "Exchange", Says = ["did not reach the following recipient", "the following recipient(s) could not be reached"], Command = "RCPT", Recipients = [RecipientForm.OnDate(), RecipientForm.Typed(), RecipientForm.Labelled(), RecipientForm.Colon(), RecipientForm.Alone(), RecipientForm.ThenWords()] },
        new() { Name = "Exchange", Says = ["diagnostic information for administrators"], Recipients = [RecipientForm.Alone()] },
        new() { Name = "Exchange", Says = ["delivery has failed to these recipients", "your message * couldn't be delivered", "delivery to the following recipients failed", "error details reported error"], Recipients = [RecipientForm.Alone(), RecipientForm.Colon(), RecipientForm.ThenWords(), RecipientForm.Sentence()] },
        new() { Name = "SmarterMail", Says = ["could not deliver message to the following recipient(s)"], Command = "RCPT", Recipients = [RecipientForm.Labelled(), RecipientForm.Alone()] },
        new() { Name = "Domino", Says = ["was not delivered to: * because:", "was not delivered to:"], Command = "RCPT", Recipients = [RecipientForm.Alone(), RecipientForm.Labelled()] },
        new() { Name = "Notes", Says = ["failure reasons"], Command = "RCPT", Recipients = [RecipientForm.Alone()] },
        new() { Name = "Messaging Server", Says = ["your message cannot be delivered to the following recipients", "your message is being returned"], Recipients = [RecipientForm.Labelled()] },
        new() { Name = "GroupWise", Says = ["the message that you sent was undeliverable to the following"], Command = "RCPT", Recipients = [RecipientForm.ThenWords(), RecipientForm.Alone()] },
        new() { Name = "MDaemon", Says = ["had permanent fatal delivery errors", "had transient non-fatal delivery errors"], Command = "RCPT", Recipients = [RecipientForm.Labelled()] },
        new() { Name = "hMailServer", Says = ["your message did not reach some or all of the intended recipients"], Command = "RCPT", Recipients = [RecipientForm.Alone(), RecipientForm.Labelled()] },
        new() { Name = "CommuniGate", Says = ["failed to deliver to"], Command = "RCPT", Recipients = [RecipientForm.Quoted()] },
        new() { Name = "MailMarshal", Says = ["could not be delivered because of"], Recipients = [RecipientForm.Alone()] },
        new() { Name = "IMail", Says = [""], Wears = ["x-mailer: <smtp32"], Command = "RCPT", Recipients = [RecipientForm.AfterWords(), RecipientForm.Sentence(), RecipientForm.Labelled()], Anywhere = true },
    ];

    /// <summary>Mobile carriers.</summary>
    private static Dialect[] Carriers =>
    [
        new() { Name = "EZweb", Says = ["recipients was rejected by a remote mail server", "the user(s) account is disabled", "the user(s) account is temporarily", "your message was not delivered within", "following recipients may not have received"], Recipients = [RecipientForm.Labelled(), RecipientForm.Alone(), RecipientForm.Colon()], Anywhere = true },
        new() { Name = "KDDI", Says = ["could not be delivered to: * as their", "your mail sent on:", "your mail attempted to be delivered on:"], Recipients = [RecipientForm.Sentence()], Anywhere = true },
        new() { Name = "Verizon", Says = ["message could not be delivered to mobile", "error: invalid user address"], Command = "RCPT", Recipients = [RecipientForm.Labelled()], Anywhere = true },
    ];

    /// <summary>Filters that stand before a server.</summary>
    private static Dialect[] Gateways =>
    [
        new() { Name = "m-FILTER", Says = ["server message"], Wears = ["x-mailer: m-filter"], Recipients = [RecipientForm.Alone()], Anywhere = true },
        new() { Name = "InterScan", Says = ["sent <<< rcpt to", "sent rcpt to", "unable to deliver message to", "interscan"], Wears = ["interscan", "from: *interscan", "subject: mail could not be delivered"], Recipients = [RecipientForm.Labelled(), RecipientForm.Sentence()], Anywhere = true },
        new() { Name = "MailFoundry", Says = ["unable to deliver message to: * delivery failed for the following reason"], Recipients = [RecipientForm.Labelled()], Anywhere = true },
        new() { Name = "Mimecast", Says = ["an email that you attempted to send to the following address could not be delivered"], Recipients = [RecipientForm.Alone()] },
        new() { Name = "SurfControl", Says = ["your message could not be sent. a transcript of the attempts"], Recipients = [RecipientForm.Labelled(), RecipientForm.Alone()] },
        new() { Name = "IronPort", Says = ["was undeliverable. the reason for the problem"], Recipients = [RecipientForm.Sentence(), RecipientForm.Labelled()], Anywhere = true },
        new() { Name = "a mail gateway", Says = ["we had trouble delivering your message"], Recipients = [RecipientForm.Sentence()] },
        new() { Name = "a mail gateway", Says = ["this is an automatically generated delivery status notification"], Recipients = [RecipientForm.Alone(), RecipientForm.Labelled()] },
        new() { Name = "a mail gateway", Says = ["this delivery status notification is sent from"], Recipients = [RecipientForm.Labelled()] },
    ];

    /// <summary>Services.</summary>
    private static Dialect[] Providers =>
    [
        new() { Name = "Google", Says = ["delivery to the following recipient failed permanently", "delivery to the following recipient has been delayed", "delivery to the following recipients failed permanently"], Recipients = [RecipientForm.Alone()] },
        new() { Name = "Google", Says = ["wasn't delivered to", "** address not found **", "** message not delivered **", "was rejected due to spam classification"], Recipients = [RecipientForm.Sentence(), RecipientForm.Alone()], Anywhere = true },
        new() { Name = "Google Groups", Says = ["groups.google.com/support"], Wears = ["x-failed-recipients:"], Recipients = [], Reason = "rejected" },
        new() { Name = "WorkMail", Says = ["an error occurred while trying to deliver the mail to the following recipients"], Recipients = [RecipientForm.Labelled(), RecipientForm.Alone()] },
        new() { Name = "Zoho", Says = ["invalid address, error_code", "error, error_code", "error_code :"], Recipients = [RecipientForm.ThenWords()], Anywhere = true },
        new() { Name = "Zoho", Says = ["[status: error, address:"], Recipients = [RecipientForm.Labelled()], Anywhere = true },
    ];
}
