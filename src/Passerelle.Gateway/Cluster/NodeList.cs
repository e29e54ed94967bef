using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Cluster;

/// <summary>A machine that works on this store.</summary>
internal sealed record Node
{
    public required string Name { get; init; }
    public required string Address { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>It says so itself every five seconds.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>False: it ended, or the others took it for dead.</summary>
    public required bool Lives { get; init; }

    /// <summary>Apps that it works for; null: all.</summary>
    public required long? Apps { get; init; }
}

/// <summary>Which nodes there are, and what they own.</summary>
internal sealed class NodeList(IStore store, IPlacement placement, TimeProvider time)
{
    /// <summary>Orleans' word for it (<c>SiloStatus</c>).</summary>
    private const int Active = 3;

    /// <summary>What ended longer ago is history.</summary>
    private static readonly TimeSpan Shown = TimeSpan.FromDays(1);

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary>False: one machine, which owns all.</summary>
    public bool IsCluster => placement.Node.Length > 0;

    /// <summary>Those that live first, by name; of a name that ended only the last.</summary>
    public async Task<IReadOnlyList<Node>> ListAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (!IsCluster) return [new Node { Name = Environment.MachineName, Address = "", StartedAt = _startedAt, SeenAt = now, Lives = true, Apps = null }];
        var rows = await store.ReadAsync(Rows, cancel);
        return
        [
            .. from row in rows
               where row.Status == Active || row.AliveTime > (now - Shown).UtcDateTime
               group row by row.Name into named
               let last = named.OrderByDescending(row => row.Status == Active).ThenByDescending(row => row.StartTime).First()
               let lives = last.Status == Active
               orderby lives descending, last.Name
               select new Node
               {
                   Name = last.Name,
                   Address = $"{last.Address}:{last.Port}",
                   StartedAt = new DateTimeOffset(last.StartTime, TimeSpan.Zero),
                   SeenAt = new DateTimeOffset(last.AliveTime, TimeSpan.Zero),
                   Lives = lives,
                   Apps = last.Apps,
               },
        ];
    }

    private static List<Row> Rows(Tx tx) => tx.Across("which node owns what").List<Row>(
        """
        -- across: which node owns what
        SELECT n.name, n.address, n.port, n.status, n.start_time, n.alive_time,
            (SELECT COUNT(*) FROM app a WHERE a.node = n.name AND a.state <> 'gone') AS apps
        FROM node n
        """);

    private sealed record Row
    {
        public required string Name { get; init; }
        public required string Address { get; init; }
        public required int Port { get; init; }
        public required int Status { get; init; }
        public required DateTime StartTime { get; init; }
        public required DateTime AliveTime { get; init; }
        public required long Apps { get; init; }
    }
}
