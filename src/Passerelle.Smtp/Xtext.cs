using System.Buffers;
using System.Globalization;
using System.Text;

namespace Passerelle.Smtp;

/// <summary>xtext (RFC 3461 §4): printable ASCII in which <c>+</c>, <c>=</c> and space are written <c>+2B</c>.</summary>
public static class Xtext
{
    private static readonly SearchValues<char> UpperHex = SearchValues.Create("0123456789ABCDEF");

    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet is > 32 and < 127 and not (byte)'+' and not (byte)'=') encoded.Append((char)octet);
            else encoded.Append(CultureInfo.InvariantCulture, $"+{octet:X2}");
        }
        return encoded.ToString();
    }

    /// <returns>Null when it is no xtext, or hides a character that cannot be printed: a line break in a report would forge
    /// a field of it.</returns>
    internal static string? Decode(ReadOnlySpan<char> text)
    {
        var decoded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is <= ' ' or '=' or > '~') return null;
            if (text[i] != '+')
            {
                decoded.Append(text[i]);
                continue;
            }
            if (i + 2 >= text.Length || text.Slice(i + 1, 2).ContainsAnyExcept(UpperHex)) return null;
            var c = (char)byte.Parse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (c is < ' ' or > '~') return null;
            decoded.Append(c);
            i += 2;
        }
        return decoded.ToString();
    }
}
