using System.Globalization;
using System.Text;

namespace Passerelle.Mail;

/// <summary>What a mapped domain name must still keep: lengths and hyphens (RFC 5891 §4.2), joiners (RFC 5892 appendix A) and direction (RFC 5893).</summary>
internal static class Labels
{
    public static bool AreValid(string ascii, IdnMapping idn)
    {
        string name = ascii.EndsWith('.') ? ascii[..^1] : ascii; // the root's own dot
        string[] labels = name.Split('.');
        if (name.Length > 253 || labels.Any(label => label.Length is 0 or > 63)) return false;
        List<string> spoken = [.. labels.Select(label => label.StartsWith("xn--", StringComparison.Ordinal) ? idn.GetUnicode(label) : label)];
        return spoken.Zip(labels).All(pair => KeepsHyphens(pair.First, pair.Second) && KeepsJoiners(pair.First))
            && (!spoken.Any(label => Classes(label).Any(one => one is 'R' or 'A' or 'N')) || spoken.All(KeepsDirection));
    }

    private static bool KeepsHyphens(string label, string ascii) =>
        !label.StartsWith('-') && !label.EndsWith('-') && !(label.Length > 3 && label[2] == '-' && label[3] == '-')
        && (ascii == label || !label.StartsWith("xn--", StringComparison.Ordinal))
        && (label.Length == 0 || !IsMark(Rune.GetRuneAt(label, 0)));

    /// <summary>ZERO WIDTH JOINER stands after a virama; NON-JOINER there, or between letters that would join.</summary>
    private static bool KeepsJoiners(string label)
    {
        Rune[] runes = [.. label.EnumerateRunes()];
        for (int i = 0; i < runes.Length; i++)
        {
            if (runes[i].Value is not (0x200C or 0x200D)) continue;
            if (i > 0 && Viramas.Contains(runes[i - 1].Value)) continue;
            if (runes[i].Value is 0x200D || !Joins(runes, i)) return false;
        }
        return true;
    }

    private static bool Joins(Rune[] runes, int at)
    {
        int before = at - 1, after = at + 1;
        while (before >= 0 && IsMark(runes[before])) before--;
        while (after < runes.Length && IsMark(runes[after])) after++;
        return before >= 0 && after < runes.Length && Class(runes[before]) is 'A' && Class(runes[after]) is 'A' && !RightJoining.Contains(runes[before].Value);
    }

    private static bool KeepsDirection(string label)
    {
        string classes = Classes(label);
        if (classes.Length == 0) return false;
        string ending = classes.TrimEnd('M');
        if (ending.Length == 0) return false;
        return classes[0] switch
        {
            'R' or 'A' => !classes.Contains('L') && ending[^1] is 'R' or 'A' or 'E' or 'N' && !(classes.Contains('E') && classes.Contains('N')),
            'L' => !classes.Any(one => one is 'R' or 'A' or 'N') && ending[^1] is 'L' or 'E',
            _ => false,
        };
    }

    private static string Classes(string label) => string.Concat(label.EnumerateRunes().Select(Class));

    /// <summary>Bidi class in one letter: L, R, A (AL), E (EN), N (AN), M (NSM), O for what may stand anywhere.</summary>
    private static char Class(Rune rune)
    {
        int value = rune.Value;
        if (value is >= '0' and <= '9' or >= 0x06F0 and <= 0x06F9 or >= 0x2070 and <= 0x2079 or >= 0x2080 and <= 0x2089 or >= 0x1D7CE and <= 0x1D7FF or 0xB2 or 0xB3 or 0xB9) return 'E';
        if (value is >= 0x0660 and <= 0x0669 or 0x066B or 0x066C or 0x06DD or 0x08E2 or >= 0x0600 and <= 0x0605 or >= 0x10D30 and <= 0x10D39 or >= 0x10E60 and <= 0x10E7E) return 'N';
        if (value is 0x02B9 or 0x02BA or >= 0x02C2 and <= 0x02CF or >= 0x02D2 and <= 0x02DF or >= 0x02E5 and <= 0x02ED or >= 0x02EF and <= 0x02FF) return 'O';
        if (IsMark(rune)) return Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpacingCombiningMark ? 'L' : 'M';
        if (value is >= 0x0608 and <= 0x07BF or >= 0x0860 and <= 0x08FF or >= 0xFB50 and <= 0xFDFF or >= 0xFE70 and <= 0xFEFF or >= 0x10D00 and <= 0x10D3F or >= 0x10F30 and <= 0x10F6F or >= 0x1EC70 and <= 0x1EEFF) return 'A';
        if (value is >= 0x0590 and <= 0x05FF or >= 0x07C0 and <= 0x085F or 0x200F or >= 0xFB1D and <= 0xFB4F or >= 0x10800 and <= 0x10FFF or >= 0x1E800 and <= 0x1EFFF) return 'R';
        return Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LetterNumber ? 'L' : 'O';
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Canonical combining class 9.</summary>
    private static readonly HashSet<int> Viramas =
    [
        0x094D, 0x09CD, 0x0A4D, 0x0ACD, 0x0B4D, 0x0BCD, 0x0C4D, 0x0CCD, 0x0D3B, 0x0D3C, 0x0D4D, 0x0DCA, 0x0E3A, 0x0EBA, 0x0F84, 0x1039, 0x103A, 0x1714, 0x1715, 0x1734,
        0x17D2, 0x1A60, 0x1B44, 0x1BAA, 0x1BAB, 0x1BF2, 0x1BF3, 0x2D7F, 0xA806, 0xA82C, 0xA8C4, 0xA953, 0xA9C0, 0xAAF6, 0xABED, 0x10A3F, 0x11046, 0x11070, 0x1107F,
        0x110B9, 0x11133, 0x11134, 0x111C0, 0x11235, 0x112EA, 0x1134D, 0x11442, 0x114C2, 0x115BF, 0x1163F, 0x116B6, 0x1172B, 0x11839, 0x1193D, 0x1193E, 0x119E0,
        0x11A34, 0x11A47, 0x11A99, 0x11C3F, 0x11D44, 0x11D45, 0x11D97,
    ];

    /// <summary>Arabic letters that join only to the right: nothing that follows them would join.</summary>
    private static readonly HashSet<int> RightJoining =
        [0x0622, 0x0623, 0x0624, 0x0625, 0x0627, 0x0629, 0x062F, 0x0630, 0x0631, 0x0632, 0x0648, 0x0671, 0x0672, 0x0673, 0x0675, 0x0676, 0x0677, .. Enumerable.Range(0x0688, 18), 0x06C0, .. Enumerable.Range(0x06C3, 9), 0x06CD, 0x06CF, 0x06D2, 0x06D3, 0x06D5];
}
