namespace Passerelle.Lab.Imap;

/// <summary>The conversation is over; caught once, in the session.</summary>
/// <param name="farewell">What stands behind BYE (RFC 3501 §7.1.5); null when nobody listens.</param>
internal sealed class ImapEnd(string? farewell) : Exception(farewell)
{
    public string? Farewell { get; } = farewell;

    public static ImapEnd Gone => new(null);

    public static ImapEnd Closed => new("Connection closed. 14");

    public static ImapEnd SigningOff => new("Microsoft Exchange Server IMAP4 server signing off.");

    public static ImapEnd TokenExpired => new("Session invalidated - AccessTokenExpired");
}
