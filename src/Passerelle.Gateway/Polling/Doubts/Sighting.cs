namespace Passerelle.Gateway.Polling.Doubts;

/// <summary>One look into the folder of sent mail.</summary>
internal abstract record Sighting
{
    private Sighting() { }

    /// <param name="Ids">Of the Message-IDs that were asked for, those that lie there.</param>
    public sealed record Seen(IReadOnlySet<string> Ids) : Sighting;

    /// <param name="Words">Of the other side; empty when it said nothing.</param>
    public sealed record Closed(string Words) : Sighting;

    /// <summary>It does not answer now.</summary>
    public sealed record Later(string Words) : Sighting;
}
