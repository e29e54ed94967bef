using System.Text;

namespace Passerelle.Mail.Threading;

/// <summary>A subject without what answering and forwarding put around it (RFC 5256 §2.1).</summary>
/// <param name="Text">As written; compared without regard to case.</param>
/// <param name="Depth">How many answers the prefixes tell of: "Re: Re[4]:" is 5. Forwarding counts as none.</param>
/// <param name="IsReplyOrForward">Something was taken away that only an answer or a forwarded mail has.</param>
public readonly record struct BaseSubject(string Text, int Depth, bool IsReplyOrForward)
{
    /// <summary>"Re", "AW", "Antwort" and others that mail programs write; RFC 5256 knows the English ones only.</summary>
    private static readonly string[] Replies =
    [
        "re", "aw", "antw", "antwort", "sv", "vs", "ref", "odp", "res", "rép", "rep", "r", "ynt", "bls", "atb", "на", "отв", "ответ",
        "回复", "回覆", "答复", "答覆", "返信", "회신",
    ];

    private static readonly string[] Forwards =
    [
        "fwd", "fw", "wg", "tr", "rv", "enc", "i", "inoltra", "doorst", "vb", "vl", "fs", "pd", "přep", "пересл", "转发", "轉寄", "転送", "전달",
    ];

    private static readonly string[] EnglishReplies = ["re"];
    private static readonly string[] EnglishForwards = ["fwd", "fw"];

    /// <summary>To the letter of RFC 5256: what an IMAP server answers.</summary>
    public static BaseSubject Of(string subject) => Strip(subject, EnglishReplies, EnglishForwards);

    /// <summary>With the prefixes of other languages: what a conversation is about.</summary>
    public static BaseSubject OfAnyLanguage(string subject) => Strip(subject, Replies, Forwards);

    /// <summary>Characters. Each prefix that goes costs a copy of what is left, so a subject made of nothing else must not be as long as a
    /// header may be; one of this length still says what it is about.</summary>
    private const int Longest = 4_000;

    /// <remarks>Steps as numbered there.</remarks>
    private static BaseSubject Strip(string subject, string[] replies, string[] forwards)
    {
        string text = OneSpace(subject.Length <= Longest ? subject : subject[..Longest]); // (1)
        int depth = 0;
        bool derived = false;
        while (true)
        {
            text = Trailer(text, ref derived); // (2)
            for (int before = -1; before != text.Length;) // (3) to (5)
            {
                before = text.Length;
                text = Leader(text, replies, forwards, ref depth, ref derived);
                if (Blob(text) is { Length: > 0 } rest) text = rest; // (4): only when something remains
            }
            if (!text.StartsWith("[fwd:", StringComparison.OrdinalIgnoreCase) || text[^1] is not ']') return new BaseSubject(text, depth, derived);
            text = text[5..^1].Trim(); // (6)
            derived = true;
        }
    }

    private static string OneSpace(string subject)
    {
        var text = new StringBuilder(subject.Length);
        foreach (char c in subject)
        {
            if (!char.IsWhiteSpace(c)) text.Append(c);
            else if (text.Length > 0 && text[^1] is not ' ') text.Append(' ');
        }
        return text.ToString().TrimEnd();
    }

    private static string Trailer(string text, ref bool derived)
    {
        while (text.EndsWith("(fwd)", StringComparison.OrdinalIgnoreCase))
        {
            text = text[..^5].TrimEnd();
            derived = true;
        }
        return text;
    }

    /// <summary>Any number of "[list]", then "re" or "fwd", white space, another "[…]", a colon.</summary>
    private static string Leader(string text, string[] replies, string[] forwards, ref int depth, ref bool derived)
    {
        string rest = text;
        while (Blob(rest) is { } behind) rest = behind;
        bool reply = Word(rest, replies) is not null;
        if ((Word(rest, replies) ?? Word(rest, forwards)) is not { } word) return text;
        rest = rest[word.Length..].TrimStart();
        int count = 1;
        if (Blob(rest) is { } tail)
        {
            if (int.TryParse(rest.AsSpan(1, rest.IndexOf(']') - 1), out int said) && said is > 0 and < 1_000) count = said;
            rest = tail;
        }
        if (rest is not [':' or '：', ..]) return text;
        depth += reply ? count : 0;
        derived = true;
        return rest[1..].TrimStart();
    }

    private static string? Word(string text, string[] words) =>
        words.Where(word => text.StartsWith(word, StringComparison.OrdinalIgnoreCase) && text.Length > word.Length
            && text[word.Length] is ':' or '：' or ' ' or '[').MaxBy(word => word.Length);

    /// <returns>What stands behind a leading "[…]"; null when there is none.</returns>
    private static string? Blob(string text)
    {
        if (text is not ['[', ..]) return null;
        int close = text.IndexOf(']');
        return close < 0 || text.AsSpan(1, close - 1).Contains('[') ? null : text[(close + 1)..].TrimStart();
    }
}
