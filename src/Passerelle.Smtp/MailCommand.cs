using System.Text;

namespace Passerelle.Smtp;

/// <summary>MAIL FROM opens a transaction (RFC 5321 §4.1.1.2; SIZE is RFC 1870 §6.1).</summary>
internal static class MailCommand
{
    /// <returns>Null when the protocol has nothing against it; then the host decides.</returns>
    public static SmtpReply? Refusal(SmtpSession session, MailFrom mail) => session switch
    {
        { Open: not null } => SmtpReply.OutOfOrder("One message at a time"),
        { Secure: false, Limits.TlsRequired: true } => SmtpReply.StartTlsFirst,
        { Identity: null, Limits.AuthRequired: true } => SmtpReply.AuthenticateFirst,
        { Limits.MaxTransactions: var max } when session.Transactions >= max => SmtpReply.TooManyMessages,
        { Limits.MaxBytes: var max } when mail.DeclaredBytes > max => SmtpReply.TooBig(max),
        _ => null,
    };

    public static SmtpReply? Parse(SmtpSession session, string arguments, bool authOffered, out MailFrom? mail)
    {
        mail = null;
        if (!session.Greeted) return HelloCommand.Missing(session);
        if (PathReader.Read(arguments, "FROM:", out var sender, out var rest) is { } malformed) return malformed;
        if (!session.Extended && !rest.IsEmpty) return SmtpReply.Syntax("Parameters need EHLO");
        var parameters = new MailParameters(session.Options.Extensions, authOffered);
        if (parameters.Read(rest) is { } refusal) return refusal;
        if (!parameters.SmtpUtf8 && !Ascii.IsValid(arguments)) return NeedsUtf8;
        mail = new MailFrom(sender, parameters.DeclaredBytes, parameters.Body, parameters.SmtpUtf8)
        {
            Return = parameters.Return,
            EnvelopeId = parameters.EnvelopeId,
        };
        return null;
    }

    /// <summary>550 for MAIL and 553 for RCPT (RFC 6531 §3.5).</summary>
    private static SmtpReply NeedsUtf8 { get; } = new(550, "6.7", "A non-ASCII address needs SMTPUTF8");
}
