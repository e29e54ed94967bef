namespace Passerelle.Gateway.Reading.Scanning;

/// <summary>What a scanner for spam says of a mail.</summary>
internal abstract record SpamFinding
{
    private SpamFinding() { }

    /// <param name="Words">Action, score and the symbols that count most, for people.</param>
    public sealed record Judged(bool IsSpam, string Words) : SpamFinding;

    /// <summary>No answer, or none that can be understood: asking again may help.</summary>
    /// <param name="Reason">For people.</param>
    public sealed record Later(string Reason) : SpamFinding;
}
