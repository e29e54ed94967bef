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
        { Recipients.Count: 0 } => new SmtpReply(554, "5.1", "No valid recipients"), // what RFC 2920 §3.1 warns of
        _ when arguments.Length > 0 => SmtpReply.Syntax("DATA takes no arguments"),
        _ => null,
    };

    public static SmtpReply GoAhead { get; } = new(354, null, "Start mail input; end with <CRLF>.<CRLF>");
}
