namespace Passerelle.Gateway.Messages;

/// <summary>Where a message stands. Columns hold these words in lower case.</summary>
internal enum MessageState
{
    /// <summary>Waits for its flow.</summary>
    Ready,

    /// <summary>Its app does not work yet or was paused: waits for an admin.</summary>
    Held,

    /// <summary>A flow ran, or is running, over it.</summary>
    Routed,

    /// <summary>Stored for people; no flow runs over it. The reason says why.</summary>
    Kept,

    /// <summary>Malware was found in it, or its app was retired: neither run nor shown among the others.</summary>
    Quarantined,
}
