namespace Passerelle.Gateway.Tokens;

/// <summary>Is it the same thing, mistyped?</summary>
internal static class Spelling
{
    private const int MostSlips = 2;

    /// <summary>True for texts that differ, by at most two letters (Levenshtein), case apart.</summary>
    public static bool IsSlip(string meant, string typed)
    {
        var (one, other) = (meant.ToUpperInvariant(), typed.ToUpperInvariant());
        return one != other && Math.Abs(one.Length - other.Length) <= MostSlips && one.Length <= 320 && Distance(one, other) <= MostSlips;
    }

    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var at = 1; at <= one.Length; at++)
        {
            var diagonal = row[0];
            row[0] = at;
            for (var to = 1; to <= other.Length; to++)
            {
                var replaced = diagonal + (one[at - 1] == other[to - 1] ? 0 : 1);
                diagonal = row[to];
                row[to] = Math.Min(replaced, Math.Min(row[to], row[to - 1]) + 1);
            }
        }
        return row[^1];
    }
}
