namespace Passerelle.Mail.Threading;

/// <summary>Outlook's Thread-Index header (MS-OXOMSG §2.2.1.3): base64 of 22 bytes that name the conversation, and 5 for
/// every answer.</summary>
public static class ThreadIndexes
{
    private const int HeaderBytes = 22;
    private const int AnswerBytes = 5;

    /// <returns>The 22 bytes as lower-case hex digits; null when the value is not a Thread-Index.</returns>
    public static string? Root(string? header)
    {
        if (header is null || header.Length > 4_000) return null;
        var bytes = new byte[header.Length];
        return Convert.TryFromBase64String(header.Trim(), bytes, out int length) && length >= HeaderBytes && (length - HeaderBytes) % AnswerBytes == 0
            ? Convert.ToHexStringLower(bytes.AsSpan(0, HeaderBytes))
            : null;
    }
}
