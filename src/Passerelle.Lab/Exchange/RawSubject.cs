using System.Text;
using MimeKit;
using MimeKit.Utils;

namespace Passerelle.Lab.Exchange;

/// <summary>Changes the Subject of a mail and no other byte of it. A signature that bound the Subject fails afterwards, as it
/// does in life.</summary>
internal static class RawSubject
{
    public static byte[] Prepend(byte[] raw, string prefix)
    {
        var end = raw.AsSpan().IndexOf("\r\n\r\n"u8);
        var top = Encoding.Latin1.GetString(raw, 0, end < 0 ? raw.Length : end + 2); // byte for byte
        var encoded = Encoding.ASCII.GetString(Rfc2047.EncodeText(FormatOptions.Default, Encoding.UTF8, prefix));
        var start = top.StartsWith("Subject:", StringComparison.OrdinalIgnoreCase) ? 0
            : top.IndexOf("\r\nSubject:", StringComparison.OrdinalIgnoreCase) is >= 0 and var found ? found + 2 : -1;
        var changed = start < 0 ? $"Subject: {encoded}\r\n{top}" : top.Insert(start + "Subject:".Length, $" {encoded}");
        return [.. Encoding.Latin1.GetBytes(changed), .. end < 0 ? [] : raw[(end + 2)..]];
    }
}
