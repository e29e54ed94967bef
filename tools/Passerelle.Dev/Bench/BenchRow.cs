namespace Passerelle.Dev.Bench;

/// <summary>One measured case.</summary>
/// <param name="Unit">Ends with <c>/s</c> for what should be large; everything else should be small.</param>
/// <param name="Peer">What the other server measured in the same run; null where there is no other.</param>
/// <param name="Required">What is asked for: of <see cref="Ratio"/> where there is a peer, else of <see cref="Ours"/>; null: only informative.</param>
/// <param name="Runs">How many the medians are of.</param>
internal sealed record BenchRow(
    string Case, string Unit, double Ours, double? Required, int Runs, double? Peer = null, string? PeerName = null)
{
    /// <summary>Ours over the peer's.</summary>
    public double? Ratio => Peer is > 0 ? Ours / Peer : null;

    public bool IsMet => Required is not { } required
        || (Unit.EndsWith("/s", StringComparison.Ordinal) ? (Ratio ?? Ours) >= required : (Ratio ?? Ours) <= required);
}
