using System.Text.RegularExpressions;

namespace Passerelle.Flows.Liquid;

/// <summary>Judges a text before Fluid parses it: its parser and its tree walk recurse, so nesting without end would end the process.</summary>
internal static partial class LiquidShape
{
    private const int LongestTag = 2_000;
    private const int DeepestBlock = 30;
    private const int DeepestBracket = 10;

    /// <returns>A sentence; null when the text may be parsed.</returns>
    public static string? Fault(string source) => TagFault(source) ?? BlockFault(source);

    private static string? TagFault(string source)
    {
        int start = -1, brackets = 0;
        for (int i = 0; i + 1 < source.Length; i++)
        {
            if (start < 0)
            {
                if (source[i] is not '{' || source[i + 1] is not ('{' or '%')) continue;
                start = i++;
                brackets = 0;
            }
            else if (source[i + 1] is '}' && source[i] is '}' or '%') start = -1;
            else if (i - start > LongestTag) return $"A tag is longer than {LongestTag} characters: split it";
            else if (source[i] is '[' or '(' && ++brackets > DeepestBracket) return $"A tag has more than {DeepestBracket} brackets: split it";
        }
        return null;
    }

    private static string? BlockFault(string source)
    {
        int depth = 0;
        foreach (ValueMatch tag in Tag().EnumerateMatches(source))
        {
            ReadOnlySpan<char> name = source.AsSpan(tag.Index + 2, tag.Length - 2).Trim("- \t\r\n");
            depth += name.StartsWith("end") ? -1 : Opens(name) ? 1 : 0;
            if (depth > DeepestBlock) return $"Blocks lie at most {DeepestBlock} deep: write it more simply";
            depth = Math.Max(0, depth);
        }
        return null;
    }

    private static bool Opens(ReadOnlySpan<char> name) =>
        name is "if" or "unless" or "for" or "case" or "capture" or "tablerow" or "macro" or "comment" or "raw" or "ifchanged" or "block";

    [GeneratedRegex(@"\{%-?\s*[a-z]+", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();
}
