using MimeKit;
using MimeKit.Utils;

namespace Passerelle.Lab.Exchange;

/// <summary>Reads Message-ID and its kin from the bytes of a mail.</summary>
internal static class MessageIds
{
    public static HeaderList Headers(ReadOnlyMemory<byte> raw) => HeaderList.Load(new MemoryStream(raw.ToArray(), writable: false));

    /// <returns>Without angle brackets; null when the mail has none.</returns>
    public static string? Of(ReadOnlyMemory<byte> raw) => First(Headers(raw)[HeaderId.MessageId]);

    /// <summary>Null too for the empty id of a broken program: <c>&lt;&gt;</c> names no mail.</summary>
    public static string? First(string? header) =>
        header is null ? null : MimeUtils.EnumerateReferences(header).FirstOrDefault(id => id.Length > 0);
}
