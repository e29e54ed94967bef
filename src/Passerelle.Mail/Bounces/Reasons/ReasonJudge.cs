namespace Passerelle.Mail.Bounces.Reasons;

/// <summary>Names why a mail came back, in the words of <see cref="BounceReasons"/>. The rows of <see cref="ReasonRows"/> are asked
/// in order, the first that fits decides: what a server says in words, then what its code says, then at which command it said no.</summary>
internal static class ReasonJudge
{
    private static readonly ReasonRow[] Rows = [.. ReasonRows.All.SelectMany(ReasonRow.Parse)];

    /// <returns>"onhold" when words are there and none is understood, "undefined" when there are no words at all.</returns>
    public static string Judge(ReasonEvidence evidence) =>
        Rows.FirstOrDefault(row => row.Fits(evidence))?.Reason
        ?? (string.IsNullOrWhiteSpace(evidence.Words) ? "undefined" : "onhold");

    /// <summary>Whether the words alone say why; a code or a command without words does not count.</summary>
    public static bool IsSpokenOf(ReasonEvidence evidence) => Rows.Any(row => row.HasWords && row.Fits(evidence));
}
