using System.Text;
using MimeKit;

namespace Passerelle.Mail.Bodies;

/// <summary>What a mail says: its text, its HTML, the rest as attachments.</summary>
internal sealed record MailBody
{
    /// <summary>Decoded plain text parts as they stand, uncut; for the digest.</summary>
    public required string WholeText { get; init; }

    /// <summary>Decoded HTML parts as they stand; for the digest.</summary>
    public required string WholeHtml { get; init; }

    public required string Text { get; init; }
    public string? SafeHtml { get; init; }
    public int RemoteImages { get; init; }
    public required IReadOnlyList<MailAttachment> Attachments { get; init; }

    /// <summary>METHOD of the first text/calendar part (RFC 5546), upper case; "" when it names none; null without one.</summary>
    public string? CalendarMethod { get; init; }

    public static MailBody Of(MimeMessage message, ReadingBounds bounds)
    {
        var texts = new List<string>();
        var htmls = new List<string>();
        var attachments = new List<MailAttachment>();
        string? method = null;
        var packed = new List<TextPart>();
        foreach (MailPart part in PartWalk.Opened(message))
        {
            if (part is { InTnef: true, Entity: TextPart body, Name: "body.html" or "body.txt" }) packed.Add(body);
            if (part.Type is "text/calendar") method ??= part.Entity.ContentType.Parameters["method"]?.ToUpperInvariant() ?? "";
            if (IsSpoken(part, "text/plain")) texts.Add(SpokenText.Of((TextPart)part.Entity));
            else if (IsSpoken(part, "text/html")) htmls.Add(SpokenText.Of((TextPart)part.Entity));
            else if (part.Name is not null || part.Entity is not TextPart { Content: null }) attachments.Add(AttachmentOf(part));
        }
        // A mail that says nothing itself speaks through what Outlook packed.
        if (texts.All(string.IsNullOrWhiteSpace) && htmls.Count == 0)
        {
            texts.AddRange(packed.Where(body => !body.IsHtml).Select(body => body.Text ?? ""));
            htmls.AddRange(packed.Where(body => body.IsHtml).Select(body => body.Text ?? ""));
        }
        string html = string.Join("\n<hr>\n", htmls);
        SafeHtml? safe = htmls.Count == 0 ? null : Bodies.SafeHtml.From(html, bounds);
        return new MailBody
        {
            WholeText = string.Join("\n", texts),
            WholeHtml = html,
            Text = Cut(BestText(texts, html, bounds), bounds.MaxTextCharacters),
            SafeHtml = safe?.Html,
            RemoteImages = safe?.RemoteImages ?? 0,
            Attachments = attachments,
            CalendarMethod = method,
        };
    }

    private static string BestText(List<string> texts, string html, ReadingBounds bounds)
    {
        string plain = string.Join("\n", texts).ReplaceLineEndings("\n");
        return string.IsNullOrWhiteSpace(plain) && html.Length > 0 ? HtmlText.From(html.Length <= bounds.MaxHtmlCharacters ? html : html[..bounds.MaxHtmlCharacters]) : plain;
    }

    /// <summary>Part of what the writer says, unless its disposition attaches it (RFC 2183 §2): a name alone makes no file of a text, but within a TNEF.</summary>
    private static bool IsSpoken(MailPart part, string type) =>
        part.Entity is TextPart { IsAttachment: false } && part.Type == type && !(part.InTnef && part.Name is not null);

    private static MailAttachment AttachmentOf(MailPart part)
    {
        using var bytes = new HashingStream();
        part.WriteTo(bytes);
        string? trueType = TrueTypes.Of(bytes.Start);
        return new MailAttachment
        {
            PartNumber = part.Number,
            Name = part.Name,
            Type = part.Type,
            Size = bytes.Length,
            Sha256 = bytes.Finish(),
            TrueType = trueType,
            Danger = Dangers.In(part.Name, part.Type, trueType),
            InTnef = part.InTnef,
            Inline = part.Entity.ContentDisposition is { IsAttachment: false } || (part.Entity.ContentDisposition is null && part.Entity.ContentId is not null),
            ContentId = part.Entity.ContentId is { Length: > 0 } id ? AddressText.OneLine(id, 998) : null,
        };
    }

    private static string Cut(string text, int max) =>
        text.Length <= max ? text : new StringBuilder(text, 0, max, max + 20).Append("\n[cut]").ToString();
}
