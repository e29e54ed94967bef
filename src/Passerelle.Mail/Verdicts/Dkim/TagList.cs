using System.Text.RegularExpressions;

namespace Passerelle.Mail.Verdicts.Dkim;

/// <summary>tag=value pairs (RFC 6376 §3.2), as in signatures and in key records.</summary>
internal sealed partial class TagList
{
    private readonly Dictionary<string, string> _tags = new(StringComparer.Ordinal);

    /// <summary>Names are case-sensitive; values without white space at either end.</summary>
    public string? this[string name] => _tags.GetValueOrDefault(name);

    /// <summary>The first tag's name; null in an empty list.</summary>
    public string? First { get; private init; }

    /// <summary>A value without any white space, as those that may be folded are read: b=, bh=, h=, p=.</summary>
    public string? Folded(string name) => this[name] is { } value ? WhiteSpace().Replace(value, "") : null;

    /// <returns>Null when it breaks the grammar, a tag given twice included.</returns>
    public static TagList? Parse(string text)
    {
        string[] pairs = text.Split(';');
        string? first = pairs[0].Split('=')[0].Trim();
        var list = new TagList { First = first.Length > 0 ? first : null };
        for (int i = 0; i < pairs.Length; i++)
        {
            if (pairs[i].Trim().Length == 0 && i == pairs.Length - 1) break; // one semicolon may end it
            if (Pair().Match(pairs[i]) is not { Success: true } pair) return null;
            if (!list._tags.TryAdd(pair.Groups["name"].Value, pair.Groups["value"].Value.Trim())) return null;
        }
        return list;
    }

    [GeneratedRegex(@"^\s*(?<name>[A-Za-z][A-Za-z0-9_]*)\s*=(?<value>.*)$", RegexOptions.Singleline)]
    private static partial Regex Pair();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
