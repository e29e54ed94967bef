using System.Collections.Immutable;

namespace Passerelle.Lab.State;

/// <summary>A mail flow rule: every condition that is given must hold; then every action that is given happens.</summary>
internal sealed record TransportRule
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }

    /// <summary>Rules run from 0 upwards.</summary>
    public int Priority { get; init; }
    public bool Enabled { get; init; } = true;

    /// <summary>True: only mail that is forwarded automatically (message type "Auto-forward").</summary>
    public bool OnAutoForward { get; init; }
    public ImmutableArray<string> From { get; init; } = [];
    public ImmutableArray<string> SentTo { get; init; } = [];
    public RuleScope? FromScope { get; init; }
    public RuleScope? SentToScope { get; init; }
    public ImmutableArray<string> SubjectContainsWords { get; init; } = [];

    /// <summary>Null: not rejected.</summary>
    public string? RejectReason { get; init; }

    /// <summary>Of the rejection; <c>5.7.1</c> or 5.7.900 to 5.7.999.</summary>
    public string RejectStatus { get; init; } = "5.7.1";
    public ImmutableArray<string> RedirectTo { get; init; } = [];
    public ImmutableArray<string> BlindCopyTo { get; init; } = [];
    public ImmutableArray<string> AddRecipients { get; init; } = [];
    public string? PrependSubject { get; init; }

    /// <summary>Spam confidence level: 5 and more is junk, -1 is never junk; null leaves it.</summary>
    public int? SetScl { get; init; }
    public bool DeleteMessage { get; init; }
    public bool Quarantine { get; init; }

    public bool StopsAfterwards { get; init; }
}

internal enum RuleScope
{
    InOrganization,
    NotInOrganization,
}
