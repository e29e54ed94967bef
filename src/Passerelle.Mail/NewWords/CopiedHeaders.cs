namespace Passerelle.Mail.NewWords;

/// <summary>The block of headers that Outlook, Apple Mail, Zimbra, Orange and others copy above what they quote or forward:
/// "From: … Sent: … To: … Subject: …" in any language, bold or not, indented or not, in any order, even on one line.</summary>
internal static class CopiedHeaders
{
    /// <summary>Lines looked at before giving up.</summary>
    private const int MostLines = 24;

    /// <summary>Lines over which one header's value may be folded.</summary>
    private const int MostFolds = 3;

    /// <param name="announced">A line "Original message" stands right above: then less is proof enough.</param>
    /// <returns>How many lines the block takes; 0 when there is none.</returns>
    public static int LinesAt(ReadOnlySpan<Line> lines, int start, bool announced = false)
    {
        if (LabelOf(lines[start]) is null) return 0;
        if (OnOneLine(lines[start].Folded)) return 1;
        var seen = new Seen();
        int last = start, folds = 0;
        for (int i = start; i < Math.Min(lines.Length, start + MostLines); i++)
        {
            if (lines[i].IsBlank)
            {
                int next = Line.Next(lines, i);
                if (next - i > 2 || next >= lines.Length || LabelOf(lines[next]) is null) break;
                i = next;
            }
            if (LabelOf(lines[i]) is { } label)
            {
                seen.Add(label, lines[i].Folded);
                last = i;
                folds = 0;
            }
            else if (++folds > MostFolds) break;
            else seen.Add(lines[i].Folded);
        }
        return seen.IsBlock(announced) ? last - start + 1 : 0;
    }

    /// <summary>"Temat: Re: x Data: … Nadawca: … Adresat:"</summary>
    public static bool OnOneLine(string folded)
    {
        var seen = new Seen();
        for (int colon = folded.IndexOf(':'); colon >= 0; colon = folded.IndexOf(':', colon + 1))
        {
            if (EndingAt(folded, colon) is { } label) seen.Add(label, folded);
        }
        return seen.IsBlock(announced: false);
    }

    private static Label? LabelOf(in Line line)
    {
        ReadOnlySpan<char> folded = line.Folded.AsSpan().TrimStart(" \t>*_|#");
        int colon = folded.IndexOf(':');
        if (colon < 1 || colon > Wording.All.LongestLabel + 4) return null;
        return Find(folded[..colon].Trim(" \t*_"));
    }

    private static Label? EndingAt(string folded, int colon)
    {
        ReadOnlySpan<char> before = folded.AsSpan(0, colon).TrimEnd(" *_");
        for (int length = Math.Min(before.Length, Wording.All.LongestLabel); length > 0; length--)
        {
            int from = before.Length - length;
            if (from > 0 && char.IsLetter(before[from - 1])) continue;
            if (Find(before[from..]) is { } label) return label;
        }
        return null;
    }

    private static Label? Find(ReadOnlySpan<char> word) =>
        Wording.All.Labels.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out Label label) ? label : null;

    private struct Seen
    {
        private int _labels;
        private bool _address;

        public void Add(Label label, string folded)
        {
            _labels |= 1 << (int)label;
            Add(folded);
        }

        public void Add(string folded) => _address |= Marks.HasAddress(folded);

        /// <summary>"From: Paris, To: London, Date: 3 May" is somebody's journey: without a subject or an address it proves nothing.</summary>
        public readonly bool IsBlock(bool announced)
        {
            int count = int.PopCount(_labels & ~(1 << (int)Label.Other));
            if (announced) return count > 0;
            return Has(Label.From) && ((count >= 3 && (Has(Label.Subject) || _address)) || (count == 2 && _address));
        }

        private readonly bool Has(Label label) => (_labels & (1 << (int)label)) != 0;
    }
}
