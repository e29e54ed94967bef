namespace Passerelle.Gateway.Doctor;

/// <summary>Everything that happened to one mail, both ways, oldest first.</summary>
internal sealed record Journey(JourneyLine Line, IReadOnlyList<Hop> Hops)
{
    /// <summary>From the mailbox's forward reaching us to the last answer being settled; null while one is under way.</summary>
    public TimeSpan? RoundTrip { get; init; }
}

/// <summary>One journey in a list.</summary>
internal sealed record JourneyLine
{
    public required Guid MessageId { get; init; }
    public required Guid AppId { get; init; }
    public required string AssetName { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required string FromAddress { get; init; }
    public required string FromName { get; init; }
    public required string Subject { get; init; }
    public required string Kind { get; init; }
    public required string Verdict { get; init; }

    /// <summary>ready, held, routed, kept or quarantined.</summary>
    public required string State { get; init; }
    public required string StateReason { get; init; }

    /// <summary>State of the newest answer; empty when there is none.</summary>
    public required string AnswerState { get; init; }
}

/// <summary>One thing that happened.</summary>
/// <param name="Code">written, carried, received, read, held, step, run, letter, attempt or settled; its title is the resource <c>hop.{Code}</c>.</param>
/// <param name="At">UTC; null when the mail does not say.</param>
/// <param name="Took">Since the hop before it, or its own duration for an attempt; null when unknown.</param>
/// <param name="Result">right, wrong, waiting or unknown.</param>
/// <param name="Subject">What it happened to or by: a host, a flow step, an address.</param>
/// <param name="Words">The other side's own words, or the reason; empty when nothing was said.</param>
internal sealed record Hop(string Code, DateTimeOffset? At, TimeSpan? Took, string Result, string Subject, string Words)
{
    public const string Right = "right";
    public const string Wrong = "wrong";
    public const string Waiting = "waiting";
    public const string Unknown = "unknown";
}
