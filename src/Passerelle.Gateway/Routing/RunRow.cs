namespace Passerelle.Gateway.Routing;

/// <summary>One execution of a flow over one message.</summary>
internal sealed record RunRow
{
    public required Guid OrganisationId { get; init; }
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }
    public required Guid MessageId { get; init; }
    public required Guid ConversationId { get; init; }
    public required Guid FlowId { get; init; }
    public required long FlowVersion { get; init; }

    /// <summary>waiting, done or failed.</summary>
    public required string State { get; init; }
    public required string StateReason { get; init; }

    /// <summary>JSON state of the engine.</summary>
    public required string Snapshot { get; init; }

    /// <summary>Also the run's only clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>One line of a run, for the journey page.</summary>
internal sealed record RunStep
{
    public required long Number { get; init; }
    public required string Node { get; init; }
    public required string Kind { get; init; }

    /// <summary>done, yes, no, asked, answered, failed; of letters written or refused.</summary>
    public required string Result { get; init; }
    public required string Detail { get; init; }
    public required DateTimeOffset At { get; init; }
}
