using System.Runtime.InteropServices;
using MimeKit;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail;

/// <summary>The one place where bytes become a MimeKit message.</summary>
internal static class RawMail
{
    public static Stream Open(ReadOnlyMemory<byte> raw) =>
        MemoryMarshal.TryGetArray(raw, out ArraySegment<byte> bytes)
            ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
            : new MemoryStream(raw.ToArray(), writable: false);

    /// <param name="raw">Must live as long as what comes of it.</param>
    /// <exception cref="BoundBrokenException">It does not keep to the bounds.</exception>
    /// <exception cref="FormatException">It does not begin with headers.</exception>
    public static MimeMessage Parse(Stream raw, ReadingBounds bounds)
    {
        LongHeaders mail = BoundsScan.Pass(raw, bounds);
        return new MimeParser(Options(bounds), mail, Rewind(mail), persistent: true).ParseMessage();
    }

    /// <summary>A part by itself.</summary>
    /// <inheritdoc cref="Parse"/>
    public static MimeEntity ParseEntity(Stream raw, ReadingBounds bounds)
    {
        LongHeaders part = BoundsScan.Pass(raw, bounds);
        part.Position = 0;
        return new MimeParser(Options(bounds), part, MimeFormat.Entity, persistent: true).ParseEntity();
    }

    /// <summary>As <see cref="Parse"/>, with what S/MIME packs put beside what packs it.</summary>
    public static MimeMessage ParseOpened(Stream raw, ReadingBounds bounds)
    {
        MimeMessage message = Parse(raw, bounds);
        LostBoundary.FindIn(message, bounds);
        OpaqueContent.OpenIn(message, bounds);
        return message;
    }

    public static ParserOptions Options(ReadingBounds bounds) => new() { MaxMimeDepth = bounds.MaxNesting, MaxAddressGroupDepth = 3 };

    /// <summary>Back to where the mail begins, and the format found there: a file out of an mbox still has its "From " line.</summary>
    public static MimeFormat Rewind(Stream raw)
    {
        ReadOnlySpan<byte> start = Peek(raw, stackalloc byte[1000]);
        raw.Position = Indent(start);
        // MimeKit never comes to the end of a mail that is such a line and nothing else, if it ends with CR alone.
        return start.StartsWith("From "u8) && start.Contains((byte)'\n') && !start[5..].TrimStart((byte)' ').StartsWith(":"u8) ? MimeFormat.Mbox : MimeFormat.Entity;
    }

    /// <summary>Blanks before the first header, which some programs leave there. An empty line is no blank: it ends the headers.</summary>
    private static int Indent(ReadOnlySpan<byte> start)
    {
        int at = start.IndexOfAnyExcept(" \t\r\n"u8);
        if (at <= 0 || start[0] is (byte)'\r' or (byte)'\n') return 0;
        int colon = start[at..].IndexOf((byte)':');
        return colon > 0 && start[at..][..colon].IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0 ? at : 0;
    }

    /// <summary>A file of an old Macintosh ends its lines with CR alone. SMTP lets none of those in; `inspect` meets them.</summary>
    /// <returns>A copy with LF, to be disposed; null for everything else.</returns>
    public static Stream? WithLineFeeds(Stream raw)
    {
        ReadOnlySpan<byte> start = Peek(raw, stackalloc byte[1000]);
        if (start.Contains((byte)'\n') || !start.Contains((byte)'\r')) return null;
        var copy = new MemoryStream();
        raw.CopyTo(copy);
        copy.GetBuffer().AsSpan(0, (int)copy.Length).Replace((byte)'\r', (byte)'\n');
        return copy;
    }

    private static ReadOnlySpan<byte> Peek(Stream raw, Span<byte> start)
    {
        raw.Position = 0;
        int read = raw.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        raw.Position = 0;
        return start[..read];
    }
}
