using System.IO.Compression;
using System.Text;
using MimeKit;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail.Feedback;

/// <summary>The text within an attachment that is packed, or not: its first bytes decide, not what it is called.</summary>
internal static class Unpacked
{
    /// <summary>Real reports of a day are below; a bomb ends here.</summary>
    private const int LongestPacked = 8 * 1024 * 1024, LongestText = 32 * 1024 * 1024;

    /// <returns>Null when it cannot be unpacked or is larger than the bound.</returns>
    public static string? Text(MailPart part)
    {
        if (part.Entity is not MimePart { Content: { } content }) return null;
        using var packed = new BoundedStream(LongestPacked);
        content.WriteDecodedTo(packed);
        packed.Position = 0;
        try
        {
            return packed.Overflowed ? null : Text(packed, depth: 0);
        }
        catch (Exception broken) when (broken is InvalidDataException or NotSupportedException or EndOfStreamException)
        {
            return null;
        }
    }

    /// <param name="depth">Some pack twice ("report.xml.gz" in a zip); nobody packs three times.</param>
    private static string? Text(MemoryStream packed, int depth)
    {
        ReadOnlySpan<byte> start = packed.GetBuffer().AsSpan(0, (int)Math.Min(4, packed.Length));
        if (start.StartsWith("\x1f\x8b"u8) || (start.Length > 1 && start[0] == 0x1f && start[1] == 0x8b)) return Within(new GZipStream(packed, CompressionMode.Decompress), depth);
        if (start.StartsWith("PK"u8)) return FirstFile(packed, depth);
        byte[] bytes = packed.ToArray();
        return bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) ? Encoding.Unicode.GetString(bytes) : Encoding.UTF8.GetString(bytes);
    }

    private static string? FirstFile(MemoryStream packed, int depth)
    {
        using var archive = new ZipArchive(packed, ZipArchiveMode.Read);
        ZipArchiveEntry? file = archive.Entries.Take(20).FirstOrDefault(entry => entry.Length > 0);
        return file is null ? null : Within(file.Open(), depth);
    }

    private static string? Within(Stream expanding, int depth)
    {
        using (expanding)
        {
            using var text = new BoundedStream(LongestText);
            expanding.CopyTo(new Stopping(text));
            text.Position = 0;
            return text.Overflowed || depth > 1 ? null : Text(text, depth + 1);
        }
    }

    /// <summary>Stops the copy once the bound is passed, rather than unpacking on into nothing.</summary>
    private sealed class Stopping(BoundedStream to) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            to.Write(buffer);
            if (to.Overflowed) throw new InvalidDataException("larger than a report may be");
        }
    }
}
