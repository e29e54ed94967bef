using System.Text;
using MimeKit;
using MimeKit.Utils;

namespace Passerelle.Lab.Imap;

/// <summary>The envelope of a mail as IMAP has it: fields of the header, as they are encoded there (RFC 3501 §7.4.2).</summary>
internal static class Envelope
{
    public static string Of(MimeMessage message)
    {
        var from = message.From;
        string[] parts =
        [
            Raw(message.Headers, HeaderId.Date), Raw(message.Headers, HeaderId.Subject), Addresses(from),
            message.Sender is { } sender ? Addresses(new InternetAddressList([sender])) : Addresses(from),
            Addresses(message.ReplyTo.Count > 0 ? message.ReplyTo : from), Addresses(message.To), Addresses(message.Cc), Addresses(message.Bcc),
            Raw(message.Headers, HeaderId.InReplyTo), Raw(message.Headers, HeaderId.MessageId),
        ];
        return $"({string.Join(' ', parts)})";
    }

    private static string Raw(HeaderList headers, HeaderId id)
    {
        var field = headers.FirstOrDefault(header => header.Id == id);
        return ImapText.Nil(field is null ? null : Unfolded(Encoding.Latin1.GetString(field.RawValue)));
    }

    private static string Unfolded(string value) =>
        value.Replace("\r\n", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Replace('\t', ' ').Trim();

    private static string Addresses(InternetAddressList list) =>
        list.Count == 0 ? "NIL" : $"({string.Concat(list.Select(Address))})";

    /// <summary>A group begins with its name in the third place and ends with nothing at all.</summary>
    private static string Address(InternetAddress address)
    {
        if (address is GroupAddress group)
            return $"(NIL NIL {Name(group.Name ?? "")} NIL){string.Concat(group.Members.Select(Address))}(NIL NIL NIL NIL)";
        if (address is not MailboxAddress mailbox) return "";
        var at = mailbox.Address.LastIndexOf('@');
        var local = at < 0 ? mailbox.Address : mailbox.Address[..at];
        var host = at < 0 ? "" : mailbox.Address[(at + 1)..];
        var route = mailbox.Route.Count == 0 ? null : string.Join(',', mailbox.Route.Select(hop => "@" + hop));
        return $"({Name(mailbox.Name)} {ImapText.Nil(route)} {ImapText.Nil(ImapText.Utf8(local))} {ImapText.Nil(ImapText.Utf8(host))})";
    }

    private static string Name(string? name) => ImapText.Nil(
        string.IsNullOrEmpty(name) ? null
        : Ascii.IsValid(name) ? name
        : Encoding.Latin1.GetString(Rfc2047.EncodeText(Encoding.UTF8, name)));
}
