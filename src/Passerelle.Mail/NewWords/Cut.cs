namespace Passerelle.Mail.NewWords;

/// <summary>What a line turned out to be.</summary>
internal enum Mark
{
    Own,

    /// <summary>Line of a quotation among which answers may stand.</summary>
    Cited,

    /// <summary>The past as one block: below Outlook's headers, in a forwarded mail.</summary>
    Past,

    /// <summary>"On … wrote:"; copied headers at the very top.</summary>
    Introduction,
    Signature,

    /// <summary>"Sent from my iPhone": nobody wrote it.</summary>
    DeviceTag,
    Disclaimer,
}

/// <summary>Marks every line of a mail, from the top. The rule of doubt: what is not recognised is the person's own.</summary>
internal static class Cut
{
    public static Mark[] Of(Line[] lines)
    {
        var marks = new Mark[lines.Length];
        MarkPast(lines, marks);
        Endings.Apply(lines, marks);
        return marks;
    }

    private static void MarkPast(Line[] lines, Mark[] marks)
    {
        bool own = false; // something was said above
        for (int i = 0; i < lines.Length;)
        {
            int taken = Fence(lines, i);
            if (taken > 0) own = true;
            else if (lines[i].IsBlank) taken = 1;
            else taken = Step(lines, marks, i, own);
            if (taken == 0)
            {
                own = true;
                taken = 1;
            }
            i += taken;
        }
    }

    /// <returns>Lines marked from <paramref name="i"/>; 0 when the line is the writer's own.</returns>
    private static int Step(Line[] lines, Mark[] marks, int i, bool own)
    {
        switch (lines[i].Origin)
        {
            case LineOrigin.Enclosed: return Fill(marks, i, Same(lines, i), Mark.Past);
            case LineOrigin.Signature: return Fill(marks, i, Same(lines, i), Mark.Signature);
            case LineOrigin.Introduction: return Introduced(lines, marks, i, Same(lines, i), own);
        }
        if (Introduction.IsBetweenArrows(lines[i])) return Introduced(lines, marks, i, 1, own);
        if (lines[i].IsCited) return Citation(lines, marks, i, introduced: lines[i].Origin is LineOrigin.Cited);
        if (DeviceTag.Is(lines[i])) return Fill(marks, i, 1, Mark.DeviceTag);
        if (Announcement(lines, i) is > 0 and var announced) return Embedded(lines, marks, i, announced, own);
        if (Introduction.LinesAt(lines, i) is > 0 and var introduced) return Introduced(lines, marks, i, introduced, own);
        if (!own && Warning(lines, i) is > 0 and var warning) return Fill(marks, i, warning, Mark.Disclaimer);
        return 0;
    }

    /// <summary>"-----Original Message-----" and the copied headers below it, or those alone.</summary>
    private static int Announcement(ReadOnlySpan<Line> lines, int i)
    {
        if (!OriginalMessage.IsAnnouncedBy(lines[i])) return CopiedHeaders.LinesAt(lines, i);
        int next = Line.Next(lines, i + 1);
        int headers = next < lines.Length ? CopiedHeaders.LinesAt(lines, next, announced: true) : 0;
        return headers > 0 ? next - i + headers : 1;
    }

    /// <summary>A mail within the mail goes on to the end, unless it is quoted with ">": then to the end of that. With nothing
    /// above, somebody forwards (or answers below): what follows is all that the mail says.</summary>
    private static int Embedded(Line[] lines, Mark[] marks, int i, int headers, bool own)
    {
        int next = Line.Next(lines, i + headers);
        if (next < lines.Length && lines[next].IsCited) return Fill(marks, i, next - i + CitedLines(lines, next, introduced: true), Mark.Past);
        return own ? Fill(marks, i, lines.Length - i, Mark.Past) : Fill(marks, i, headers, Mark.Introduction);
    }

    private static int Introduced(Line[] lines, Mark[] marks, int i, int length, bool own)
    {
        Fill(marks, i, length, Mark.Introduction);
        int next = Line.Next(lines, i + length);
        if (next >= lines.Length || lines[next].Origin is not LineOrigin.Unsaid || lines[next].IsCited) return length;
        if (lines[next].IsBarred) return next - i + Fill(marks, next, CitedLines(lines, next, introduced: true), Mark.Cited);
        if (!own) return length;
        return Fill(marks, i + length, lines.Length - i - length, Mark.Past) + length;
    }

    private static int Citation(Line[] lines, Mark[] marks, int i, bool introduced)
    {
        int above = i - 1;
        while (above >= 0 && lines[above].IsBlank) above--;
        introduced |= above >= 0 && marks[above] is Mark.Introduction;
        int length = CitedLines(lines, i, introduced);
        if (!introduced && Said(lines, i, length) < 2) return 0; // one ">" may be anything
        return Fill(marks, i, length, HoldsMail(lines, i, length) ? Mark.Past : Mark.Cited);
    }

    /// <summary>Lines of the quotation from <paramref name="i"/>, blank ones between and overflowing words included.</summary>
    private static int CitedLines(ReadOnlySpan<Line> lines, int i, bool introduced)
    {
        int end = i;
        bool damaged = false;
        for (int at = i; at < lines.Length; at++)
        {
            bool overflow = IsOverflow(lines, at, damaged);
            damaged |= overflow;
            if (overflow || lines[at].IsCited || (introduced && lines[at].IsBarred)) end = at + 1;
            else if (!lines[at].IsBlank) break;
        }
        return end - i;
    }

    /// <summary>A quoted line that was too long for somebody's program: its last words stand alone between two quoted lines.</summary>
    /// <param name="damaged">It has happened above: then less is proof enough.</param>
    private static bool IsOverflow(ReadOnlySpan<Line> lines, int at, bool damaged)
    {
        const int Margin = 70;
        if (at == 0 || at + 1 >= lines.Length || lines[at].IsBlank || !lines[at - 1].IsCited || !lines[at + 1].IsCited) return false;
        string word = lines[at].Text.Split(' ', 2)[0];
        return word.Length > 0 && !char.IsUpper(word[0]) && lines[at - 1].Text.Length + word.Length > Margin
            && lines[at].Text.Length < Margin && (damaged || lines[at - 1].Text is not [.., '.' or '?' or '!' or ':']);
    }

    private static int Said(ReadOnlySpan<Line> lines, int i, int length)
    {
        int said = 0;
        foreach (Line line in lines.Slice(i, length)) said += line.IsBlank ? 0 : 1;
        return said;
    }

    private static bool HoldsMail(ReadOnlySpan<Line> lines, int i, int length)
    {
        const int Head = 12;
        var inner = new Line[Math.Min(Head, length)];
        for (int k = 0; k < inner.Length; k++) inner[k] = lines[i + k].Uncited();
        int first = Line.Next(inner, 0);
        return first < inner.Length && Announcement(inner, first) > 0;
    }

    private static int Warning(ReadOnlySpan<Line> lines, int i)
    {
        int end = i;
        while (end < lines.Length && !lines[end].IsBlank) end++;
        return Notices.IsWarning(Notices.Paragraph(lines, i, end)) ? end - i : 0;
    }

    /// <summary>Code between ``` lines is looked into by nobody.</summary>
    private static int Fence(ReadOnlySpan<Line> lines, int i)
    {
        if (!lines[i].Folded.StartsWith("```", StringComparison.Ordinal)) return 0;
        for (int end = i + 1; end < lines.Length; end++)
        {
            if (lines[end].Folded.StartsWith("```", StringComparison.Ordinal)) return end - i + 1;
        }
        return 0;
    }

    private static int Same(ReadOnlySpan<Line> lines, int i)
    {
        int end = i;
        while (end < lines.Length && (lines[end].Origin == lines[i].Origin || lines[end].IsBlank)) end++;
        return end - i;
    }

    private static int Fill(Mark[] marks, int from, int length, Mark mark)
    {
        marks.AsSpan(from, length).Fill(mark);
        return length;
    }
}
