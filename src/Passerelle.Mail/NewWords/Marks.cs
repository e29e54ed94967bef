using System.Text.RegularExpressions;

namespace Passerelle.Mail.NewWords;

/// <summary>Small signs within a folded line.</summary>
internal static partial class Marks
{
    public static bool HasAddress(ReadOnlySpan<char> folded)
    {
        for (int at = folded.IndexOf('@'); at >= 0;)
        {
            if (at > 0 && at + 3 < folded.Length && !char.IsWhiteSpace(folded[at - 1]) && char.IsLetterOrDigit(folded[at + 1])) return true;
            int step = folded[(at + 1)..].IndexOf('@');
            at = step < 0 ? -1 : at + 1 + step;
        }
        return false;
    }

    /// <summary>A line whose purpose is to say how to reach somebody: hardly a word besides the address, link or number.</summary>
    public static bool IsContact(string folded)
    {
        if (!HasAddress(folded) && !Link().IsMatch(folded) && !Number().IsMatch(folded)) return false;
        return Words(folded) <= 8 && folded is not [.., '?'];
    }

    public static int Words(ReadOnlySpan<char> text)
    {
        int words = 0;
        bool inside = false;
        foreach (char c in text)
        {
            bool letter = char.IsLetterOrDigit(c);
            if (letter && !inside) words++;
            if (letter || char.IsWhiteSpace(c)) inside = letter;
        }
        return words;
    }

    /// <summary>Whether a date stands there (a year and another number, or three numbers with dots, dashes or slashes between)
    /// and a time of day. By hand, because every line of every mail is asked.</summary>
    public static (bool Date, bool Time) When(ReadOnlySpan<char> folded)
    {
        bool year = false, date = false, time = false;
        int runs = 0, joined = 0, endOfLast = -10, lengthOfLast = 0;
        for (int i = folded.IndexOfAnyInRange('0', '9'); i >= 0 && i < folded.Length;)
        {
            int end = i;
            while (end < folded.Length && char.IsAsciiDigit(folded[end])) end++;
            int length = end - i;
            runs++;
            year |= length == 4 && folded[i..(i + 2)] is "19" or "20";
            char next = end < folded.Length ? folded[end] : ' ';
            date |= next is '年' or '月' or '년' or '월';
            time |= next is ' ' && length <= 2 && (folded[end..].StartsWith(" am") || folded[end..].StartsWith(" pm"));
            int gap = i - endOfLast;
            char between = gap is 1 or 2 ? folded[endOfLast] : '\0';
            time |= gap == 1 && (between is ':' or '.' or 'h' or '時' or '时') && lengthOfLast <= 2 && length == 2;
            joined = (between is '.' or '/' or '-') && (gap == 1 || folded[endOfLast + 1] is ' ') && length <= 4 ? joined + 1 : 0;
            date |= joined >= 2 && length is 2 or 4;
            (endOfLast, lengthOfLast) = (end, length);
            int step = folded[end..].IndexOfAnyInRange('0', '9');
            i = step < 0 ? folded.Length : end + step;
        }
        return (date || (year && runs > 1), time);
    }

    [GeneratedRegex(@"https?://|www\.\w", RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    [GeneratedRegex(@"\+?\(?\d([ ()./-]{0,2}\d){6,}", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
