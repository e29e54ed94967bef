using System.Globalization;
using System.Text;

namespace Passerelle.Gateway.Messages.Search;

/// <summary>
/// Cuts text into the words of the index, the same for what is stored and for what is asked, on both stores: letters, digits and their
/// marks; lower case; without accents; compatibility forms made plain (NFKD). Scripts that are written without blanks (Chinese, Japanese,
/// Korean, Thai, Lao, Khmer, Burmese) become each sign by itself and then each pair of neighbours, so that a word within a run is found
/// as the pairs that it consists of, and no dictionary decides where words end.
/// </summary>
internal static class SearchWords
{
    /// <summary>Characters; what is longer is found by its beginning.</summary>
    public const int LongestWord = 64;

    /// <summary>Characters of a text that are looked at.</summary>
    private const int LongestText = 200_000;

    /// <param name="most">Words; the rest of the text is not found.</param>
    public static string Joined(string text, int most) => string.Join(' ', Of(text).SelectMany(run => run.Words).Take(most));

    /// <summary>In the order of the text.</summary>
    public static IEnumerable<WordRun> Of(string text)
    {
        var plain = new StringBuilder();
        var dense = new List<string>();
        foreach (var rune in Folded(text).EnumerateRunes())
        {
            var (isWord, isDense) = (IsWord(rune), IsDense(rune));
            if (dense.Count > 0 && !(isWord && isDense)) yield return Taken(dense);
            if (plain.Length > 0 && (!isWord || isDense)) yield return Taken(plain);
            if (isDense && isWord) dense.Add(rune.ToString());
            else if (isWord && plain.Length < LongestWord) plain.Append(rune.ToString());
        }
        if (dense.Count > 0) yield return Taken(dense);
        if (plain.Length > 0) yield return Taken(plain);
    }

    private static WordRun Taken(StringBuilder plain)
    {
        var word = plain.ToString();
        plain.Clear();
        return new WordRun([word], IsDense: false);
    }

    private static WordRun Taken(List<string> signs)
    {
        List<string> words = [.. signs, .. signs.Zip(signs.Skip(1), (one, next) => one + next)];
        signs.Clear();
        return new WordRun(words, IsDense: true);
    }

    private static string Folded(string text)
    {
        var bounded = text.Length <= LongestText ? text : text[..LongestText];
        var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(bounded)).Replace('\ufffe', ' '); // normalising refuses half a pair and U+FFFE
        var plain = new StringBuilder(whole.Length);
        foreach (var sign in whole.Normalize(NormalizationForm.FormKD))
        {
            if (sign is < '\u0300' or > '\u036f') plain.Append(sign); // accents; the marks of other scripts make the word
        }
        return plain.ToString().ToLowerInvariant().Normalize(NormalizationForm.FormC);
    }

    private static bool IsWord(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static bool IsDense(Rune rune) => rune.Value is
        (>= 0x0e00 and <= 0x0eff) or (>= 0x1000 and <= 0x109f) or (>= 0x1100 and <= 0x11ff) or (>= 0x1780 and <= 0x17ff)
        or (>= 0x3005 and <= 0x3007) or (>= 0x3040 and <= 0x30ff) or (>= 0x31f0 and <= 0x31ff) or (>= 0x3400 and <= 0x4dbf)
        or (>= 0x4e00 and <= 0x9fff) or (>= 0xac00 and <= 0xd7af) or (>= 0xf900 and <= 0xfaff) or (>= 0x20000 and <= 0x3ffff);
}

/// <summary>Words that stand together.</summary>
/// <param name="Words">One word; of a dense run each sign and then each pair.</param>
/// <param name="IsDense">Written without blanks.</param>
internal sealed record WordRun(IReadOnlyList<string> Words, bool IsDense)
{
    /// <summary>What has to be found, one after the other, for the run to be found: its pairs, or its only sign.</summary>
    public IReadOnlyList<string> Asked => IsDense && Words.Count > 1 ? [.. Words.Skip((Words.Count + 1) / 2)] : Words;
}
