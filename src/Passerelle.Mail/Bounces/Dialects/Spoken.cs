using System.Text;

namespace Passerelle.Mail.Bounces.Dialects;

/// <summary>A text as it is spoken: lower case, one space for any white space and quote marks, so that folding does not hide words.</summary>
/// <param name="Where">For every character, where it stands in the text as written.</param>
internal sealed record Spoken(string Text, int[] Where)
{
    public static Spoken Of(string written)
    {
        var text = new StringBuilder(written.Length);
        var where = new List<int>(written.Length);
        bool blank = false;
        for (int i = 0; i < written.Length; i++)
        {
            char c = char.IsWhiteSpace(written[i]) || written[i] is '>' ? ' ' : char.ToLowerInvariant(written[i]);
            if (c is ' ' && blank) continue;
            blank = c is ' ';
            text.Append(c);
            where.Add(i);
        }
        return new(text.ToString(), [.. where]);
    }

    /// <returns>Where in the text as written the words begin; null when they are not said.</returns>
    public int? Opening(string words) => Find(Text, words) is var at and >= 0 ? (at < Where.Length ? Where[at] : 0) : null;

    /// <param name="words">Lower case; "*" for anything between.</param>
    public static bool Says(string text, string words) => Find(text, words) >= 0;

    private static int Find(string text, string words)
    {
        int first = -1, from = 0;
        foreach (string part in words.Split('*'))
        {
            int at = text.IndexOf(part, from, StringComparison.Ordinal);
            if (at < 0) return -1;
            if (first < 0) first = at;
            from = at + part.Length;
        }
        return first;
    }
}
