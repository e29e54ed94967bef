using System.Buffers;

namespace Passerelle.Gateway.Sending;

/// <summary>A mail as DATA wants it: dots at the beginning of a line doubled, every line ended by CRLF, the final dot behind it (RFC 5321 §4.5.2).</summary>
/// <remarks>A line feed that stands alone becomes CRLF, and so does such a CR: two servers that differ about it would see two mails.</remarks>
internal sealed class DottedMail(ReadOnlyMemory<byte> mail)
{
    private const int LongestStep = 4; // "\r\n.." is the most that one octet becomes
    private static readonly SearchValues<byte> Ends = SearchValues.Create("\r\n"u8);
    private int _read;
    private bool _inLine;

    /// <summary>Longest buffer that a mail of this length can need, so that it goes in one piece.</summary>
    public static int Roughly(int length) => length + (length / 32) + 64;

    /// <summary>True when the final dot was written.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Writes as much as fits; the next call goes on there.</summary>
    /// <returns>Octets written.</returns>
    public int WriteTo(Span<byte> buffer)
    {
        var octets = mail.Span;
        var written = 0;
        while (_read < octets.Length && buffer.Length - written > LongestStep + 1)
        {
            if (!_inLine && octets[_read] == '.') buffer[written++] = (byte)'.';
            var rest = octets[_read..];
            var end = rest.IndexOfAny(Ends);
            var text = Math.Min(end < 0 ? rest.Length : end, buffer.Length - written - LongestStep);
            rest[..text].CopyTo(buffer[written..]);
            (_read, written, _inLine) = (_read + text, written + text, text > 0 || _inLine);
            if (text != end) continue;
            "\r\n"u8.CopyTo(buffer[written..]);
            written += 2;
            _read += rest[end..].StartsWith("\r\n"u8) ? 2 : 1;
            _inLine = false;
        }
        if (_read == octets.Length && buffer.Length - written >= 5)
        {
            var close = _inLine ? "\r\n.\r\n"u8 : ".\r\n"u8;
            close.CopyTo(buffer[written..]);
            written += close.Length;
            IsDone = true;
        }
        return written;
    }
}
