using System.Text;
using MimeKit;

namespace Passerelle.Mail.Bodies;

/// <summary>The text of a part in the charset that it really has: many programs declare one and write in another.</summary>
internal static class SpokenText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Of(TextPart part)
    {
        if (part.Content is not { } content) return "";
        using var stream = new MemoryStream();
        content.WriteDecodedTo(stream);
        ReadOnlySpan<byte> bytes = stream.GetBuffer().AsSpan(0, (int)stream.Length);
        string charset = (part.ContentType.Charset ?? "").Trim().ToLowerInvariant();
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf])) return Encoding.UTF8.GetString(bytes[3..]);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) && charset is "" or "utf-16") return Encoding.Unicode.GetString(bytes[2..]);
        if (Ascii.IsValid(bytes) && !bytes.Contains((byte)0x1b)) return Encoding.ASCII.GetString(bytes);
        return Declared(charset, part.ContentType, bytes) ?? Guess(bytes);
    }

    /// <returns>Null when nothing is declared, the name is unknown, or the bytes are not of it.</returns>
    private static string? Declared(string charset, ContentType type, ReadOnlySpan<byte> bytes)
    {
        if (charset is "" or "us-ascii" or "ascii" or "unknown-8bit" or "x-unknown" or "binary" or "default" or "7bit" or "8bit") return null;
        if (type.CharsetEncoding is not { } named) return null;
        // A western charset fits any bytes: where they are UTF-8 to the letter, they are UTF-8.
        if (IsWestern(named) && Utf8(bytes) is { } text) return text;
        string decoded = named.GetString(bytes);
        return decoded.Contains('\ufffd') && charset.Contains("utf", StringComparison.Ordinal) ? null : decoded;
    }

    private static string Guess(ReadOnlySpan<byte> bytes) =>
        bytes.IndexOf("\u001b$"u8) >= 0 && Ascii.IsValid(bytes) ? Encoding.GetEncoding("iso-2022-jp").GetString(bytes)
        : Utf8(bytes) ?? Encoding.GetEncoding(1252).GetString(bytes);

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
}
