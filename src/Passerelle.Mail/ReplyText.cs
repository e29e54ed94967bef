using System.Text.RegularExpressions;

namespace Passerelle.Mail;

/// <summary>What the writer wrote now, without the quoted past and the signature. A modest form: where it is not sure it
/// keeps, because losing somebody's own words is worse than showing a quote.</summary>
public static partial class ReplyText
{
    public static string Of(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        int end = FirstOfThePast(lines);
        string reply = string.Join('\n', lines[..end]).Trim();
        return reply.Length > 0 ? reply : text.Trim(); // nothing but a quote: then the quote is the message
    }

    private static int FirstOfThePast(string[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] is "-- " or "--" || Divider().IsMatch(lines[i]) || IsIntroduction(lines, i) || IsHeaderBlock(lines, i)) return i;
            if (lines[i].StartsWith('>') && lines[i..].All(line => line.StartsWith('>') || string.IsNullOrWhiteSpace(line))) return i;
        }
        return lines.Length;
    }

    /// <summary>"On … wrote:", which mail programs wrap over up to three lines.</summary>
    private static bool IsIntroduction(string[] lines, int i)
    {
        if (!IntroductionStart().IsMatch(lines[i])) return false;
        for (int last = i; last < Math.Min(i + 3, lines.Length); last++)
        {
            if (IntroductionEnd().IsMatch(lines[last])) return true;
            if (string.IsNullOrWhiteSpace(lines[last])) return false;
        }
        return false;
    }

    /// <summary>Outlook's block: a From line, and a Sent, Date, To or Subject line right behind it.</summary>
    private static bool IsHeaderBlock(string[] lines, int i) =>
        BlockFrom().IsMatch(lines[i]) && lines[(i + 1)..Math.Min(i + 4, lines.Length)].Any(line => BlockNext().IsMatch(line));

    [GeneratedRegex(@"^\s*(-{2,}\s*(original message|message d.origine|ursprüngliche nachricht|forwarded message|mensaje original|messaggio originale)\s*-{2,}|_{20,})\s*$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Divider();

    [GeneratedRegex(@"^\s*(on|le|am|el|il|op|em|den)\s.*\d", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex IntroductionStart();

    [GeneratedRegex(@"(wrote|a écrit|schrieb.*|escribió|ha scritto|schreef.*|escreveu|skrev.*)\s*:\s*$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex IntroductionEnd();

    [GeneratedRegex(@"^\s*\*?(from|de|von|da|van|från|fra)\s*:\*?\s+\S", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex BlockFrom();

    [GeneratedRegex(@"^\s*\*?(sent|date|to|subject|envoyé|à|objet|gesendet|datum|an|betreff|enviado|fecha|para|asunto|inviato|data|oggetto)\s*:", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex BlockNext();
}
