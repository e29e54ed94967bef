namespace Passerelle.Gateway.Messages.Search;

/// <summary>Where a term has to stand.</summary>
internal enum SearchPlace
{
    Anywhere,

    /// <summary>Name or address of who wrote.</summary>
    Sender,
    Subject,

    /// <summary>Message-ID.</summary>
    Id,
}

/// <param name="Phrases">Each has to be found, its words one after the other.</param>
/// <param name="IsPrefix">The last word of the last phrase is only how a word begins.</param>
/// <param name="IsExcluded">It must not be there.</param>
internal sealed record SearchTerm(SearchPlace Place, IReadOnlyList<IReadOnlyList<string>> Phrases, bool IsPrefix, bool IsExcluded);

/// <summary>
/// What somebody typed: words that must all be there, <c>"in this order"</c>, <c>-without</c>, <c>begin*</c>, and <c>from:</c>,
/// <c>subject:</c>, <c>id:</c> before one of those. Nothing that can be typed is an error: what is no letter and no digit only parts words.
/// </summary>
internal sealed record SearchQuery(IReadOnlyList<SearchTerm> Terms)
{
    public const int LongestText = 500;
    private const int MostTerms = 20;
    private const int ShortestPrefix = 3;

    /// <summary>Something was typed, and there is no word in it.</summary>
    public bool IsOnlySigns { get; private init; }

    public static SearchQuery Of(string? text)
    {
        var typed = text is { Length: > LongestText } ? text[..LongestText] : text ?? "";
        List<SearchTerm> terms = [.. Pieces(typed).Select(TermOf).OfType<SearchTerm>().Take(MostTerms)];
        return new SearchQuery(terms) { IsOnlySigns = terms.Count == 0 && !string.IsNullOrWhiteSpace(typed) };
    }

    /// <summary>Parted at blanks that stand in no quotation marks; a mark that nothing closes ends with the text.</summary>
    private static IEnumerable<string> Pieces(string text)
    {
        var (start, quoted) = (0, false);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && IsQuote(text[i])) quoted = !quoted;
            if (i < text.Length && (quoted || !char.IsWhiteSpace(text[i]))) continue;
            if (i > start) yield return text[start..i];
            start = i + 1;
        }
    }

    private static bool IsQuote(char sign) => sign is '"' or '“' or '”' or '„' or '«' or '»';

    private static SearchTerm? TermOf(string piece)
    {
        var isExcluded = piece[0] is '-' or '−' && piece.Length > 1;
        var (place, words) = PlaceOf(isExcluded ? piece[1..] : piece);
        var phrases = PhrasesOf(words);
        if (phrases.Count == 0) return null;
        var isPrefix = words.EndsWith('*') && phrases[^1][^1].Length >= ShortestPrefix;
        return new SearchTerm(place, phrases, isPrefix, isExcluded);
    }

    private static (SearchPlace Place, string Words) PlaceOf(string piece)
    {
        var colon = piece.IndexOf(':', StringComparison.Ordinal);
        var place = colon <= 0 ? SearchPlace.Anywhere : piece[..colon].ToLowerInvariant() switch
        {
            "from" or "de" => SearchPlace.Sender,
            "subject" or "objet" => SearchPlace.Subject,
            "id" or "message-id" => SearchPlace.Id,
            _ => SearchPlace.Anywhere,
        };
        return place is SearchPlace.Anywhere ? (place, piece) : (place, piece[(colon + 1)..]);
    }

    /// <summary>Words with blanks are one phrase; each run without blanks is a phrase of its own.</summary>
    private static List<IReadOnlyList<string>> PhrasesOf(string words)
    {
        var phrases = new List<IReadOnlyList<string>>();
        var open = new List<string>();
        foreach (var run in SearchWords.Of(words))
        {
            if (!run.IsDense)
            {
                open.AddRange(run.Words);
                continue;
            }
            if (open.Count > 0) phrases.Add([.. open]);
            open.Clear();
            phrases.Add(run.Asked);
        }
        if (open.Count > 0) phrases.Add(open);
        return phrases;
    }
}
