namespace Passerelle.Dev.Soak.Cluster;

/// <summary>One line of the results' file: one cluster of two nodes, struck in every way, then counted.</summary>
internal sealed record ClusterRecord
{
    public required DateTimeOffset At { get; init; }
    public required int Apps { get; init; }
    public required int Letters { get; init; }

    /// <summary>Apps of each node before anything was struck.</summary>
    public required IReadOnlyList<int> Owned { get; init; }

    /// <summary>From <c>kill -9</c> of a node until each of its apps had sent what was written since, seconds; the slowest.</summary>
    public required double KillSeconds { get; init; }

    /// <summary>The same after SIGSTOP.</summary>
    public required double StopSeconds { get; init; }

    /// <summary>How the woken node ended.</summary>
    public required int ExitCode { get; init; }

    /// <summary>Letters that left in a second, by one node and by two; null: not measured.</summary>
    public double? OneNode { get; init; }
    public double? TwoNodes { get; init; }

    /// <summary>Of the mailbox that sent most: letters within sixty seconds.</summary>
    public required int MostInAMinute { get; init; }

    /// <summary>Of the app that asked most, since its token had ended: requests at the token endpoint.</summary>
    public required int MostTokenRequests { get; init; }
    public required int Throttled { get; init; }
    public required int Unclear { get; init; }
    public required int Lost { get; init; }
    public required int Duplicated { get; init; }
    public required IReadOnlyList<string> Notes { get; init; }
}
