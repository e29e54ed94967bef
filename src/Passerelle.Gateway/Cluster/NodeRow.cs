using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Cluster;

/// <summary>A row of table <c>node</c>: Orleans writes it, but for the clock, which <see cref="NodeClock"/> compares.</summary>
internal sealed record NodeRow
{
    /// <summary>Orleans' words for it (<c>SiloStatus</c>).</summary>
    public const int Active = 3;

    /// <inheritdoc cref="Active"/>
    public const int Dead = 6;

    /// <summary>Three signs of life were due.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    public required string Name { get; init; }
    public required string Address { get; init; }
    public required int Port { get; init; }

    /// <summary>Name of the machine.</summary>
    public required string Host { get; init; }
    public required int Status { get; init; }

    /// <summary>Who says that it is dead, and when: <c>10.0.0.12:11111@154942975,2026-11-01 12:00:00.000 GMT|…</c>, itself too when it ends in order.</summary>
    public string? SuspectTimes { get; init; }
    public required DateTime StartTime { get; init; }

    /// <summary>By the node's own clock.</summary>
    public required DateTime AliveTime { get; init; }

    /// <summary>By the database's.</summary>
    public required DateTime Now { get; init; }
    public required long Apps { get; init; }

    /// <summary>Milliseconds.</summary>
    public long? ClockAhead { get; init; }

    public TimeSpan? Ahead => ClockAhead is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    /// <summary>Since its last sign of life, whatever its clock says.</summary>
    public TimeSpan SilentFor => Now - AliveTime + (Ahead ?? TimeSpan.Zero);

    public NodeState State => Status switch
    {
        Dead => IsCondemned ? NodeState.Fenced : NodeState.Gone,
        _ when SilentFor > Silence => NodeState.Silent,
        Active => NodeState.Lives,
        _ => NodeState.Moves,
    };

    private bool IsCondemned => (SuspectTimes ?? "").Split('|', StringSplitOptions.RemoveEmptyEntries)
        .Any(one => !one.StartsWith(FormattableString.Invariant($"{Address}:{Port}@"), StringComparison.Ordinal));

    public static List<NodeRow> All(Tx tx) => tx.Across("which node owns what").List<NodeRow>(
        """
        -- across: which node owns what
        SELECT n.name, n.address, n.port, n.host, n.status, n.suspect_times, n.start_time, n.alive_time, clock_timestamp() AS now, n.clock_ahead,
            (SELECT COUNT(*) FROM app a WHERE a.node = n.name AND a.state <> 'gone') AS apps
        FROM node n
        """);
}
