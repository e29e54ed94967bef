using System.Text;

namespace Passerelle.Smtp;

/// <summary>RCPT TO adds a recipient (RFC 5321 §4.1.1.3).</summary>
internal static class RcptCommand
{
    /// <returns>Null when the protocol has nothing against it; then the host decides.</returns>
    public static SmtpReply? Refusal(SmtpSession session, RcptTo recipient) => session switch
    {
        { Limits.MaxRecipients: var max } when session.Recipients.Count >= max => SmtpReply.TooManyRecipients,
        _ when recipient.Recipient.Domain is null && !IsPostmaster(recipient.Recipient) => BadAddress,
        _ => null,
    };

    public static SmtpReply? Parse(SmtpSession session, string arguments, out RcptTo? recipient)
    {
        recipient = null;
        if (session.Open is not { } mail) return SmtpReply.OutOfOrder("Say MAIL first");
        if (session.Chunked) return SmtpReply.OutOfOrder("Recipients come before BDAT");
        var malformed = PathReader.Read(arguments, "TO:", out var mailbox, out var rest);
        if (malformed is not null) return malformed;
        if (mailbox is null) return BadAddress;
        if (!session.Extended && !rest.IsEmpty) return SmtpReply.Syntax("Say RCPT TO:<address>");
        var parameters = new RcptParameters(session.Options.Extensions);
        if (parameters.Read(rest) is { } refusal) return refusal;
        if (!mail.SmtpUtf8 && !Ascii.IsValid(arguments)) return NeedsUtf8;
        recipient = new RcptTo(mailbox) { Notify = parameters.Notify, Original = parameters.Original };
        return null;
    }

    /// <summary>The one address without a domain: "MUST be supported", in any case.</summary>
    private static bool IsPostmaster(Mailbox mailbox) =>
        mailbox.LocalPart.Equals("postmaster", StringComparison.OrdinalIgnoreCase);

    /// <summary>550 for MAIL and 553 for RCPT (RFC 6531 §3.5).</summary>
    private static SmtpReply NeedsUtf8 { get; } = new(553, "6.7", "A non-ASCII address needs SMTPUTF8");

    private static SmtpReply BadAddress { get; } = new(553, "1.3", "Malformed address");
}
