using System.Text;
using MimeKit;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail.Feedback;

/// <summary>The fields of a message/feedback-report part (RFC 5965 §3).</summary>
internal static class AbuseReport
{
    private const int LongestReport = 256 * 1024;

    /// <returns>Null when the part is none.</returns>
    public static HeaderList? In(MailPart part)
    {
        if (part.Type is not "message/feedback-report" || part.Entity is not MimePart { Content: { } content }) return null;
        using var bytes = new BoundedStream(LongestReport);
        content.WriteDecodedTo(bytes);
        try
        {
            // A blank line before the fields and one between them are both met; RFC 5965 has neither.
            string text = string.Join('\n', Encoding.UTF8.GetString(bytes.ToArray()).ReplaceLineEndings("\n").Split('\n').Where(line => line.Trim().Length > 0));
            return HeaderList.Load(new MemoryStream(LongHeaders.Unfolded(Encoding.UTF8.GetBytes(text + "\n\n"))));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public static FeedbackReport.Abuse Of(HeaderList fields, IReadOnlyList<MailPart> parts)
    {
        List<string> recipients = Addresses(fields, "Original-Rcpt-To");
        if (recipients.Count == 0) recipients = Addresses(fields, "Removal-Recipient");
        if (recipients.Count == 0) recipients = EnclosedTo(parts);
        return new(
            (fields["Feedback-Type"] ?? "other").Trim().ToLowerInvariant(),
            [.. fields.Select(field => KeyValuePair.Create(field.Field, AddressText.OneLine(field.Value, 4000)))],
            recipients);
    }

    private static List<string> Addresses(HeaderList fields, string name) =>
        [.. fields.Where(field => field.Field.Equals(name, StringComparison.OrdinalIgnoreCase))
            .SelectMany(field => field.Value.Split(','))
            .Select(text => AddressText.OneLine(text, 320).Trim(' ', '<', '>'))
            .Where(text => text.Contains('@')).Distinct(StringComparer.OrdinalIgnoreCase).Take(500)];

    private static List<string> EnclosedTo(IReadOnlyList<MailPart> parts)
    {
        foreach (MailPart part in parts)
        {
            if (part.Entity is MessagePart { Message: { } enclosed }) return [.. Headers.AllOf(enclosed, HeaderId.To).Select(to => to.Address).Take(500)];
            if (part is { Type: "text/rfc822-headers", Entity: MimePart { Content: { } content } } && Load(content) is { } headers)
                return InternetAddressList.TryParse(headers[HeaderId.To] ?? "", out var list) ? [.. list.Mailboxes.Select(box => AddressText.OneLine(box.Address)).Take(500)] : [];
        }
        return [];
    }

    private static HeaderList? Load(IMimeContent content)
    {
        using var bytes = new BoundedStream(LongestReport);
        content.WriteDecodedTo(bytes);
        try
        {
            return HeaderList.Load(new MemoryStream(LongHeaders.Unfolded(bytes.ToArray())));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
