using System.Globalization;
using MimeKit;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail;

/// <summary>How a mail is made, for a person who looks into it: its headers as they came, and its parts as a tree.</summary>
/// <param name="Headers">In the mail's order.</param>
/// <param name="Root">Null when it has no content at all.</param>
public sealed record MailAnatomy(IReadOnlyList<HeaderLine> Headers, PartNode? Root)
{
    /// <param name="raw">Seekable; left open.</param>
    /// <returns>Null when it is past a bound or does not begin with headers: then only its bytes can be shown.</returns>
    public static MailAnatomy? Of(Stream raw, ReadingBounds bounds)
    {
        try
        {
            using MimeMessage message = RawMail.Parse(raw, bounds);
            // message.Headers alone would leave out those that MimeKit counts to the body: Content-Type and its like
            IEnumerable<Header> headers = message.Body is { } body ? message.Headers.Concat(body.Headers) : message.Headers;
            return new MailAnatomy([.. headers.OrderBy(header => header.Offset ?? long.MaxValue).Select(HeaderLine.Of)], message.Body is null ? null : NodeOf(message.Body, ""));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Numbered as IMAP does (RFC 3501 §6.4.5): the outermost multipart has no number, a mail of one part is number 1.</summary>
    private static PartNode NodeOf(MimeEntity entity, string number) => entity switch
    {
        Multipart multipart => Described(multipart, number) with { Children = [.. multipart.Select((child, i) => NodeOf(child, Below(number, i + 1)))] },
        MessagePart { Message.Body: { } body } enclosed => Described(enclosed, number.Length > 0 ? number : "1") with
        {
            Subject = AddressText.OneLine(enclosed.Message.Headers[HeaderId.Subject] ?? "", 300),
            Children = [NodeOf(body, body is Multipart ? Named(number) : Below(Named(number), 1))],
        },
        _ => Described(entity, Named(number)),
    };

    private static string Named(string number) => number.Length > 0 ? number : "1";

    private static string Below(string number, int child) => number.Length > 0 ? $"{number}.{child.ToString(CultureInfo.InvariantCulture)}" : child.ToString(CultureInfo.InvariantCulture);

    private static PartNode Described(MimeEntity entity, string number) => new()
    {
        Number = number,
        Type = AddressText.OneLine(entity.ContentType.MimeType.ToLowerInvariant(), 200),
        Charset = AddressText.OneLine(entity.ContentType.Charset ?? "", 60),
        Name = FileNames.Of(entity),
        Disposition = AddressText.OneLine(entity.ContentDisposition?.Disposition?.ToLowerInvariant() ?? "", 60),
        Encoding = AddressText.OneLine(entity.Headers[HeaderId.ContentTransferEncoding] ?? "", 60),
        EncodedSize = entity is MimePart { Content: { } content } ? content.Stream?.Length : null,
    };
}

/// <param name="Value">Unfolded and decoded, cut at 4,000 characters.</param>
public sealed record HeaderLine(string Name, string Value)
{
    private const int LongestValue = 4_000;

    internal static HeaderLine Of(Header header) => new(AddressText.OneLine(header.Field, 200), AddressText.OneLine(header.Value ?? "", LongestValue));
}

/// <summary>One part. Texts are "" where the part says nothing of the kind.</summary>
public sealed record PartNode
{
    /// <summary>"" of an outermost multipart.</summary>
    public required string Number { get; init; }
    public required string Type { get; init; }
    public required string Charset { get; init; }
    public required string Name { get; init; }

    /// <summary>inline, attachment, or what the sender made up.</summary>
    public required string Disposition { get; init; }

    /// <summary>Content-Transfer-Encoding.</summary>
    public required string Encoding { get; init; }

    /// <summary>Bytes as they stand in the mail; null of what has parts.</summary>
    public long? EncodedSize { get; init; }

    /// <summary>Of an enclosed mail.</summary>
    public string Subject { get; init; } = "";
    public IReadOnlyList<PartNode> Children { get; init; } = [];
}
