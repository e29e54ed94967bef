namespace Passerelle.Smtp;

/// <summary>AUTH (RFC 4954 §4).</summary>
internal static class AuthCommand
{
    public static SmtpReply EncryptionRequired { get; } = new(538, "7.11", "Encryption required, say STARTTLS first");
    public static SmtpReply Cancelled { get; } = new(501, "7.0", "Authentication cancelled");
    public static SmtpReply NotBase64 { get; } = new(501, "5.2", "Not base64");
    public static SmtpReply TryLater { get; } = new(454, "7.0", "Temporary authentication failure");
    public static SmtpReply LineTooLong { get; } = new(500, "5.6", "Authentication exchange line too long");

    /// <returns>Null: the exchange may begin.</returns>
    /// <param name="offered">The mechanisms of here and now.</param>
    public static SmtpReply? Refusal(SmtpSession session, string mechanism, IReadOnlyList<string> offered) => session switch
    {
        { Greeted: false } => HelloCommand.Missing(session),
        { Secure: false, Limits.TlsRequired: true } => EncryptionRequired,
        _ when offered.Count == 0 => SmtpReply.NotOffered,
        { Identity: not null } => SmtpReply.OutOfOrder("Authenticated already"),
        { Open: not null } => SmtpReply.OutOfOrder("Not within a message"),
        _ when mechanism.Length == 0 => SmtpReply.Syntax("Say AUTH mechanism"),
        _ when !offered.Contains(mechanism) => new SmtpReply(504, "5.4", "Mechanism not offered"),
        _ => null,
    };

    /// <summary>"AUTH mechanism [initial-response]", the mechanism in upper case.</summary>
    public static (string Mechanism, string? InitialResponse) Split(string arguments)
    {
        var space = arguments.IndexOf(' ', StringComparison.Ordinal);
        return space < 0
            ? (arguments.ToUpperInvariant(), null)
            : (arguments[..space].ToUpperInvariant(), arguments[(space + 1)..].Trim(' '));
    }

    /// <exception cref="SmtpRefusedException">No base64.</exception>
    public static byte[] Decode(string response)
    {
        if (response == "=") return [];
        var bytes = new byte[response.Length * 3 / 4];
        return Convert.TryFromBase64String(response, bytes, out var length)
            ? bytes[..length]
            : throw new SmtpRefusedException(NotBase64);
    }
}
