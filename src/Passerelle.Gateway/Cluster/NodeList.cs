using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Cluster;

/// <summary>How it stands with a machine of the cluster.</summary>
internal enum NodeState
{
    /// <summary>It works for its apps.</summary>
    Lives,

    /// <summary>It is about to: it comes, or it goes and hands over what it has.</summary>
    Moves,

    /// <summary>It said nothing for a while, and nobody has judged it yet.</summary>
    Silent,

    /// <summary>The others took it for dead: what it still does is refused.</summary>
    Fenced,

    /// <summary>It ended in order.</summary>
    Gone,
}

/// <summary>A machine that works on this store.</summary>
internal sealed record Node
{
    public required string Name { get; init; }

    /// <summary>Host and port for the other nodes; empty for the only one.</summary>
    public required string Address { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Its last sign of life, by our clock; it gives one every five seconds.</summary>
    public required DateTimeOffset SeenAt { get; init; }
    public required NodeState State { get; init; }

    /// <summary>Apps of all organisations that it works for; null: all.</summary>
    public required long? Apps { get; init; }

    /// <summary>How far its clock is before the database's; null: not compared yet.</summary>
    public required TimeSpan? ClockAhead { get; init; }

    /// <summary>Whether somebody should set its clock.</summary>
    public bool IsClockWrong => ClockAhead is { } ahead && ahead.Duration() > NodeClock.Bearable;
}

/// <summary>An app and who works for it.</summary>
internal sealed record OwnedApp
{
    public required Guid Id { get; init; }
    public required string AssetName { get; init; }
    public required string Node { get; init; }
}

/// <summary>Which nodes there are, and what they own.</summary>
internal sealed class NodeList(IStore store, IPlacement placement, TimeProvider time)
{
    /// <summary>What ended longer ago is history.</summary>
    private static readonly TimeSpan Shown = TimeSpan.FromDays(1);

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary>False: one machine, which owns all.</summary>
    public bool IsCluster => placement.Node.Length > 0;

    /// <summary>The name of the node that answers; empty when it is the only one.</summary>
    public string Here => placement.Node;

    /// <summary>Those that live first, by name; of each name only the last that bore it.</summary>
    public async Task<IReadOnlyList<Node>> ListAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (!IsCluster)
        {
            return
            [
                new Node { Name = Environment.MachineName, Address = "", StartedAt = _startedAt, SeenAt = now, State = NodeState.Lives, Apps = null, ClockAhead = null },
            ];
        }
        return
        [
            .. from row in await store.ReadAsync(NodeRow.All, cancel)
               let silence = row.SilentFor
               where row.Status is not NodeRow.Dead || silence < Shown
               group (row, silence) by row.Name into named
               let last = named.OrderBy(one => one.row.Status is NodeRow.Dead).ThenByDescending(one => one.row.StartTime).First()
               let state = last.row.State
               orderby state, last.row.Name
               select new Node
               {
                   Name = last.row.Name,
                   Address = $"{last.row.Address}:{last.row.Port}",
                   StartedAt = new DateTimeOffset(last.row.StartTime, TimeSpan.Zero),
                   SeenAt = now - last.silence,
                   State = state,
                   Apps = last.row.Apps,
                   ClockAhead = last.row.Ahead,
               },
        ];
    }

    /// <summary>The organisation's apps that somebody has begun to work for, by name.</summary>
    public Task<List<OwnedApp>> AppsAsync(Guid organisationId, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).List<OwnedApp>(
            "SELECT id, asset_name, node FROM app WHERE organisation_id = @organisation AND node <> '' AND state <> 'gone' ORDER BY asset_name, id"),
        cancel);
}
