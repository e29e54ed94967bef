namespace Passerelle.Smtp;

/// <summary>Commands that ask for nothing but a word (RFC 5321 §4.1.1.5 to §4.1.1.10).</summary>
internal static class SmallCommands
{
    public static SmtpReply Answer(SmtpSession session, Verb verb, string arguments) => verb switch
    {
        Verb.Noop => SmtpReply.Ok,
        Verb.Rset or Verb.Quit when arguments.Length > 0 => SmtpReply.Syntax("No arguments here"),
        Verb.Rset => new SmtpReply(250, "0.0", "Reset"),
        Verb.Quit => SmtpReply.Closing,
        Verb.Help => Help(session),
        Verb.Ehlo or Verb.Helo => SmtpReply.Unrecognised("This is LMTP, say LHLO"),
        Verb.Expn => SmtpReply.NotOffered,
        Verb.Vrfy => Verify(arguments),
        Verb.Http => new SmtpReply(421, "7.0", "This is SMTP, not HTTP"), // a browser was tricked to speak to us
        _ => SmtpReply.Unrecognised("Unrecognised command"),
    };

    /// <summary>What can be said here, and no more.</summary>
    private static SmtpReply Help(SmtpSession session)
    {
        var hello = session.Options.Lmtp ? "LHLO" : "EHLO HELO";
        var chunks = session.Offers(SmtpExtensions.Chunking) ? " BDAT" : "";
        var tls = session is { Options.Tls: not null, Secure: false } ? " STARTTLS" : "";
        return new SmtpReply(214, "0.0", $"{hello} MAIL RCPT DATA{chunks} RSET NOOP VRFY HELP QUIT{tls} (RFC {(session.Options.Lmtp ? 2033 : 5321)})");
    }

    /// <summary>252 says neither yes nor no: who exists here is nobody's business (§7.3).</summary>
    private static SmtpReply Verify(string arguments) =>
        PathReader.Read("TO:" + arguments, "TO:", out var mailbox, out _) is null && mailbox is not null
            ? new SmtpReply(252, "0.0", "Cannot verify, but will take mail and try")
            : SmtpReply.Syntax("Say VRFY address");
}
