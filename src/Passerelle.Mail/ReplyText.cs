using Passerelle.Mail.NewWords;

namespace Passerelle.Mail;

/// <summary>What the writer wrote now, without the quoted past, the signature and what machines add. Where it is not sure it
/// keeps, because losing somebody's own words is worse than showing a quote. Pure; linear in the text.</summary>
public static class ReplyText
{
    public static string Of(string text) => Cut(text).Text;

    /// <param name="text">Plain text, any line ends.</param>
    public static Reply Cut(string text) => Of(Line.Of(text));

    public static Reply CutHtml(string html)
    {
        Line[] lines = HtmlLines.Of(html);
        Mark[] marks = NewWords.Cut.Of(lines);
        // Nothing but a quotation: somebody forwards, or answers below. Then the boxes do not help, and the words are looked at.
        return Array.Exists(marks, mark => mark is Mark.Own) && Said(lines, marks)
            ? Of(lines, marks)
            : Of(Array.ConvertAll(lines, line => new Line(line.Text)));
    }

    private static bool Said(Line[] lines, Mark[] marks) =>
        Enumerable.Range(0, lines.Length).Any(i => marks[i] is Mark.Own && !lines[i].IsBlank);

    private static Reply Of(Line[] lines) => Of(lines, NewWords.Cut.Of(lines));

    private static Reply Of(Line[] lines, Mark[] marks) => new(Own(lines, marks), Parts(lines, marks));

    private static string Own(Line[] lines, Mark[] marks)
    {
        int first = -1, last = -1;
        for (int i = 0; i < lines.Length; i++)
        {
            if (marks[i] is not Mark.Own || lines[i].IsBlank) continue;
            if (first < 0) first = i;
            last = i;
        }
        if (first < 0) return Unanswered(lines, marks);
        return Join(lines, i => i >= first && i <= last && marks[i] is Mark.Own or Mark.Cited);
    }

    /// <summary>Nothing is new: then the quotation is the message, unless it only says who wrote.</summary>
    private static string Unanswered(Line[] lines, Mark[] marks)
    {
        bool said = false;
        for (int i = 0; i < lines.Length && !said; i++)
        {
            Line inner = lines[i].Uncited();
            said = marks[i] is not (Mark.DeviceTag or Mark.Introduction) && !inner.IsBlank
                && (marks[i] is not Mark.Cited || Introduction.LinesAt([inner], 0) == 0);
        }
        return said ? Join(lines, i => marks[i] is not (Mark.DeviceTag or Mark.Introduction)) : "";
    }

    private static List<ReplyPart> Parts(Line[] lines, Mark[] marks)
    {
        var parts = new List<ReplyPart>();
        for (int i = 0; i < lines.Length;)
        {
            ReplyPartKind kind = KindOf(marks[i]);
            int end = i;
            while (end < lines.Length && (KindOf(marks[end]) == kind || lines[end].IsBlank)) end++;
            int from = i, to = end;
            if (Join(lines, line => line >= from && line < to) is { Length: > 0 } text) parts.Add(new ReplyPart(kind, text));
            i = end;
        }
        return parts;
    }

    private static ReplyPartKind KindOf(Mark mark) => mark switch
    {
        Mark.Own => ReplyPartKind.OwnWords,
        Mark.Signature or Mark.DeviceTag => ReplyPartKind.Signature,
        Mark.Disclaimer => ReplyPartKind.Disclaimer,
        _ => ReplyPartKind.Quoted,
    };

    /// <summary>Blank lines at both ends fall away; indentation of the first line too.</summary>
    private static string Join(Line[] lines, Func<int, bool> wanted) =>
        string.Join('\n', Enumerable.Range(0, lines.Length).Where(wanted).Select(i => lines[i].Text)).Trim();
}
