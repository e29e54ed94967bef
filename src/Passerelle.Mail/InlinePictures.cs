using MimeKit;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail;

/// <summary>Pictures that a mail carries for its own text, as data URIs: the frame that shows the text loads nothing.</summary>
public static class InlinePictures
{
    /// <summary>Bytes of all together; what comes after is listed among the attachments only.</summary>
    private const long MostBytes = 10 * 1024 * 1024;

    /// <param name="raw">Seekable; its own I/O errors pass through.</param>
    /// <returns>By Content-ID without angle brackets. What is no picture by its bytes is not among them, whatever it is called.</returns>
    public static IReadOnlyDictionary<string, string> Of(Stream raw, ReadingBounds bounds)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using MimeMessage message = RawMail.ParseOpened(raw, bounds);
            long taken = 0;
            foreach (MailPart part in PartWalk.Opened(message).Where(part => part.Entity.ContentId is { Length: > 0 }))
            {
                using var bytes = new MemoryStream();
                part.WriteTo(bytes);
                byte[] content = bytes.ToArray();
                if (PartPreview.PictureType(content) is not { } type || taken + content.Length > MostBytes) continue;
                taken += content.Length;
                found.TryAdd(part.Entity.ContentId!, $"data:{type};base64,{Convert.ToBase64String(content)}"); // asked for above
            }
            return found;
        }
        catch (FormatException)
        {
            return found;
        }
    }
}
