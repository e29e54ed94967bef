using System.Buffers;

namespace Passerelle.Mail.NewWords;

/// <summary>Paragraphs that lawyers and mail gateways add.</summary>
internal static class Notices
{
    private const int MostCharacters = 6_000;

    /// <summary>Different phrases of one language in one paragraph: one or two are words that people use.</summary>
    private const int Enough = 3;

    private static readonly Phrases Confidential = new(Wording.All.Confidential);
    private static readonly SearchValues<string> Secrecy = SearchValues.Create([.. Wording.All.Confidences], StringComparison.Ordinal);
    private static readonly Phrases Outside = new(Wording.All.Outside);

    /// <summary>"Recipient", "sender", "in error" are what a person writes of a parcel: without a word of secrecy, law or paper they are his.</summary>
    public static bool IsDisclaimer(string folded) =>
        Letters(folded) > 60 && Confidential.MostIn(folded) >= Enough && folded.AsSpan().ContainsAny(Secrecy);

    /// <summary>A Chinese or Japanese sign says as much as three letters.</summary>
    private static int Letters(string folded) => folded.Length + 2 * folded.Count(c => c is > '\u2e80' and < '\uac00');

    /// <summary>"CAUTION: this message came from outside the organisation", put above the text by the receiving gateway.</summary>
    public static bool IsWarning(string folded) => folded.Length > 20 && Outside.MostIn(folded) >= Enough;

    /// <returns>The paragraph from <paramref name="from"/> to the line before <paramref name="to"/>, folded.</returns>
    public static string Paragraph(ReadOnlySpan<Line> lines, int from, int to)
    {
        var text = new System.Text.StringBuilder();
        for (int i = from; i < to && text.Length < MostCharacters; i++)
            text.Append(text.Length > 0 ? " " : "").Append(lines[i].Folded.Length > 0 ? lines[i].Folded : Folding.Of(lines[i].Text));
        return text.ToString();
    }

    /// <summary>Looks for all phrases of all languages in one pass.</summary>
    private sealed class Phrases(IReadOnlyList<IReadOnlyList<string>> languages)
    {
        private readonly SearchValues<string> _any = SearchValues.Create([.. languages.SelectMany(row => row)], StringComparison.Ordinal);

        /// <returns>How many different phrases of one language are there.</returns>
        public int MostIn(ReadOnlySpan<char> folded)
        {
            var found = new HashSet<string>(StringComparer.Ordinal);
            for (int at = folded.IndexOfAny(_any); at >= 0;)
            {
                foreach (string phrase in languages.SelectMany(row => row))
                {
                    if (folded[at..].StartsWith(phrase, StringComparison.Ordinal)) found.Add(phrase);
                }
                int step = folded[(at + 1)..].IndexOfAny(_any);
                at = step < 0 ? -1 : at + 1 + step;
            }
            return found.Count == 0 ? 0 : languages.Max(row => row.Count(found.Contains));
        }
    }
}
