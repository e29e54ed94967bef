namespace Passerelle.Gateway.Queue;

/// <summary>One letter waiting to leave, written in the transaction that decided to send it.</summary>
internal sealed record LetterRow
{
    public required Guid OrganisationId { get; init; }
    public required Guid AppId { get; init; }

    /// <summary>UUIDv7; also the left part of the Message-ID, so a repeat is recognisable.</summary>
    public required Guid Id { get; init; }
    public required Guid ConversationId { get; init; }

    /// <summary>Order within the conversation, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>A <see cref="LetterLane"/>: the lower leaves first.</summary>
    public long Lane { get; init; }
    public required LetterState State { get; init; }

    /// <summary>The server's last words, or why it waits.</summary>
    public required string StateReason { get; init; }

    /// <summary>Ownership of the app when it was claimed; a smaller one can settle nothing.</summary>
    public required long Epoch { get; init; }

    /// <summary>Attempts begun: a crash half-way still counts; settling as Blocked takes its own back.</summary>
    public required long Attempts { get; init; }

    /// <summary>Earliest next attempt, UTC; null when settled, dead, unclear or blocked.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When a claimed or submitting letter is given up by its owner, UTC; null otherwise.</summary>
    public DateTimeOffset? SubmittingUntil { get; init; }

    /// <summary>Where the bytes are; a claim never carries them.</summary>
    public required Guid RawId { get; init; }

    /// <summary>Bytes of it.</summary>
    public long Size { get; init; }
    public required string Origin { get; init; }
    public required string Correspondent { get; init; }
    public required string Subject { get; init; }
    public required string InternetId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
}

internal enum LetterState
{
    Waiting,
    Claimed,
    Submitting,
    Blocked,
    Settled,
    Dead,
    Unclear,
}
