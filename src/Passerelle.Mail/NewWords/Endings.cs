namespace Passerelle.Mail.NewWords;

/// <summary>What stands below a person's words without being his: signature, footer of a list, legal notice. Works on each
/// run of own lines that the past has left.</summary>
internal static class Endings
{
    /// <summary>Lines of a signature whose delimiter has lost its space on the way (RFC 3676 §4.3 wants "-- ").</summary>
    private const int MostLines = 10;

    public static void Apply(Line[] lines, Mark[] marks)
    {
        MarkRules(lines, marks);
        for (int i = 0; i < lines.Length;)
        {
            int end = i;
            while (end < lines.Length && marks[end] is Mark.Own) end++;
            if (end > i) MarkRun(lines, marks, i, end);
            i = Math.Max(end, i + 1);
        }
    }

    private static void MarkRun(Line[] lines, Mark[] marks, int start, int end)
    {
        MarkDisclaimers(lines, marks, start, end);
        int own = end; // the lawyers' lines stand below the signature
        while (own > start && (marks[own - 1] is Mark.Disclaimer || lines[own - 1].IsBlank)) own--;
        if (SignatureIn(lines, start, own) is { } signature)
        {
            for (int i = signature; i < end; i++)
            {
                if (marks[i] is Mark.Own) marks[i] = Mark.Signature;
            }
        }
    }

    /// <summary>A drawn line right above the past belongs to it.</summary>
    private static void MarkRules(Line[] lines, Mark[] marks)
    {
        for (int i = 1; i < lines.Length; i++)
        {
            if (marks[i] is not (Mark.Past or Mark.Introduction) || marks[i - 1] is not Mark.Own) continue;
            int above = i - 1;
            while (above > 0 && lines[above].IsBlank) above--;
            if (lines[above].IsDrawn && marks[above] is Mark.Own) marks.AsSpan(above, i - above).Fill(Mark.Past);
        }
    }

    private static void MarkDisclaimers(Line[] lines, Mark[] marks, int start, int end)
    {
        for (int i = start; i < end;)
        {
            int stop = i;
            while (stop < end && !lines[stop].IsBlank) stop++;
            if (stop > i && Notices.IsDisclaimer(Notices.Paragraph(lines, i, stop))) marks.AsSpan(i, stop - i).Fill(Mark.Disclaimer);
            i = Math.Max(stop, i + 1);
        }
    }

    private static int? SignatureIn(ReadOnlySpan<Line> lines, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            if (lines[i].Text is "--" && IsDelimiter(lines, i, end)) return i;
            if (lines[i].Text is not "--" && lines[i].IsDrawn && (IsFooter(lines, i + 1, end) || IsClosed(lines, start, i))) return i;
        }
        return BelowTheName(lines, start, end);
    }

    /// <summary>"-- " is what RFC 3676 says; "--" is believed when what follows is short and asks nothing.</summary>
    private static bool IsDelimiter(ReadOnlySpan<Line> lines, int at, int end)
    {
        if (lines[at].EndsInSpace) return true;
        int said = 0;
        for (int i = at + 1; i < end; i++)
        {
            if (lines[i].Text is [.., '?']) return false;
            said += lines[i].IsBlank ? 0 : 1;
        }
        return said <= MostLines;
    }

    /// <summary>Short, and in good part addresses, links and numbers.</summary>
    private static bool IsFooter(ReadOnlySpan<Line> lines, int from, int end)
    {
        int said = 0, contacts = 0;
        for (int i = from; i < end; i++)
        {
            if (lines[i].IsBlank || lines[i].IsDrawn) continue;
            if (lines[i].Text is [.., '?']) return false;
            said++;
            contacts += Marks.IsContact(lines[i].Folded) ? 1 : 0;
        }
        return said is > 0 and <= MostLines + 2 && contacts * 4 >= said;
    }

    /// <summary>"Kind regards, Ann" stands right above.</summary>
    private static bool IsClosed(ReadOnlySpan<Line> lines, int start, int at)
    {
        int name = Above(lines, start, at);
        return name >= start && (IsClosing(lines[name]) || (IsName(lines[name]) && Above(lines, start, name) is var closing && closing >= start && IsClosing(lines[closing])));
    }

    /// <summary>Below "Kind regards" and a name: titles, company, numbers. A sentence there is still the person's.</summary>
    private static int? BelowTheName(ReadOnlySpan<Line> lines, int start, int end)
    {
        for (int closing = end - 1; closing >= start; closing--)
        {
            if (!IsClosing(lines[closing])) continue;
            int name = Line.Next(lines[..end], closing + 1);
            if (name >= end || !IsName(lines[name])) return null;
            int tail = Line.Next(lines[..end], name + 1);
            if (tail >= end) return null;
            int said = 0;
            for (int i = tail; i < end; i++)
            {
                if (lines[i].IsBlank) continue;
                if (++said > MostLines || !IsCard(lines[i])) return null;
            }
            return tail;
        }
        return null;
    }

    private static bool IsClosing(in Line line) =>
        line.Folded.Length is > 0 and <= 50 && Wording.All.Closings.GetAlternateLookup<ReadOnlySpan<char>>().Contains(line.Folded.AsSpan().Trim(" ,.;!*_-\u2013\u3001\u3002\uff0c"));

    private static bool IsName(in Line line) => Marks.Words(line.Text) is > 0 and <= 4 && line.Text is not [.., '?'] && line.Text.Length <= 60;

    /// <summary>As on a visiting card: a way to reach somebody, or words most of which are capitalised.</summary>
    private static bool IsCard(in Line line)
    {
        if (Marks.IsContact(line.Folded) || line.IsDrawn) return true;
        string[] words = line.Text.Split([' ', ',', '|', '/'], StringSplitOptions.RemoveEmptyEntries);
        int letters = words.Count(word => char.IsLetter(word[0])), capitals = words.Count(word => char.IsUpper(word[0]));
        return words.Length <= 8 && letters > 0 && capitals * 4 >= letters * 3 && line.Text is not [.., '.' or '?' or '!' or ':'];
    }

    private static int Above(ReadOnlySpan<Line> lines, int start, int at)
    {
        do at--;
        while (at >= start && lines[at].IsBlank);
        return at;
    }
}
