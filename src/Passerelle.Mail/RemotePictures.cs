using System.Globalization;
using MimeKit;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail;

/// <summary>A mail's HTML with a place for each picture that lies on somebody else's server.</summary>
/// <param name="SafeHtml">Cleaned; the picture of the address n has the source <c>remote:n</c>.</param>
/// <param name="Addresses">http and https only, as the writer wrote them.</param>
public sealed record RemotePictures(string SafeHtml, IReadOnlyList<string> Addresses)
{
    /// <summary>Pictures of one mail; those that come after stay empty.</summary>
    public const int Most = 100;

    internal const string Scheme = "remote:";

    /// <param name="raw">Seekable; its own I/O errors pass through.</param>
    /// <returns>Null when the mail, or its HTML, cannot be read.</returns>
    public static RemotePictures? Of(Stream raw, ReadingBounds bounds)
    {
        try
        {
            using MimeMessage message = RawMail.ParseOpened(raw, bounds);
            var addresses = new List<string>();
            return Bodies.SafeHtml.From(MailBody.Of(message, bounds).WholeHtml, bounds, addresses) is { } safe ? new RemotePictures(safe.Html, addresses) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <returns>The number in a source; null when it is no place of ours.</returns>
    internal static int? NumberIn(string source) =>
        source.StartsWith(Scheme, StringComparison.Ordinal) && int.TryParse(source.AsSpan(Scheme.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
