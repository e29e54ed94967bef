namespace Passerelle.Mail.NewWords;

/// <summary>What the HTML around a line says about it; plain text says nothing.</summary>
internal enum LineOrigin
{
    Unsaid,

    /// <summary>In a quotation among which answers may stand (blockquote).</summary>
    Cited,

    /// <summary>In the box of a mail program that holds nothing but the past.</summary>
    Enclosed,

    /// <summary>"On … wrote:", marked as such.</summary>
    Introduction,
    Signature,
}

/// <summary>One line, with the form in which it is compared.</summary>
internal readonly record struct Line
{
    /// <summary>Longer than any introduction, label or tag: such a line is prose.</summary>
    private const int Longest = 1_000;

    public Line(string text, LineOrigin origin = LineOrigin.Unsaid)
    {
        Text = text.TrimEnd();
        Origin = origin;
        Folded = Text.Length is 0 or > Longest ? "" : Folding.Of(Text).Trim();
        EndsInSpace = text.EndsWith(' ');
        HasAddress = Marks.HasAddress(Folded);
        (HasDate, HasTime) = Marks.When(Folded);
    }

    public string Text { get; }
    public LineOrigin Origin { get; }

    /// <summary>"" for a line that is too long to be anything but prose.</summary>
    public string Folded { get; }

    public bool HasAddress { get; }
    public bool HasDate { get; }
    public bool HasTime { get; }

    /// <summary>The signature's "-- " has one (RFC 3676 §4.3).</summary>
    public bool EndsInSpace { get; }

    public bool IsBlank => Folded.Length == 0 && Text.Length <= Longest;

    /// <summary>">", or the initials of the quoted with one ("JD>").</summary>
    public bool IsCited
    {
        get
        {
            if (Origin is LineOrigin.Cited) return true;
            ReadOnlySpan<char> start = Text.AsSpan().TrimStart();
            if (Text.Length - start.Length > 3 || start.Length == 0) return false;
            int initials = 0;
            while (initials < 3 && initials < start.Length && char.IsAsciiLetterUpper(start[initials])) initials++;
            return initials < start.Length && start[initials] == '>';
        }
    }

    /// <summary>A bar, which some programs draw where others write ">". Own tables have them too: only below an introduction.</summary>
    public bool IsBarred => Text.StartsWith("| ", StringComparison.Ordinal) || Text is "|";

    /// <summary>A line drawn with characters: "_____", "* * *", "====".</summary>
    public bool IsDrawn
    {
        get
        {
            int marks = 0;
            foreach (char c in Text)
            {
                if (c is '_' or '-' or '=' or '*' or '~' or '.' or '·' or '•' or '#' or '\u2013' or '\u2014' or '\u2015' or '\u2500' or '\u2501') marks++;
                else if (c is not (' ' or '\t' or '\u00a0')) return false;
            }
            return marks > 1;
        }
    }

    /// <summary>Without the marks of quotation, as <see cref="Line"/> again.</summary>
    public Line Uncited() => new(Text.TrimStart('>', ' ', '|'));

    public static Line[] Of(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        return Array.ConvertAll(lines, line => new Line(line));
    }

    /// <returns>Index of the first line that is not blank, from <paramref name="from"/>; the length when there is none.</returns>
    public static int Next(ReadOnlySpan<Line> lines, int from)
    {
        while (from < lines.Length && lines[from].IsBlank) from++;
        return from;
    }
}
