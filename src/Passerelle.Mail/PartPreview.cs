using MimeKit;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail;

/// <summary>What of a part can be shown without harm: pictures and PDF by their true type, everything that is text as plain text.</summary>
public abstract record PartPreview
{
    private const int LongestText = 200_000;
    private const long LargestFile = 20 * 1024 * 1024;

    /// <summary>Raster pictures that browsers show; what can hold script (SVG) is none of them.</summary>
    private static readonly HashSet<string> Pictures = new(["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"], StringComparer.Ordinal);

    private PartPreview() { }

    /// <param name="Type">The true one: image/… or application/pdf.</param>
    public sealed record File(string Type, byte[] Content) : PartPreview;

    /// <param name="Value">Decoded, cut at 200,000 characters.</param>
    public sealed record Text(string Value) : PartPreview;

    /// <summary>Whether a preview shows such an attachment.</summary>
    public static bool IsPossible(MailAttachment part) =>
        part.Size <= LargestFile && (IsPicture(part.TrueType) || part.TrueType is "application/pdf" || IsText(part.Type, part.TrueType));

    public static bool IsPicture(string? trueType) => trueType is not null && Pictures.Contains(trueType);

    /// <returns>What these bytes are; null when they are no picture that browsers show.</returns>
    public static string? PictureType(ReadOnlySpan<byte> content) =>
        TrueTypes.Of(content[..Math.Min(content.Length, TrueTypes.Needed)]) is { } type && IsPicture(type) ? type : null;

    /// <param name="raw">Seekable; its own I/O errors pass through.</param>
    /// <param name="partNumber">As in <see cref="MailAttachment.PartNumber"/>.</param>
    /// <returns>Null when there is no such part, or nothing of it is shown.</returns>
    public static PartPreview? Of(Stream raw, string partNumber, ReadingBounds bounds)
    {
        try
        {
            using MimeMessage message = RawMail.ParseOpened(raw, bounds);
            return PartWalk.Opened(message).FirstOrDefault(part => part.Number == partNumber) is { } found ? Of(found) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static PartPreview? Of(MailPart part)
    {
        using var bytes = new MemoryStream();
        part.WriteTo(bytes);
        byte[] content = bytes.ToArray();
        string? trueType = TrueTypes.Of(content.AsSpan(0, Math.Min(content.Length, TrueTypes.Needed)));
        if (content.Length > LargestFile) return null;
        if (IsPicture(trueType) || trueType is "application/pdf") return new File(trueType!, content); // one of the known types
        if (!IsText(part.Type, trueType)) return null;
        string text = part.Entity is TextPart spoken ? SpokenText.Of(spoken) : System.Text.Encoding.UTF8.GetString(content);
        return new Text(text.Length <= LongestText ? text : text[..LongestText]);
    }

    /// <summary>Source that could run is read as text, too: nothing is ever served as what would run.</summary>
    private static bool IsText(string type, string? trueType) =>
        (trueType is null or "text/html" or "image/svg+xml" or "application/xml" or "text/rtf" or "text/x-shellscript")
        && (type.StartsWith("text/", StringComparison.Ordinal) || type is "application/json" or "application/xml" or "application/javascript" or "image/svg+xml" or "message/delivery-status" or "message/rfc822");
}
