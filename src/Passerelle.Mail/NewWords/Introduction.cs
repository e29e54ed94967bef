namespace Passerelle.Mail.NewWords;

/// <summary>The line over a quotation: "On 2 March 2026 at 10:00, Ann &lt;ann@…&gt; wrote:", in any language, with or without a
/// verb, broken over up to six lines. Judged by shape (date, time, address, colon) and words; a sentence of a person that
/// happens to begin with "On" has not enough of it.</summary>
internal static class Introduction
{
    private const int MostLines = 6;
    private const int MostCharacters = 400;

    /// <returns>How many lines it takes; 0 when there is none.</returns>
    public static int LinesAt(ReadOnlySpan<Line> lines, int start)
    {
        var text = new Joined("", false, false, false);
        for (int i = start; i < Math.Min(lines.Length, start + MostLines); i++)
        {
            if (lines[i].IsBlank)
            {
                if (!IsBrokenAddress(text, lines, i)) return 0;
                continue;
            }
            if (i > start && ((lines[i].IsCited && !IsOpen(text.Words)) || !MayGoOn(text))) return 0;
            text = text.And(lines[i]);
            if (lines[i].Folded.Length == 0 || text.Words.Length > MostCharacters) return 0;
            if (Introduces(text, lines, i + 1)) return BeginsLater(lines, start, i) ? 0 : i - start + 1;
        }
        return 0;
    }

    /// <summary>Lines that may together be one introduction, with what stands in any of them.</summary>
    private readonly record struct Joined(string Words, bool HasAddress, bool HasDate, bool HasTime)
    {
        public Joined And(in Line line)
        {
            if (Words.Length == 0) return new(line.Folded, line.HasAddress, line.HasDate, line.HasTime);
            string words = $"{Words} {line.Folded}";
            var (date, time) = Marks.When(words); // a date may be folded in its middle
            return new(words, HasAddress || line.HasAddress, HasDate || line.HasDate || date, HasTime || line.HasTime || time);
        }
    }

    /// <summary>"Il est là" above "Le 2 mars 2026, Ann a écrit :" is a sentence, though it begins as introductions do.</summary>
    private static bool BeginsLater(ReadOnlySpan<Line> lines, int start, int last)
    {
        for (int later = start + 1; later <= last; later++)
        {
            var text = new Joined("", false, false, false);
            for (int i = later; i <= last; i++) text = text.And(lines[i]);
            if (text.HasDate && Introduces(text, lines, last + 1)) return true;
        }
        return false;
    }

    /// <summary>A program broke the line before the ">" of "&lt;ann@…&gt;".</summary>
    private static bool IsOpen(string joined) => joined.Count(c => c is '<') > joined.Count(c => c is '>');

    /// <summary>Whether the first lines could be the beginning of one, so that the next is worth reading.</summary>
    private static bool MayGoOn(Joined text) =>
        text.Words is not [.., '?' or '!' or ':'] && (text.HasDate || text.Words is not [.., '.'] || (text.HasAddress && text.Words.Contains('<')))
        && (text.HasAddress || text.Words.AsSpan(0, Math.Min(14, text.Words.Length)).ContainsAnyInRange('0', '9') || text.Words.Contains('<') || Begins(text.Words));

    /// <summary>Some programs put blank lines around "&lt;mailto:…&gt;".</summary>
    private static bool IsBrokenAddress(Joined text, ReadOnlySpan<Line> lines, int blank) =>
        text.HasDate && Line.Next(lines, blank) is var next && next < lines.Length && lines[next].Folded is ['<', ..] or ['>', ..];

    private static bool Introduces(Joined joined, ReadOnlySpan<Line> lines, int next)
    {
        string text = joined.Words.TrimStart(' ', '*', '_', '-', '\u2013', '"', '>').TrimEnd(' ', '*', '_', '-', '\u2013');
        int inline = text.IndexOf(":>", StringComparison.Ordinal) is > 0 and var cited ? cited : text.IndexOf(":   ", StringComparison.Ordinal); // Yahoo on Android goes on in the same line
        if (inline > 0) text = text[..(inline + 1)];
        bool colon = text is [.., ':'];
        if (!colon && !joined.HasAddress && !joined.HasDate) return false;
        string body = text.TrimEnd(':', ' ', '*');
        if (VerbAtEnd(body) is { } verb) return ByVerbAtEnd(body, verb, colon, joined, IsCited(lines, next));
        if (IsQuoting(body, colon, joined, IsCited(lines, next))) return true;
        if (!joined.HasDate) return false;
        bool before = VerbBefore(body);
        if (colon && before && (joined.HasTime || joined.HasAddress)) return true;
        if (colon && joined.HasTime && (EndsInAddress(body) || (joined.HasAddress && LastWord(body).Contains('@') && IsCited(lines, next)))) return true; // Gmail in Russian or Japanese has no verb
        if (colon) return body is [>= '0' and <= '9', ..] && joined is { HasTime: true, HasAddress: true } && Marks.Words(body) <= 10 && IsPast(lines, next); // "2 Mar 2026, 10:00 by ann@…:"
        if (StartsWithDate(body) && EndsInAddress(body) && !IsOpen(joined.Words) && IsCited(lines, next)) return true;
        next = Line.Next(lines, next);
        return before && joined.HasTime && Begins(body) && next < lines.Length && CopiedHeaders.LinesAt(lines, next, announced: true) > 0;
    }

    /// <summary>">>> Ann Bell &lt;ann@…&gt; 3/2/2026 10:00 >>>" of GroupWise, over the past without any mark.</summary>
    public static bool IsBetweenArrows(in Line line) =>
        line.Folded.StartsWith(">>> ", StringComparison.Ordinal) && line.Folded.EndsWith(" >>>", StringComparison.Ordinal) && (line.HasDate || line.HasTime);

    /// <summary>"Quoting Ann Bell &lt;ann@…&gt;:" of IMP and other webmail, over lines with ">".</summary>
    private static bool IsQuoting(string body, bool colon, Joined joined, bool cited) =>
        colon && cited && joined.HasAddress && Wording.All.Quoting.Any(word => body.StartsWith(word, StringComparison.Ordinal) && body.Length > word.Length && body[word.Length] is ' ');

    private static bool IsCited(ReadOnlySpan<Line> lines, int next)
    {
        next = Line.Next(lines, next);
        return next < lines.Length && (lines[next].IsCited || lines[next].IsBarred);
    }

    private static bool IsPast(ReadOnlySpan<Line> lines, int next) =>
        IsCited(lines, next) || (Line.Next(lines, next) is var first && first < lines.Length && lines[first].Origin is LineOrigin.Enclosed);

    private static bool ByVerbAtEnd(string body, string verb, bool colon, Joined joined, bool cited)
    {
        string before = body[..^verb.Length].TrimEnd(' ', '\'');
        if (Wording.All.FirstPerson.Contains(LastWord(before))) return false;
        if (!colon) return joined.HasAddress && joined.HasDate;
        if (joined.HasAddress) return joined.HasDate || Begins(body) || IsNameAndAddress(before);
        if (joined.HasDate && (joined.HasTime || (cited && Begins(body)))) return true;
        return cited && Marks.Words(body) <= 12;
    }

    /// <summary>"Ann Bell &lt;ann@…&gt;" or a bare address; "our supplier ann@… wrote" is a sentence.</summary>
    private static bool IsNameAndAddress(string text) =>
        Marks.Words(text) <= 12 && (text is [.., '>'] or [.., ')'] or [.., ']'] || !text.Contains(' '));

    private static bool EndsInAddress(string body) =>
        body is [.., '>' or ')' or ']' or '"'] && Marks.HasAddress(body.AsSpan(Math.Max(0, body.Length - 150)));

    private static bool StartsWithDate(string body) => body is [>= '0' and <= '9', ..] || Begins(body);

    private static bool Begins(string text) => Wording.All.Beginnings.Any(word =>
        text.Length > word.Length && text.StartsWith(word, StringComparison.Ordinal)
        && (text[word.Length] is ' ' or ',' || char.IsAsciiDigit(text[word.Length]) || word[0] > '\u2e80'));

    private static string? VerbAtEnd(string body) => Wording.All.Wrote.FirstOrDefault(verb =>
        body.EndsWith(verb, StringComparison.Ordinal)
        && (body.Length == verb.Length || verb[0] > '\u2e80' || !char.IsLetter(body[^(verb.Length + 1)])));

    private static bool VerbBefore(string body) => Wording.All.WroteBefore.Any(verb =>
        Has(body, verb) && !Wording.All.FirstPerson.Contains(FirstWord(body[(body.IndexOf(verb, StringComparison.Ordinal) + verb.Length)..])));

    /// <summary>The words as words, not within another.</summary>
    private static bool Has(string body, string word)
    {
        for (int at = body.IndexOf(word, StringComparison.Ordinal); at >= 0; at = body.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            bool left = at == 0 || !char.IsLetter(body[at - 1]);
            bool right = at + word.Length == body.Length || !char.IsLetter(body[at + word.Length]);
            if (left && right) return true;
        }
        return false;
    }

    private static string LastWord(string text) => text[(text.LastIndexOfAny([' ', '\'']) + 1)..];

    private static string FirstWord(string text) => text.TrimStart().Split(' ', 2)[0];
}
