using System.Globalization;
using System.Net;
using System.Text;
using Passerelle.Smtp;

namespace Passerelle.Gateway.Receiving;

/// <summary>What we put on top (RFC 5321 §4.4): Return-Path, as final delivery must, and Received; and what the fields below say of loops.</summary>
internal static class TraceHeader
{
    /// <summary>A mail that already passed us this often runs in a circle.</summary>
    private const int MostPasses = 2;

    /// <remarks>CR LF is written here and nowhere else: an address may hold U+2028 or U+0085, which are line ends to .NET and must be none in a header.</remarks>
    public static byte[] For(SmtpSession session, MailFrom mail, Guid receiptId, DateTimeOffset now) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"Return-Path: <{mail.Address}>\r\n"
            + $"Received: from {Clean(session.Helo ?? "unknown")} ([{LiteralOf(session)}])\r\n"
            + $" by {session.Options.HostName} (Passerelle) with {Protocol(session, mail)}\r\n"
            + $" id {receiptId:N}; {now.ToUniversalTime():ddd, dd MMM yyyy HH:mm:ss} +0000\r\n"));

    /// <summary>IPv4 as such even where it came through a socket of both families.</summary>
    public static string RemoteOf(SmtpSession session) => session.Endpoints.Remote is IPEndPoint { Address: var address }
        ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
        : "unknown";

    /// <summary>What stands in the brackets of an address-literal (RFC 5321 §4.1.3): IPv6 has its tag, and no zone.</summary>
    private static string LiteralOf(SmtpSession session) =>
        RemoteOf(session) is var address && address.Contains(':', StringComparison.Ordinal) ? $"IPv6:{address.Split('%')[0]}" : address;

    /// <param name="start">The first bytes of the mail; the newest Received fields stand on top, so the start is enough.</param>
    public static bool RunsInACircle(ReadOnlySpan<byte> start, string hostName)
    {
        var end = start.IndexOf("\r\n\r\n"u8);
        var fields = Encoding.Latin1.GetString(end < 0 ? start : start[..end]).Replace("\r\n ", " ", StringComparison.Ordinal)
            .Replace("\r\n\t", " ", StringComparison.Ordinal).Split("\r\n");
        return fields.Count(field => NamesUs(field, hostName)) > MostPasses;
    }

    private static bool NamesUs(string field, string hostName) =>
        field.StartsWith("Received:", StringComparison.OrdinalIgnoreCase)
        && field.Contains($" by {hostName} ", StringComparison.OrdinalIgnoreCase);

    /// <summary>RFC 3848; those for UTF-8 by RFC 6531 §4.3.</summary>
    private static string Protocol(SmtpSession session, MailFrom mail) => (session.Options.Lmtp, session.Secure, mail.SmtpUtf8) switch
    {
        _ when !session.Extended => "SMTP",
        (false, true, true) => "UTF8SMTPS",
        (false, true, false) => "ESMTPS",
        (false, false, true) => "UTF8SMTP",
        (false, false, false) => "ESMTP",
        (true, true, true) => "UTF8LMTPS",
        (true, true, false) => "LMTPS",
        (true, false, true) => "UTF8LMTP",
        (true, false, false) => "LMTP",
    };

    /// <summary>What a stranger called itself becomes one harmless word.</summary>
    private static string Clean(string helo) =>
        string.Concat(helo.Take(255).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '[' or ']' or '_' ? c : '?'));
}
