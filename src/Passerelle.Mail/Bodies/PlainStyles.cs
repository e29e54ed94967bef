using System.Buffers;
using System.Text;

namespace Passerelle.Mail.Bodies;

/// <summary>The declarations of a style attribute that can only change how text looks. A scanner of our own: a CSS parser takes
/// twenty times as long as all other reading, and a list of what may stand there needs no understanding of CSS. What is not on the
/// list is left out; so is every value with a character that could escape, comment, load or call.</summary>
internal static class PlainStyles
{
    private const int MostCharacters = 4_000;
    private const int LongestValue = 200;

    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 \t\r\n#.,%()'\"!-_/");

    private static readonly SearchValues<char> BeforeName = SearchValues.Create(" \t\r\n,()");

    /// <summary>The functions that a colour needs; every other call is refused.</summary>
    private static readonly string[] Functions = ["rgb", "rgba", "hsl", "hsla"];

    /// <param name="properties">Lower case.</param>
    /// <returns>"" when nothing may stay.</returns>
    public static string Of(string style, IReadOnlySet<string> properties)
    {
        if (style.Length > MostCharacters) return "";
        var kept = new StringBuilder(style.Length);
        foreach (Range range in style.AsSpan().Split(';'))
        {
            ReadOnlySpan<char> declaration = style.AsSpan(range);
            int colon = declaration.IndexOf(':');
            if (colon < 1) continue;
            string property = declaration[..colon].Trim().ToString().ToLowerInvariant();
            ReadOnlySpan<char> value = declaration[(colon + 1)..].Trim();
            if (property is "background" && !value.Contains(' ')) property = "background-color"; // what most mails mean by it
            if (!properties.Contains(property) || !IsPlain(value)) continue;
            if (kept.Length > 0) kept.Append("; ");
            kept.Append(property).Append(": ").Append(value);
        }
        return kept.ToString();
    }

    private static bool IsPlain(ReadOnlySpan<char> value)
    {
        if (value.Length is 0 or > LongestValue || value.ContainsAnyExcept(Plain)) return false;
        if (value.Count('"') % 2 != 0 || value.Count('\'') % 2 != 0 || value.Count('(') != value.Count(')')) return false;
        return !PullsOut(value) && CallsColoursOnly(value);
    }

    /// <summary>A negative length moves content out of its box.</summary>
    private static bool PullsOut(ReadOnlySpan<char> value)
    {
        for (int i = 0; i + 1 < value.Length; i++)
        {
            if (value[i] is '-' && (char.IsAsciiDigit(value[i + 1]) || value[i + 1] is '.') && (i == 0 || value[i - 1] is ' ' or '\t' or '\r' or '\n' or ',' or '(')) return true;
        }
        return false;
    }

    private static bool CallsColoursOnly(ReadOnlySpan<char> value)
    {
        for (int open = value.IndexOf('('); open >= 0;)
        {
            ReadOnlySpan<char> name = value[..open];
            name = name[(name.LastIndexOfAny(BeforeName) + 1)..];
            bool known = false;
            foreach (string function in Functions) known |= name.Equals(function, StringComparison.OrdinalIgnoreCase);
            if (!known) return false;
            int step = value[(open + 1)..].IndexOf('(');
            open = step < 0 ? -1 : open + 1 + step;
        }
        return true;
    }
}
