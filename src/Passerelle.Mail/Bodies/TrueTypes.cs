using System.Text;

namespace Passerelle.Mail.Bodies;

/// <summary>Knows a file by its first bytes, whatever it is called.</summary>
internal static class TrueTypes
{
    /// <summary>Bytes that <see cref="Of"/> wants to see.</summary>
    public const int Needed = 512;

    private static readonly (byte[] Signature, int At, string Type)[] Signatures =
    [
        ("%PDF-"u8.ToArray(), 0, "application/pdf"),
        ([0x89, .. "PNG\r\n"u8], 0, "image/png"),
        ([0xff, 0xd8, 0xff], 0, "image/jpeg"),
        ("GIF8"u8.ToArray(), 0, "image/gif"),
        ("WEBP"u8.ToArray(), 8, "image/webp"),
        ("BM"u8.ToArray(), 0, "image/bmp"),
        ("II*\0"u8.ToArray(), 0, "image/tiff"),
        ("MM\0*"u8.ToArray(), 0, "image/tiff"),
        ("ftyp"u8.ToArray(), 4, "video/mp4"),
        ("ID3"u8.ToArray(), 0, "audio/mpeg"),
        ("OggS"u8.ToArray(), 0, "application/ogg"),
        ("MZ"u8.ToArray(), 0, "application/vnd.microsoft.portable-executable"),
        ([0x7f, .. "ELF"u8], 0, "application/x-elf"),
        ([0xca, 0xfe, 0xba, 0xbe], 0, "application/java-vm"),
        ([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], 0, "application/x-ole-storage"),
        ("PK\u0003\u0004"u8.ToArray(), 0, "application/zip"),
        ([0x1f, 0x8b], 0, "application/gzip"),
        ("Rar!"u8.ToArray(), 0, "application/vnd.rar"),
        ([.. "7z"u8, 0xbc, 0xaf], 0, "application/x-7z-compressed"),
        ([0x4c, 0, 0, 0, 1, 0x14, 2, 0], 0, "application/x-ms-shortcut"),
        ("ITSF"u8.ToArray(), 0, "application/vnd.ms-htmlhelp"),
        ("{\\rtf"u8.ToArray(), 0, "text/rtf"),
        ("#!"u8.ToArray(), 0, "text/x-shellscript"),
        ("ustar"u8.ToArray(), 257, "application/x-tar"),
    ];

    /// <returns>Null when the beginning tells nothing: plain text, mostly.</returns>
    public static string? Of(ReadOnlySpan<byte> start)
    {
        foreach (var (signature, at, type) in Signatures)
        {
            if (start.Length >= at + signature.Length && start.Slice(at, signature.Length).SequenceEqual(signature)) return type is "application/zip" ? Packed(start) : type;
        }
        return Markup(start);
    }

    /// <summary>Office and Java pack in zip; the first file's name tells which.</summary>
    private static string Packed(ReadOnlySpan<byte> start)
    {
        string text = Encoding.Latin1.GetString(start);
        return text.Contains("META-INF/", StringComparison.Ordinal) ? "application/java-archive"
            : text.Contains("[Content_Types].xml", StringComparison.Ordinal) || text.Contains("word/", StringComparison.Ordinal) || text.Contains("xl/", StringComparison.Ordinal)
                ? "application/vnd.openxmlformats-officedocument"
                : text.Contains("mimetypeapplication/vnd.oasis", StringComparison.Ordinal) ? "application/vnd.oasis.opendocument" : "application/zip";
    }

    private static string? Markup(ReadOnlySpan<byte> start)
    {
        string text = Encoding.Latin1.GetString(start).TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\t', '\r', '\n').ToLowerInvariant();
        return text.StartsWith("<!doctype html", StringComparison.Ordinal) || text.StartsWith("<html", StringComparison.Ordinal) || text.StartsWith("<script", StringComparison.Ordinal) ? "text/html"
            : text.StartsWith("<svg", StringComparison.Ordinal) || (text.StartsWith("<?xml", StringComparison.Ordinal) && text.Contains("<svg", StringComparison.Ordinal)) ? "image/svg+xml"
            : text.StartsWith("<?xml", StringComparison.Ordinal) ? "application/xml"
            : null;
    }
}
