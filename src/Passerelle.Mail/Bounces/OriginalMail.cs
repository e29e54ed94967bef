using System.Text.RegularExpressions;
using MimeKit;
using MimeKit.Utils;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail.Bounces;

/// <summary>What a report encloses of the mail it is about: the whole, its headers, or lines that look like them.</summary>
/// <param name="MessageId">With angle brackets; null when not enclosed.</param>
/// <param name="To">Bare addresses of its To header.</param>
internal sealed partial record OriginalMail(string? MessageId, IReadOnlyList<string> To)
{
    private const int Longest = 256 * 1024;

    public static OriginalMail In(MimeMessage message, ReportText text)
    {
        foreach (MailPart part in PartWalk.Of(message))
        {
            if (part.Entity is MessagePart { Message: { } enclosed } && enclosed.Headers.Count > 0) return Of(enclosed.Headers);
            if (part is { Entity: MimePart { Content: { } content }, Type: "text/rfc822-headers" or "message/rfc822-headers" } && InHeaders(content) is { } found) return found;
        }
        return new OriginalMail(
            MessageIdLine().Match(text.Enclosed) is { Success: true } id ? $"<{id.Groups[1].Value}>" : null,
            ToLine().Match(text.Enclosed) is { Success: true } to ? Addresses(to.Groups[1].Value) : []);
    }

    private static OriginalMail Of(HeaderList headers) => new(
        headers[HeaderId.MessageId] is { } text && MimeUtils.EnumerateReferences(text).FirstOrDefault() is { } id ? $"<{id}>" : null,
        Addresses(headers[HeaderId.To] ?? ""));

    private static OriginalMail? InHeaders(IMimeContent content)
    {
        using var headers = new BoundedStream(Longest);
        content.WriteDecodedTo(headers);
        try
        {
            return Of(HeaderList.Load(new MemoryStream(LongHeaders.Unfolded(headers.ToArray()))));
        }
        catch (FormatException)
        {
            return null; // the enclosed headers are broken: the report itself still stands
        }
    }

    private static List<string> Addresses(string header) =>
        InternetAddressList.TryParse(header, out var list) ? [.. list.Mailboxes.Select(box => AddressText.OneLine(box.Address)).Where(address => address.Contains('@'))] : [];

    [GeneratedRegex(@"^[> \t]*Message-ID:[ \t]*\n?[ \t]*<([^<>\s]{1,990})>", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex MessageIdLine();

    [GeneratedRegex(@"^[> \t]*To:[ \t]*([^\n]{3,500})$", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex ToLine();
}
