namespace Passerelle.Gateway.Queue.Outbox;

/// <summary>Something that happened and that programs outside may want to hear of.</summary>
/// <param name="Type">One of <see cref="EventTypes"/>.</param>
internal sealed record OutsideEvent(string Type)
{
    public Guid? LetterId { get; init; }
    public Guid? MessageId { get; init; }

    /// <summary>Of the recipient it is about; empty: all of them, or none.</summary>
    public string Address { get; init; } = "";

    /// <summary>The other side's words, or the reason that a person gave.</summary>
    public string Words { get; init; } = "";
}

/// <summary>Every event there is. On the wire <c>passerelle.</c> stands before it (CloudEvents 1.0.2 §3.1.1 wants a name that is ours).</summary>
internal static class EventTypes
{
    public const string Prefix = "passerelle.";

    public const string MessageReceived = "message.received";
    public const string LetterAccepted = "letter.accepted";
    public const string LetterDead = "letter.dead";
    public const string LetterUnclear = "letter.unclear";
    public const string LetterCancelled = "letter.cancelled";
    public const string LetterExpired = "letter.expired";

    /// <summary>In the order in which a person reads them. The last three are of alarms, made in Events.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        MessageReceived, LetterAccepted, LetterDead, LetterUnclear, LetterCancelled, LetterExpired,
        "letter.bounced", "letter.delayed", "letter.delivered", "letter.complained", "letter.answered",
        "address.suppressed", "address.released", "alarm.raised", "alarm.reminded", "alarm.cleared",
    ];
}
