using MimeKit;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail;

/// <summary>Contents of a mail's parts, for a person who downloads one.</summary>
public static class MailParts
{
    /// <summary>Writes the decoded bytes of one part.</summary>
    /// <param name="raw">Seekable; its own I/O errors pass through.</param>
    /// <param name="partNumber">As in <see cref="MailAttachment.PartNumber"/>.</param>
    /// <returns>False when the mail has no such part, or cannot be read; then nothing was written.</returns>
    public static bool Write(Stream raw, string partNumber, Stream to, ReadingBounds bounds)
    {
        try
        {
            using MimeMessage message = RawMail.ParseOpened(raw, bounds);
            if (PartWalk.Opened(message).FirstOrDefault(part => part.Number == partNumber) is not { } found) return false;
            found.WriteTo(to);
            return true;
        }
        catch (FormatException)
        {
            return false; // past a bound, or it does not begin with headers: then it has no parts either
        }
    }
}
