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

    /// <summary><see cref="Text"/> without the files that stand in it.</summary>
    public required string Prose { get; init; }
    public string? SafeHtml { get; init; }
    public int RemoteImages { get; init; }
    public required IReadOnlyList<MailAttachment> Attachments { get; init; }

    /// <summary>METHOD of the first text/calendar part (RFC 5546), upper case; "" when it names none; null without one.</summary>
    public string? CalendarMethod { get; init; }

    public static MailBody Of(MimeMessage message, ReadingBounds bounds)
    {
        List<string> texts = [], shown = [], htmls = [];
        List<MailPart> packed = [], enriched = [];
        var attachments = new List<MailAttachment>();
        string? method = null;
        foreach (MailPart part in PartWalk.Opened(message))
        {
            if (part is { InTnef: true, Entity: TextPart, Name: "body.html" or "body.txt" }) packed.Add(part);
            if (IsSpoken(part, "text/enriched") || IsSpoken(part, "text/richtext")) enriched.Add(part);
            if (part.Type is "text/calendar") method ??= part.Entity.ContentType.Parameters["method"]?.ToUpperInvariant() ?? "";
            if (IsSpoken(part, "text/plain")) Say((TextPart)part.Entity);
            else if (IsSpoken(part, "text/html")) htmls.Add(SpokenText.Of((TextPart)part.Entity));
            else if (part.Name is not null || part.Entity is not TextPart { Content: null }) attachments.Add(AttachmentOf(part));
        }
        // A mail that says nothing itself speaks through what Outlook packed, or in the form that was there before HTML.
        if (IsSilent())
        {
            foreach (TextPart body in packed.Select(part => part.Entity).OfType<TextPart>()) (body.IsHtml ? htmls : texts).Add(body.Text ?? "");
            shown = texts;
        }
        if (IsSilent() && enriched.Count > 0)
        {
            shown = texts = [.. enriched.Select(Enriched).Where(text => text.Length > 0)];
            if (texts.Count > 0) attachments.RemoveAll(file => file.Name is null && enriched.Exists(part => part.Number == file.PartNumber));
        }
        string html = string.Join("\n<hr>\n", htmls);
        SafeHtml? safe = htmls.Count == 0 ? null : Bodies.SafeHtml.From(html, bounds);
        string text = Cut(BestText(shown, html, bounds), bounds.MaxTextCharacters);
        return new MailBody
        {
            WholeText = string.Join("\n", texts),
            WholeHtml = html,
            Text = text,
            Prose = UuFiles.Without(text),
            SafeHtml = safe?.Html,
            RemoteImages = safe?.RemoteImages ?? 0,
            Attachments = attachments,
            CalendarMethod = method,
        };

        bool IsSilent() => texts.All(string.IsNullOrWhiteSpace) && htmls.Count == 0;

        void Say(TextPart part)
        {
            texts.Add(SpokenText.Of(part));
            shown.Add(FlowedText.Of(part, texts[^1]));
        }
    }

    /// <returns>"" of a rich text that is Microsoft's, whatever its type says.</returns>
    private static string Enriched(MailPart part) =>
        SpokenText.Of((TextPart)part.Entity) is var text && text.StartsWith("{\\rtf", StringComparison.Ordinal) ? "" : EnrichedText.From(text, part.Type is "text/richtext"); // IsSpoken said that it is one

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
            InText = part.InText,
            Inline = part.Entity.ContentDisposition is { IsAttachment: false } || (part.Entity.ContentDisposition is null && part.Entity.ContentId is not null),
            ContentId = part.Entity.ContentId is { Length: > 0 } id ? AddressText.OneLine(id, 998) : null,
        };
    }

    private static string Cut(string text, int max) =>
        text.Length <= max ? text : new StringBuilder(text, 0, max, max + 20).Append("\n[cut]").ToString();
}
