namespace Passerelle.Gateway.Messages.Search;

/// <summary>Everything by which messages can be looked for; what is null or empty asks nothing.</summary>
/// <param name="Kind">One of the design's words.</param>
/// <param name="Since">First day of receipt, UTC.</param>
/// <param name="Until">Last day of receipt, UTC.</param>
/// <param name="Quarantined">Those in quarantine only; they are left out otherwise.</param>
internal sealed record SearchOrder(SearchQuery Query, Guid? AppId = null, string Kind = "", DateOnly? Since = null, DateOnly? Until = null, bool Quarantined = false)
{
    /// <summary>The kinds that can be asked for.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        "human", "auto-reply", "bounce", "delay", "delivery-notice", "feedback-report", "calendar", "forwarding-confirmation", "read-receipt",
        "mailing-list", "canary", "unreadable",
    ];

    /// <summary>Nothing but an app is asked for: then it is a list, not a search.</summary>
    public bool IsList => Query is { Terms.Count: 0, IsOnlySigns: false } && Kind.Length == 0 && Since is null && Until is null;
}
