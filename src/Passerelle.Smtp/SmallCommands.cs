namespace Passerelle.Smtp;

/// <summary>Commands that ask for nothing but a word (RFC 5321 §4.1.1.5 to §4.1.1.10).</summary>
internal static class SmallCommands
{
    public static SmtpReply Answer(Verb verb, string arguments) => verb switch
    {
        Verb.Noop => SmtpReply.Ok,
        Verb.Rset or Verb.Quit when arguments.Length > 0 => SmtpReply.Syntax("No arguments here"),
        Verb.Rset => new SmtpReply(250, "0.0", "Reset"),
        Verb.Quit => SmtpReply.Closing,
        Verb.Help => new SmtpReply(214, "0.0", "EHLO HELO MAIL RCPT DATA RSET NOOP VRFY QUIT STARTTLS AUTH (RFC 5321)"),
        Verb.Expn => SmtpReply.NotOffered,
        Verb.Vrfy => Verify(arguments),
        Verb.Http => new SmtpReply(421, "7.0", "This is SMTP, not HTTP"), // a browser was tricked to speak to us
        _ => SmtpReply.Unrecognised("Unrecognised command"),
    };

    /// <summary>252 says neither yes nor no: who exists here is nobody's business (§7.3).</summary>
    private static SmtpReply Verify(string arguments) =>
        PathReader.Read("TO:" + arguments, "TO:", out var mailbox, out _) is null && mailbox is not null
            ? new SmtpReply(252, "0.0", "Cannot verify, but will take mail and try")
            : SmtpReply.Syntax("Say VRFY address");
}
