using System.Text;
using System.Text.RegularExpressions;
using MimeKit;

namespace Passerelle.Mail.Bodies;

/// <summary>The text of a part in the charset that it really has: many programs declare one and write in another.</summary>
internal static partial class SpokenText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Names that say nothing.</summary>
    private static readonly HashSet<string> Undeclared =
        new(["", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "unknown", "binary", "default", "7bit", "8bit", "none"], StringComparer.Ordinal);

    /// <summary>How much of an HTML document is searched for its own word on its charset (WHATWG HTML §13.2.3.2: 1024 bytes; templates have more above it).</summary>
    private const int Prologue = 4096;

    public static string Of(TextPart part)
    {
        if (part.Content is not { } content) return "";
        using var stream = new MemoryStream();
        content.WriteDecodedTo(stream);
        ReadOnlySpan<byte> bytes = stream.GetBuffer().AsSpan(0, (int)stream.Length);
        string charset = (part.ContentType.Charset ?? "").Trim(' ', '"', '\'').ToLowerInvariant();
        if (ByMark(bytes) is { } marked) return marked;
        if (InAscii(charset, bytes) is { } seven) return seven;
        if (Ascii.IsValid(bytes) && !bytes.Contains((byte)0x1b)) return Encoding.ASCII.GetString(bytes);
        if (Undeclared.Contains(charset) && part.IsHtml) charset = OfDocument(bytes);
        return Declared(charset, bytes) ?? Guess(bytes);
    }

    /// <summary>Of bytes that say nothing of themselves, as in a header.</summary>
    /// <param name="charset">What the rest of the mail is in; "" when nothing tells.</param>
    public static string Of(ReadOnlySpan<byte> bytes, string charset) =>
        Utf8(bytes) ?? GuessedCharset.Read(bytes) ?? (!charset.Contains("utf", StringComparison.Ordinal) && Named(charset) is { } named && !IsWestern(named) ? named.GetString(bytes) : GuessedCharset.Western.GetString(bytes));

    /// <summary>The mark that Unicode texts begin with; two zero bytes more would be UTF-32.</summary>
    private static string? ByMark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]) ? Encoding.UTF8.GetString(bytes[3..])
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) ? Encoding.Unicode.GetString(bytes[2..])
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]) ? Encoding.BigEndianUnicode.GetString(bytes[2..])
        : null;

    /// <summary>Charsets that write other scripts with ASCII's own bytes.</summary>
    private static string? InAscii(string charset, ReadOnlySpan<byte> bytes) => charset switch
    {
        "utf-7" or "unicode-1-1-utf-7" => Utf7.Read(bytes),
        "hz-gb-2312" or "hz" => Encoding.GetEncoding(52936).GetString(bytes),
        _ => null,
    };

    /// <returns>Null when nothing is declared, the name is unknown, or the bytes are not of it.</returns>
    private static string? Declared(string charset, ReadOnlySpan<byte> bytes)
    {
        if (Undeclared.Contains(charset) || Named(charset) is not { } named) return null;
        if (charset.StartsWith("iso-2022", StringComparison.Ordinal) && !Ascii.IsValid(bytes)) return null; // it has seven bits
        // A western charset fits any bytes: where they are UTF-8 to the letter they are UTF-8, and where they make words of another script they are that.
        if (IsWestern(named)) return Utf8(bytes) ?? GuessedCharset.Read(bytes, isSure: true) ?? named.GetString(bytes);
        string decoded = named.GetString(bytes);
        if (!decoded.Contains('\ufffd')) return decoded;
        if (!charset.Contains("utf", StringComparison.Ordinal)) return Utf8(bytes) ?? GuessedCharset.Read(bytes, isSure: true) ?? decoded;
        return IsMostlyRight(decoded) ? decoded : null;
    }

    /// <summary>One broken letter among many does not make it another charset.</summary>
    private static bool IsMostlyRight(string decoded)
    {
        int broken = decoded.Count(c => c is '\ufffd'), whole = decoded.Count(c => c is > '\u007f' and not '\ufffd');
        return whole >= broken * 2;
    }

    private static string Guess(ReadOnlySpan<byte> bytes) =>
        bytes.IndexOf("\u001b$"u8) >= 0 && Ascii.IsValid(bytes) ? Encoding.GetEncoding("iso-2022-jp").GetString(bytes)
        : Utf8(bytes) ?? GuessedCharset.Read(bytes) ?? GuessedCharset.Western.GetString(bytes);

    /// <returns>What the document says of itself; "" when it says nothing.</returns>
    private static string OfDocument(ReadOnlySpan<byte> bytes) =>
        Meta().Match(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, Prologue)])) is { Success: true } found ? found.Groups[1].Value.ToLowerInvariant() : "";

    private static Encoding? Named(string charset)
    {
        if (charset.Length == 0) return null;
        try
        {
            return new ContentType("text", "plain") { Charset = charset }.CharsetEncoding is { } named ? Encoding.GetEncoding(Whole(named.CodePage)) : null;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The larger charset that programs mean by the name of the smaller (WHATWG Encoding §4.2).</summary>
    private static int Whole(int page) => page switch
    {
        20127 or 28591 => 1252,
        28599 => 1254,
        28601 => 874,
        20936 or 51936 => 936,
        51949 or 20949 => 949,
        _ => page,
    };

    private static bool IsWestern(Encoding encoding) => encoding.CodePage is 28591 or 1252 or 28605 or 20127;

    private static string? Utf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s{0,5}=\s{0,5}[""']?\s{0,5}([A-Za-z0-9_\-:.]{2,40})", RegexOptions.IgnoreCase)]
    private static partial Regex Meta();
}
