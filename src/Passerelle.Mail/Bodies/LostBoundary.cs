using System.Text;
using System.Text.RegularExpressions;
using MimeKit;

namespace Passerelle.Mail.Bodies;

/// <summary>A multipart whose boundary is missing, or is another than its parts stand between: then nothing of it is found, though everything is
/// there. The line that its parts begin with is taken for the boundary.</summary>
internal static partial class LostBoundary
{
    public static void FindIn(MimeMessage message, ReadingBounds bounds)
    {
        if (message.Body is not Multipart { Count: 0, Preamble: { Length: > 0 } preamble } body || Boundary().Match(preamble) is not { Success: true } line) return;
        string boundary = line.Groups[1].Value;
        byte[] whole = Encoding.UTF8.GetBytes($"Content-Type: multipart/{body.ContentType.MediaSubtype}; boundary=\"{boundary}\"\n\n{preamble}");
        try
        {
            if (RawMail.ParseEntity(new MemoryStream(whole, writable: false), bounds) is Multipart { Count: > 0 } found) message.Body = found;
        }
        catch (BoundBrokenException)
        {
            // then it stays a text
        }
    }

    /// <summary>A part begins with headers: Content-Type, mostly.</summary>
    [GeneratedRegex(@"^--([A-Za-z0-9'()+_,\-./:=? ]{0,69}[A-Za-z0-9'()+_,\-./:=?])[ \t]*\r?\nContent-[A-Za-z\-]{2,30}:", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Boundary();
}
