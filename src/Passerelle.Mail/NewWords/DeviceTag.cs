using System.Text.RegularExpressions;

namespace Passerelle.Mail.NewWords;

/// <summary>"Sent from my iPhone", "Envoyé depuis …", "…から送信": what a program adds to advertise itself. "Sent from my desk"
/// is somebody's sentence: a device, a model or a mail program must be named.</summary>
internal static partial class DeviceTag
{
    private const int MostWords = 12;

    public static bool Is(in Line line)
    {
        if (line.Folded.Length is 0 or > 200) return false; // links are long, words are not
        string text = (line.Folded.Contains("http", StringComparison.Ordinal) ? Links().Replace(line.Folded, " ") : line.Folded).Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal)
            .Trim(' ', '<', '>', '(', ')', '*', '_', '-', '.', '!', '"', '|', '\u2014');
        if (text.Length == 0) return false;
        int end = Clause().Match(text) is { Success: true } cut ? cut.Index : text.Length;
        string clause = text[..end], rest = text[end..].Trim(' ', ',', '.', ';');
        if (rest.Length > 0 && !Wording.All.Apologies.Any(word => rest.Contains(word, StringComparison.Ordinal))) return false;
        if (Marks.Words(text) > MostWords) return false;
        if (Wording.All.SentFrom.FirstOrDefault(phrase => StartsWith(clause, phrase)) is { } start)
            return NamesDevice(clause[start.Length..], bySent: true) || (NamesDevice(start, bySent: false) && Marks.Words(clause) <= 6);
        return Wording.All.SentEnd.Any(phrase => clause.EndsWith(phrase, StringComparison.Ordinal)) && NamesDevice(clause, bySent: false);
    }

    private static bool StartsWith(string clause, string phrase) =>
        clause.StartsWith(phrase, StringComparison.Ordinal)
        && (clause.Length == phrase.Length || phrase[0] > '\u2e80' || !char.IsLetter(phrase[^1]) || !char.IsLetter(clause[phrase.Length]));

    /// <param name="bySent">After "sent from my …" an unknown word that mixes letters and digits is a model.</param>
    private static bool NamesDevice(string words, bool bySent)
    {
        string[] each = words.Split([' ', '-', '\'', '/', '(', ')', ',', '\u2011'], StringSplitOptions.RemoveEmptyEntries);
        if (bySent && each.Length > 7) return false;
        return each.Any(word => IsDevice(word) || (bySent && char.IsLetter(word[0]) && word.Any(char.IsAsciiDigit)) || (bySent && Model().IsMatch(word)))
            || (bySent && Hyphenated().IsMatch(words));
    }

    private static bool IsDevice(string word) =>
        Wording.All.Devices.Contains(word)
        || Wording.All.Devices.Any(device => device.Length >= 4 && (word.StartsWith(device, StringComparison.Ordinal)
            || (word.Any(c => c > '\u2e80') && word.Contains(device, StringComparison.Ordinal))))
        || (word.Any(c => c > '\u2e80') && Wording.All.Devices.Any(device => device[0] > '\u2e80' && word.Contains(device, StringComparison.Ordinal)));

    [GeneratedRegex(@"<?\(?https?://[^\s<>()]*[)>]?", RegexOptions.NonBacktracking)]
    private static partial Regex Links();

    [GeneratedRegex(@"[,.;] ", RegexOptions.NonBacktracking)]
    private static partial Regex Clause();

    [GeneratedRegex(@"^\d+[a-z]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Model();

    [GeneratedRegex(@"\b[a-z]{2,}-\d", RegexOptions.NonBacktracking)]
    private static partial Regex Hyphenated();
}
