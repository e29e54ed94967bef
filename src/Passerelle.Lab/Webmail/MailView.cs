using Ganss.Xss;
using MimeKit;

namespace Passerelle.Lab.Webmail;

/// <summary>What the pages show of one mail.</summary>
/// <param name="Html">Sanitised: no script, no form, nothing that loads from elsewhere. Null when the mail has no HTML.</param>
internal sealed record MailView(
    IReadOnlyList<(string Name, string Value)> Headers, string Text, string? Html, IReadOnlyList<(string Name, long Bytes)> Attachments)
{
    private const int LongestText = 1_000_000;

    /// <summary>The headers that tell how a mail came here and what it belongs to.</summary>
    private static readonly string[] Telling =
    [
        "Message-ID", "In-Reply-To", "References", "Return-Path", "Auto-Submitted", "Resent-From", "Authentication-Results",
        "Received-SPF", "ARC-Authentication-Results", "DKIM-Signature", "X-MS-Exchange-ForwardingLoop",
    ];

    public IEnumerable<(string Name, string Value)> TellingHeaders =>
        Headers.Where(header => Telling.Contains(header.Name, StringComparer.OrdinalIgnoreCase));

    public static MailView Of(byte[] raw)
    {
        using var mail = MimeMessage.Load(new MemoryStream(raw, writable: false));
        return new MailView(
            [.. mail.Headers.Select(header => (header.Field, header.Value))],
            Short(mail.TextBody ?? ""),
            mail.HtmlBody is { } html ? Safe(Short(html)) : null,
            [.. mail.Attachments.Select(part => (part.ContentDisposition?.FileName ?? part.ContentType.Name ?? part.ContentType.MimeType, Bytes(part)))]);
    }

    private static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText];

    private static long Bytes(MimeEntity part)
    {
        if (part is not MimePart { Content: { } content }) return 0;
        using var measure = new MimeKit.IO.MeasuringStream();
        content.DecodeTo(measure);
        return measure.Length;
    }

    /// <summary>The sanitiser's default keeps remote images and <c>background:url</c>: only data addresses pass here, and the
    /// frame's own policy is the second wall.</summary>
    private static string Safe(string html)
    {
        var sanitizer = new HtmlSanitizer();
        sanitizer.AllowedSchemes.Clear();
        sanitizer.AllowedSchemes.Add("data");
        sanitizer.AllowedTags.Remove("form");
        sanitizer.AllowedTags.Remove("input");
        sanitizer.AllowedTags.Remove("button");
        return sanitizer.Sanitize(html);
    }
}
