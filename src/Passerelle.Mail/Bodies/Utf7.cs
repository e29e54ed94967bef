using System.Buffers.Text;
using System.Text;

namespace Passerelle.Mail.Bodies;

/// <summary>UTF-7 (RFC 2152), which .NET no longer reads. What comes out is text like any other: it is cleaned after it, never before.</summary>
internal static class Utf7
{
    public static string Read(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        for (int i = 0; i < bytes.Length;)
        {
            if (bytes[i] is not (byte)'+')
            {
                text.Append((char)bytes[i++]);
                continue;
            }
            int end = ++i;
            while (end < bytes.Length && IsBase64(bytes[end])) end++;
            if (end == i) text.Append('+'); // "+-"
            else Append(text, bytes[i..end]);
            i = end < bytes.Length && bytes[end] is (byte)'-' ? end + 1 : end;
        }
        return text.ToString();
    }

    private static bool IsBase64(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'+' or (byte)'/';

    /// <summary>UTF-16, big-endian, without padding; bits that make no whole character are filling.</summary>
    private static void Append(StringBuilder text, ReadOnlySpan<byte> encoded)
    {
        Span<byte> padded = new byte[(encoded.Length + 3) / 4 * 4];
        padded.Fill((byte)'=');
        if (encoded.Length % 4 == 1) encoded = encoded[..^1];
        padded = padded[..((encoded.Length + 3) / 4 * 4)];
        encoded.CopyTo(padded);
        var decoded = new byte[padded.Length];
        Base64.DecodeFromUtf8(padded, decoded, out _, out int length);
        text.Append(Encoding.BigEndianUnicode.GetString(decoded, 0, length / 2 * 2));
    }
}
