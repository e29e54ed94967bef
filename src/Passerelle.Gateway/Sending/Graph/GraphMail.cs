using System.Text;
using MimeKit;

namespace Passerelle.Gateway.Sending.Graph;

/// <summary>
/// A mail as Graph wants it: it has no envelope, so the header names everybody who shall get it, and Exchange takes the Bcc out again
/// (facts/microsoft365.md §4.3). A body is the base64 of the whole mail.
/// </summary>
internal static class GraphMail
{
    /// <returns>Null: the header names somebody who must not get it, or has it already; without an envelope nobody can be left out.</returns>
    public static ReadOnlyMemory<byte>? Addressed(ReadOnlyMemory<byte> raw, IReadOnlyList<string> recipients)
    {
        var named = Named(raw);
        var wanted = recipients.Select(Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!named.IsSubsetOf(wanted)) return null;
        var hidden = recipients.Where(address => !named.Contains(Key(address))).ToList();
        if (hidden.Count == 0) return raw;
        byte[] bcc = [.. Encoding.UTF8.GetBytes($"Bcc: {string.Join(",\r\n ", hidden)}\r\n")];
        return (byte[])[.. bcc, .. raw.Span];
    }

    public static byte[] Base64(ReadOnlySpan<byte> mail)
    {
        var text = new byte[System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(mail.Length)];
        System.Buffers.Text.Base64.EncodeToUtf8(mail, text, out _, out var written);
        return text[..written];
    }

    /// <summary>Takes files out of the mail, the largest first, until what is left fits.</summary>
    /// <param name="most">Bytes of a request's body.</param>
    /// <returns>Null: what cannot be taken out is larger than that.</returns>
    public static (byte[] Left, IReadOnlyList<GraphFile> Files)? WithoutFiles(ReadOnlyMemory<byte> mail, int most)
    {
        using var mime = MimeMessage.Load(new MemoryStream(mail.ToArray()));
        var files = new List<GraphFile>();
        foreach (var (part, parent) in FilesOf(mime).OrderByDescending(one => one.Part.Content?.Stream?.Length ?? 0))
        {
            parent.Remove(part);
            files.Add(GraphFile.Of(part));
            var rest = Written(mime);
            if (System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(rest.Length) <= most) return (rest, files);
        }
        return null;
    }

    private static List<(MimePart Part, Multipart Parent)> FilesOf(MimeMessage mime)
    {
        var files = new List<(MimePart, Multipart)>();
        using var parts = new MimeIterator(mime);
        while (parts.MoveNext())
        {
            if (parts is { Current: MimePart { Content: not null } part, Parent: Multipart parent } && (part.IsAttachment || part is { ContentId.Length: > 0 } and not TextPart))
                files.Add((part, parent));
        }
        return files;
    }

    private static byte[] Written(MimeMessage mime)
    {
        using var bytes = new MemoryStream();
        mime.WriteTo(new FormatOptions { NewLineFormat = NewLineFormat.Dos }, bytes);
        return bytes.ToArray();
    }

    private static HashSet<string> Named(ReadOnlyMemory<byte> raw)
    {
        var end = raw.Span.IndexOf("\r\n\r\n"u8);
        using var header = new MemoryStream((end < 0 ? raw : raw[..(end + 4)]).ToArray());
        return HeaderList.Load(header)
            .Where(field => field.Id is HeaderId.To or HeaderId.Cc or HeaderId.Bcc)
            .SelectMany(field => InternetAddressList.TryParse(field.RawValue, out var list) ? list.Mailboxes : [])
            .Select(mailbox => Key(mailbox.Address))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>A domain may be written in its own letters or in ASCII.</summary>
    private static string Key(string address) => MailboxAddress.EncodeAddrspec(address);
}

/// <summary>A file that goes into a draft by itself.</summary>
/// <param name="ContentId">Of a picture that the text shows; null of an attachment.</param>
internal sealed record GraphFile(string Name, string Type, byte[] Bytes, string? ContentId)
{
    public static GraphFile Of(MimePart part)
    {
        using var bytes = new MemoryStream();
        part.Content?.DecodeTo(bytes);
        return new(
            part.FileName is { Length: > 0 } name ? name : part.ContentId ?? "file", part.ContentType.MimeType, bytes.ToArray(), part.IsAttachment ? null : part.ContentId);
    }
}
