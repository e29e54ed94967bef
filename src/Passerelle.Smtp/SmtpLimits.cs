namespace Passerelle.Smtp;

/// <summary>The bounds of one listener. Every byte and every second that a stranger can spend is in here.</summary>
/// <param name="MaxBytes">Of one message, after unstuffing; what SIZE announces (RFC 1870).</param>
/// <param name="TlsRequired">MAIL and AUTH are refused until STARTTLS was done.</param>
/// <param name="AuthRequired">MAIL is refused until AUTH succeeded.</param>
public sealed record SmtpLimits(long MaxBytes = 50L * 1024 * 1024, bool TlsRequired = false, bool AuthRequired = false)
{
    /// <summary>Per message; RFC 5321 §4.5.3.1.8 asks for at least 100.</summary>
    public int MaxRecipients { get; init; } = 100;

    /// <summary>Octets of a command line with its CRLF. 512 is the standard's minimum, extensions add to it.</summary>
    public int MaxCommandBytes { get; init; } = 2048;

    /// <summary>Octets of an AUTH command or answer: access tokens make an initial response of many kilobytes
    /// (RFC 4954 §4 asks for 12,288).</summary>
    public int MaxAuthBytes { get; init; } = 32 * 1024;

    /// <summary>Octets of one line of a message. The standard says 1,000; real senders put whole HTML pages on
    /// one line, and a forwarded mail that we refuse is a lost mail.</summary>
    public int MaxLineBytes { get; init; } = 1024 * 1024;

    /// <summary>Octets before the first empty line of a message.</summary>
    public int MaxHeaderBytes { get; init; } = 512 * 1024;

    /// <summary>Messages begun on one connection; then 421.</summary>
    public int MaxTransactions { get; init; } = 1000;

    /// <summary>Refused commands on one connection; then 421.</summary>
    public int MaxErrors { get; init; } = 20;

    /// <summary>Recipients that the host refused on one connection; then 421, for somebody is guessing.</summary>
    public int MaxRefusedRecipients { get; init; } = 100;

    /// <summary>From the end of one command to the end of the next, and for a client to take our replies
    /// (RFC 5321 §4.5.3.2.7: at least 5 minutes).</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Between two reads of message content (RFC 5321 §4.5.3.2.5).</summary>
    public TimeSpan DataTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>For a whole message, however steadily it drips.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>For the TLS handshake.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
