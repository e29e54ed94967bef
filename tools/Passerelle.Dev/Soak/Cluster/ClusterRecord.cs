namespace Passerelle.Dev.Soak.Cluster;

/// <summary>One line of the results' file: one cluster of two nodes, struck in every way, then counted.</summary>
internal sealed record ClusterRecord
{
    public required DateTimeOffset At { get; init; }
    public required int Apps { get; init; }
    public int Letters { get; init; }

    /// <summary>Apps of each node before anything was struck.</summary>
    public required IReadOnlyList<int> Owned { get; init; }

    /// <summary>From SIGTERM of a node until each of its apps had sent what was written since, seconds; the slowest.</summary>
    public required double LeaveSeconds { get; init; }

    /// <summary>From the start of a node that had left until it had its share of the apps again, seconds.</summary>
    public required double ShareSeconds { get; init; }

    /// <summary>Letters in doubt after that, when nothing had happened but by order.</summary>
    public required int UnclearByOrder { get; init; }

    /// <summary>From <c>kill -9</c> of a node until each of its apps had sent what was written since, seconds; the slowest.</summary>
    public required double KillSeconds { get; init; }

    /// <summary>The same after SIGSTOP.</summary>
    public required double StopSeconds { get; init; }

    /// <summary>How the woken node ended.</summary>
    public required int ExitCode { get; init; }

    /// <summary>Letters that left in a second, by one node and by two, medians of warm rounds; null: not measured.</summary>
    public double? OneNode { get; init; }
    public double? TwoNodes { get; init; }

    /// <summary>Of the mailbox that sent most: letters within sixty seconds.</summary>
    public int MostInAMinute { get; init; }

    /// <summary>Of the app that asked most, since its token had ended: requests at the token endpoint.</summary>
    public int MostTokenRequests { get; init; }
    public int Throttled { get; init; }

    /// <summary>Letters in doubt at the end, and how many of them the server had taken.</summary>
    public int Unclear { get; init; }
    public int UnclearTaken { get; init; }
    public int Lost { get; init; }
    public int Duplicated { get; init; }
    public IReadOnlyList<string> Notes { get; init; } = [];
}
