namespace Passerelle.Smtp;

/// <summary>STARTTLS (RFC 3207). What a client sent in the clear counts for nothing afterwards.</summary>
internal static class StartTlsCommand
{
    /// <returns>Null: answer 220 and begin the handshake.</returns>
    /// <param name="pipelined">Bytes wait behind the command. An attacker put them there to be read as if they came
    /// through TLS (CVE-2011-0411); the connection closes.</param>
    public static SmtpReply? Refusal(SmtpSession session, string arguments, bool pipelined) => session switch
    {
        { Options.Tls: null } => SmtpReply.NotOffered,
        { Secure: true } => SmtpReply.OutOfOrder("TLS is on already"),
        _ when arguments.Length > 0 => SmtpReply.Syntax("STARTTLS takes no arguments"),
        _ when pipelined => new SmtpReply(421, "7.0", "Nothing may follow STARTTLS before the handshake"),
        _ => null,
    };

    public static SmtpReply GoAhead { get; } = new(220, "0.0", "Ready to start TLS");
}
