namespace Passerelle.Mail.NewWords;

/// <summary>The line that announces the past: "-----Original Message-----", "Begin forwarded message:", "---- Forwarded by …".</summary>
internal static class OriginalMessage
{
    public static bool IsAnnouncedBy(in Line line)
    {
        ReadOnlySpan<char> text = line.Folded.AsSpan().Trim(" \t>*#|");
        if (text.Length is < 4 or > 200) return false;
        ReadOnlySpan<char> bare = text.TrimStart("-_=~\u2013\u2014 ");
        bool drawn = text.Length - bare.Length >= 2 && text[0] is not ' ';
        if (drawn) return AnyStarts(bare);
        if (line.Folded.Contains("##", StringComparison.Ordinal) && Is(text)) return true;
        return text[^1] is ':' or '.' && Is(text[..^1].Trim(" *_"));
    }

    private static bool Is(ReadOnlySpan<char> words) =>
        Wording.All.Originals.GetAlternateLookup<ReadOnlySpan<char>>().Contains(words);

    private static bool AnyStarts(ReadOnlySpan<char> words)
    {
        foreach (string original in Wording.All.Originals)
        {
            if (words.StartsWith(original, StringComparison.Ordinal) && (words.Length == original.Length || !char.IsLetter(words[original.Length]))) return true;
        }
        return false;
    }
}
