using System.Globalization;
using System.Text;

namespace Passerelle.Smtp;

/// <summary>An address of type <c>utf-8</c> in ORCPT (RFC 6533 §3): what is not printable ASCII stands as it is (utf-8-addr-unitext, in a mail with
/// SMTPUTF8) or as <c>\x{E9}</c> (utf-8-addr-xtext), and so do <c>+</c>, <c>=</c> and the backslash.</summary>
internal static class Utf8Xtext
{
    private const int MostDigits = 6;

    /// <returns>Null when it is none, or hides a character that cannot be printed.</returns>
    public static string? Decode(ReadOnlySpan<char> text)
    {
        var decoded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is <= ' ' or '+' or '=' or '\x7f') return null;
            if (text[i] != '\\')
            {
                decoded.Append(text[i]);
                continue;
            }
            var length = text[i..].IndexOf('}');
            if (length < 0 || Rune(text.Slice(i, length)) is not { } rune) return null;
            decoded.Append(rune.ToString());
            i += length;
        }
        return decoded.ToString();
    }

    /// <param name="escape">Such as <c>\x{E9</c>.</param>
    private static Rune? Rune(ReadOnlySpan<char> escape) =>
        escape.StartsWith(@"\x{") && escape.Length - 3 is > 1 and <= MostDigits
        && int.TryParse(escape[3..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
        && System.Text.Rune.TryCreate(value, out var rune) && !System.Text.Rune.IsControl(rune) ? rune : null;
}
