using System.Collections.Immutable;

namespace Passerelle.Lab.State;

/// <summary>A rule of one mailbox (facts §6.1), run when a mail is delivered to it.</summary>
internal sealed record InboxRule
{
    /// <summary>RuleIdentity of the cmdlets: a number, unique in the mailbox.</summary>
    public required long Id { get; init; }
    public required string Name { get; init; }

    /// <summary>Rules run from 1 upwards.</summary>
    public int Priority { get; init; } = 1;
    public bool Enabled { get; init; } = true;
    public ImmutableArray<string> FromContains { get; init; } = [];
    public ImmutableArray<string> SubjectContainsWords { get; init; } = [];
    public ImmutableArray<string> RedirectTo { get; init; } = [];
    public ImmutableArray<string> ForwardTo { get; init; } = [];
    public ImmutableArray<string> ForwardAsAttachmentTo { get; init; } = [];
    public bool DeleteMessage { get; init; }

    /// <summary>Inbox, Junk Email or Deleted Items; null leaves it.</summary>
    public string? MoveToFolder { get; init; }
    public bool StopProcessingRules { get; init; } = true;
}
