using System.Text;
using MimeKit;

namespace Passerelle.Mail.Bodies;

/// <summary>Files that a program wrote into the text itself, between "begin 644 name" and "end" (POSIX, uuencode). No letter of a person looks like
/// it: each line tells its length, and there are no small letters in it.</summary>
internal static class UuFiles
{
    private const string Begin = "begin ";

    /// <summary>Lines without an end are believed, where a mail was cut off, if there are so many of full length.</summary>
    private const int Enough = 3;
    private const int FullLine = 45;
    private const int MostFiles = 100;

    /// <summary>The files within a text part, numbered below it.</summary>
    public static IEnumerable<MailPart> Of(MailPart part)
    {
        if (part.Entity is not TextPart { IsAttachment: false, Content: { } content } spoken || part.Type is not "text/plain") yield break;
        using var bytes = new MemoryStream();
        content.WriteDecodedTo(bytes);
        if (bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf("begin "u8) < 0) yield break;
        int number = 0;
        foreach (Found found in In(SpokenText.Of(spoken)))
        {
            number++;
            yield return new MailPart($"{part.Number}.{number}", EntityOf(found), part.InReport) { InText = true };
        }
    }

    /// <returns>The text without the files; the same where it holds none.</returns>
    public static string Without(string text)
    {
        if (!text.Contains(Begin, StringComparison.Ordinal)) return text;
        var rest = new StringBuilder(text.Length);
        int at = 0;
        foreach (Found found in In(text))
        {
            rest.Append(text, at, found.From - at);
            at = found.To;
        }
        return rest.Append(text, at, text.Length - at).ToString();
    }

    /// <param name="From">Where the line "begin" begins.</param>
    /// <param name="To">Behind the line "end".</param>
    private readonly record struct Found(string Name, int From, int To, byte[] Content);

    private static MimePart EntityOf(Found found)
    {
        string name = found.Name.Length > 0 ? found.Name : "file";
        return new MimePart(ContentType.Parse(MimeTypes.GetMimeType(name)))
        {
            ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = name },
            Content = new MimeContent(new MemoryStream(found.Content, writable: false)),
        };
    }

    private static List<Found> In(string text)
    {
        var files = new List<Found>();
        for (int at = 0; files.Count < MostFiles && (at = text.IndexOf(Begin, at, StringComparison.Ordinal)) >= 0;)
        {
            if ((at == 0 || text[at - 1] is '\n' or '\r') && At(text, at) is { } found)
            {
                files.Add(found);
                at = found.To;
            }
            else
            {
                at += Begin.Length;
            }
        }
        return files;
    }

    private static Found? At(string text, int begin)
    {
        string head = LineAt(text, begin, out int at).ToString();
        string mode = head[Begin.Length..].Split(' ', 2)[0];
        if (mode.Length is not (3 or 4) || mode.Any(digit => digit is < '0' or > '7')) return null;
        string name = head[(Begin.Length + mode.Length)..].Trim(' ', '"');
        using var content = new MemoryStream();
        for (int full = 0; at < text.Length;)
        {
            ReadOnlySpan<char> line = LineAt(text, at, out int next);
            if (line is "end") return content.Length > 0 ? new Found(name, begin, next, content.ToArray()) : null;
            if (!Decode(line, content, out int length))
                return full >= Enough ? new Found(name, begin, at, content.ToArray()) : null;
            full += length == FullLine ? 1 : 0;
            at = next;
            if (at >= text.Length && full >= Enough) return new Found(name, begin, at, content.ToArray());
        }
        return null;
    }

    /// <summary>Three bytes in four characters, six bits each above the blank; a "`" stands for the blank. The first character is the count. Blanks at
    /// the end may have been lost, a character for a checksum may be there.</summary>
    private static bool Decode(ReadOnlySpan<char> line, MemoryStream to, out int length)
    {
        length = 0;
        if (line.Length == 0) return true; // the length 0 was a blank
        if (line.ContainsAnyExceptInRange(' ', '`')) return false;
        length = (line[0] - ' ') & 63;
        ReadOnlySpan<char> coded = line[1..];
        if (coded.Length > (length + 2) / 3 * 4 + 2) return false;
        uint bits = 0;
        for (int i = 0, left = length; left > 0; i++)
        {
            bits = (bits << 6) | (i < coded.Length ? (uint)(coded[i] - ' ') & 63 : 0);
            if (i % 4 < 3) continue;
            for (int shift = 16; shift >= 0 && left > 0; shift -= 8, left--) to.WriteByte((byte)(bits >> shift));
        }
        return true;
    }

    private static ReadOnlySpan<char> LineAt(string text, int at, out int next)
    {
        int end = text.IndexOf('\n', at);
        next = end < 0 ? text.Length : end + 1;
        return text.AsSpan(at, (end < 0 ? text.Length : end) - at).TrimEnd('\r');
    }
}
