using System.Buffers;
using Passerelle.Mail.NewWords;

namespace Passerelle.Mail.Kinds;

/// <summary>Phrases of many languages, looked for in folded text in one pass.</summary>
/// <param name="table">"language | phrase | phrase …" a line.</param>
internal sealed class Vocabulary(string table)
{
    private readonly Dictionary<string, string[]> _languages = table.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(row => row.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .ToDictionary(row => row[0], row => row[1..].Select(Folding.Of).Distinct(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);

    private SearchValues<string>? _any;

    public IEnumerable<string> All => _languages.Values.SelectMany(phrases => phrases);

    /// <returns>The first phrase that stands there as words of its own; null when none does.</returns>
    public string? FirstIn(ReadOnlySpan<char> folded)
    {
        _any ??= SearchValues.Create([.. All], StringComparison.Ordinal);
        for (int at = folded.IndexOfAny(_any); at >= 0;)
        {
            foreach (string phrase in All)
            {
                if (folded[at..].StartsWith(phrase, StringComparison.Ordinal) && BeginsWord(folded, at)) return phrase;
            }
            int step = folded[(at + 1)..].IndexOfAny(_any);
            at = step < 0 ? -1 : at + 1 + step;
        }
        return null;
    }

    public IEnumerable<string> LanguagesOf(string phrase) => _languages.Where(language => language.Value.Contains(phrase)).Select(language => language.Key);

    /// <returns>How many different phrases of that language stand there; 0 of a language without any.</returns>
    public int CountIn(ReadOnlySpan<char> folded, string language)
    {
        int found = 0;
        foreach (string phrase in _languages.GetValueOrDefault(language) ?? []) found += Has(folded, phrase) ? 1 : 0;
        return found;
    }

    public bool Begins(ReadOnlySpan<char> folded)
    {
        foreach (string phrase in All)
        {
            if (folded.StartsWith(phrase, StringComparison.Ordinal)) return true;
        }
        return false;
    }

    public bool Is(ReadOnlySpan<char> folded)
    {
        foreach (string phrase in All)
        {
            if (folded.SequenceEqual(phrase)) return true;
        }
        return false;
    }

    private static bool Has(ReadOnlySpan<char> folded, string phrase)
    {
        for (int at = folded.IndexOf(phrase, StringComparison.Ordinal); at >= 0;)
        {
            if (BeginsWord(folded, at) && EndsWord(folded, at, phrase)) return true;
            int step = folded[(at + 1)..].IndexOf(phrase, StringComparison.Ordinal);
            at = step < 0 ? -1 : at + 1 + step;
        }
        return false;
    }

    /// <summary>Scripts without blanks between words have no such border; "-ig" wants none.</summary>
    private static bool BeginsWord(ReadOnlySpan<char> folded, int at) =>
        at == 0 || folded[at] > '\u2e80' || !char.IsLetter(folded[at]) || !char.IsLetter(folded[at - 1]);

    /// <summary>A short word must stand alone: "do" is in many.</summary>
    private static bool EndsWord(ReadOnlySpan<char> folded, int at, string phrase)
    {
        const int Short = 4;
        int end = at + phrase.Length;
        return phrase.Length > Short || end == folded.Length || folded[at] > '\u2e80' || !char.IsLetter(folded[end]);
    }
}
