using System.Buffers;
using System.Text;

namespace Passerelle.Mail.Verdicts.Dkim;

/// <summary>One header field as its bytes stand in the mail (Latin-1, so that a byte is a character), CRLF between its lines,
/// none at its end.</summary>
/// <param name="Raw">"Subject: a\r\n b".</param>
internal sealed record HeaderField(string Name, string Raw)
{
    /// <summary>Behind the colon.</summary>
    public string Value => Raw[(Raw.IndexOf(':') + 1)..];

    public bool Is(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The header of a mail byte by byte: what a signature was made over, not what a parser makes of it.</summary>
/// <param name="Fields">Top first.</param>
/// <param name="BodyStart">Offset of the first byte of the body; the length of the mail when it has none.</param>
/// <param name="LfEndsLines">A file with Unix line ends: each LF stands for CRLF. Else a lone LF is a character like another.</param>
internal sealed record HeaderSection(IReadOnlyList<HeaderField> Fields, long BodyStart, bool LfEndsLines)
{
    /// <summary>Holds the header of nearly every mail; a longer one is read again, with four times as much.</summary>
    private const int Usual = 16 * 1024;

    /// <param name="raw">Seekable. An mbox's "From " line is passed over.</param>
    /// <param name="most">Bytes: what is beyond is not looked at.</param>
    public static HeaderSection Read(Stream raw, int most)
    {
        int all = (int)Math.Min(most, raw.Length);
        for (int size = Math.Min(Usual, all); size < all; size = (int)Math.Min(size * 4L, all))
        {
            if (Within(raw, size) is { Ends: true } found) return found.Header;
        }
        return Within(raw, all).Header;
    }

    /// <returns>Ends: the empty line was seen.</returns>
    private static (HeaderSection Header, bool Ends) Within(Stream raw, int size)
    {
        raw.Position = 0;
        byte[] start = ArrayPool<byte>.Shared.Rent(size);
        int length = raw.ReadAtLeast(start.AsSpan(0, size), size, throwOnEndOfStream: false);
        string text = Encoding.Latin1.GetString(start, 0, length);
        ArrayPool<byte>.Shared.Return(start);
        bool lfEndsLines = text.IndexOf('\n') is >= 0 and var first && (first == 0 || text[first - 1] != '\r');

        var fields = new List<HeaderField>();
        var field = new StringBuilder();
        void Finish()
        {
            if (field.Length > 0) fields.Add(Field(field.ToString()));
            field.Clear();
        }
        int at = text.StartsWith("From ", StringComparison.Ordinal) ? NextLine(text, 0, lfEndsLines) : 0;
        while (at < text.Length)
        {
            int end = NextLine(text, at, lfEndsLines);
            string line = Bare(text[at..end], lfEndsLines);
            if (line.Length == 0)
            {
                Finish();
                return (new HeaderSection(fields, end, lfEndsLines), Ends: true);
            }
            at = end;
            if (line[0] is ' ' or '\t' && field.Length > 0)
            {
                field.Append("\r\n").Append(line);
                continue;
            }
            Finish();
            field.Append(line);
        }
        Finish();
        return (new HeaderSection(fields, length, lfEndsLines), Ends: false);
    }

    private static HeaderField Field(string raw)
    {
        int firstLine = raw.IndexOf("\r\n", StringComparison.Ordinal);
        int colon = raw.AsSpan(0, firstLine < 0 ? raw.Length : firstLine).IndexOf(':');
        return new HeaderField(colon < 0 ? "" : raw[..colon].TrimEnd(' ', '\t'), raw);
    }

    public IEnumerable<HeaderField> Named(string name) => Fields.Where(field => field.Is(name));

    private static int NextLine(string text, int at, bool lfEndsLines)
    {
        int end = lfEndsLines ? text.IndexOf('\n', at) : text.IndexOf("\r\n", at, StringComparison.Ordinal);
        return end < 0 ? text.Length : end + (lfEndsLines ? 1 : 2);
    }

    private static string Bare(string line, bool lfEndsLines) =>
        line.EndsWith("\r\n", StringComparison.Ordinal) ? line[..^2] : lfEndsLines && line.EndsWith('\n') ? line[..^1] : line;
}
