using System.Security.Cryptography;
using System.Text;

namespace Passerelle.Dev.Soak.Read;

/// <summary>What the way does to a file: it ends too early, or some of its bits are others. The same file and seed are damaged in
/// the same way every time.</summary>
/// <param name="file">By which its chance is its own; relative, with "/".</param>
internal sealed class FileDamage(string file, int seed)
{
    private const int MostFlips = 20;

    /// <param name="times">Of each kind: cut at a random point, and random bytes flipped.</param>
    public IEnumerable<byte[]> Of(byte[] whole, int times)
    {
        if (whole.Length == 0) yield break;
        var chance = new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {file}"))));
        for (var i = 0; i < times; i++) yield return whole[..chance.Next(whole.Length)];
        for (var i = 0; i < times; i++)
        {
            byte[] copy = [.. whole];
            for (var flips = chance.Next(1, MostFlips + 1); flips > 0; flips--) copy[chance.Next(copy.Length)] ^= (byte)chance.Next(1, 256);
            yield return copy;
        }
    }

    /// <summary>Calendars, pages and packed files are parts of mails: then the mail around them is whole and they are what is damaged.</summary>
    /// <returns>A mail with the content as its one part; null for what is a mail itself.</returns>
    public byte[]? Enclose(byte[] content) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".ics" or ".vcs" => Enclose("text/calendar; charset=utf-8; method=REQUEST", content),
        ".html" or ".htm" => Enclose("text/html; charset=utf-8", content),
        ".txt" => Enclose("text/plain; charset=utf-8", content),
        ".tnef" or ".dat" => Enclose("application/ms-tnef; name=winmail.dat", content),
        ".xml" => Enclose("text/xml; name=report.xml", content),
        ".zip" => Enclose("application/zip; name=report.zip", content),
        ".gz" => Enclose("application/gzip; name=report.gz", content),
        ".p7m" => Enclose("application/pkcs7-mime; name=smime.p7m", content),
        _ => null,
    };

    private static byte[] Enclose(string type, byte[] content) =>
        [.. Encoding.ASCII.GetBytes($"From: ann@fabrikam.example\r\nTo: support@contoso.example\r\nSubject: Order\r\nContent-Type: {type}\r\nContent-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(content, Base64FormattingOptions.InsertLineBreaks)}\r\n")];
}
