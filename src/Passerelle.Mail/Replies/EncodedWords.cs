using System.Text;

namespace Passerelle.Mail.Replies;

/// <summary>
/// Text that already looks like an encoded word (RFC 2047 §2) and is none: a reader would decode what nobody encoded, so all of it is encoded.
/// </summary>
internal static class EncodedWords
{
    /// <summary>A word is 75 characters at most, of which 12 stand around the text (RFC 2047 §2).</summary>
    private const int MostOctets = 45;

    /// <returns>As it is where no reader would take it for something else; MimeKit encodes what must be.</returns>
    public static string Shielded(string text) => text.Contains("=?", StringComparison.Ordinal) ? string.Join(' ', Chunks(text).Select(Word)) : text;

    private static string Word(string chunk) => $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(chunk))}?=";

    /// <summary>No character is cut in two (RFC 2047 §5).</summary>
    private static IEnumerable<string> Chunks(string text)
    {
        var chunk = new StringBuilder();
        var octets = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > MostOctets)
            {
                yield return chunk.ToString();
                chunk.Clear();
                octets = 0;
            }
            chunk.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }
        yield return chunk.ToString();
    }
}
