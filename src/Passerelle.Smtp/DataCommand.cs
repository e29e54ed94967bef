namespace Passerelle.Smtp;

/// <summary>DATA asks to send the content (RFC 5321 §4.1.1.4).</summary>
internal static class DataCommand
{
    /// <returns>Null: answer 354.</returns>
    public static SmtpReply? Refusal(SmtpSession session, string arguments) => session switch
    {
        { Open: null } => SmtpReply.OutOfOrder("Say MAIL first"),
        { Chunked: true } => SmtpReply.OutOfOrder("BDAT and DATA do not mix"),
        { Open.Body: MailBody.BinaryMime } => SmtpReply.OutOfOrder("BINARYMIME goes by BDAT"), // RFC 3030 §3
        { Recipients.Count: 0 } => NoRecipients(session),
        _ when arguments.Length > 0 => SmtpReply.Syntax("DATA takes no arguments"),
        _ => null,
    };

    /// <summary>554 is what RFC 2920 §3.1 expects; LMTP wants a code of its own: "the DATA command MUST fail with a 503 reply
    /// code" (RFC 2033 §4.2).</summary>
    public static SmtpReply NoRecipients(SmtpSession session) => new(session.Options.Lmtp ? 503 : 554, "5.1", "No valid recipients");

    public static SmtpReply GoAhead { get; } = new(354, null, "Start mail input; end with <CRLF>.<CRLF>");
}
