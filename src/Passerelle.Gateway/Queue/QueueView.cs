using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue;

/// <summary>What has not simply left, for people: how much of it each app has, and which letters.</summary>
internal sealed class QueueView(IStore store)
{
    /// <summary>In the order in which a person looks.</summary>
    public static IReadOnlyList<string> States { get; } = ["unclear", "blocked", "dead", "waiting", "claimed", "submitting"];

    /// <summary>Apps and states that have letters.</summary>
    public Task<List<QueueCount>> CountsAsync(Guid organisationId, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).List<QueueCount>(
            $"""
            SELECT app_id, state, COUNT(*) AS letters FROM letter WHERE organisation_id = @organisation AND state = 'waiting' GROUP BY app_id, state
            UNION ALL
            SELECT app_id, state, COUNT(*) FROM letter
            WHERE organisation_id = @organisation AND state IN {LetterRows.OpenStates} GROUP BY app_id, state
            """),
        cancel);

    /// <param name="app">Null: of all apps.</param>
    /// <param name="before">The last one of the page before; null: from the newest.</param>
    public Task<List<QueuedLetter>> ListAsync(Guid organisationId, Guid? app, string state, Guid? before, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).List<QueuedLetter>(
            $"""
            SELECT id, app_id, correspondent, subject, origin, state, state_reason, evidence, attempts, created_at, due_at, not_before, expires_at, settled_at FROM letter
            WHERE organisation_id = @organisation AND state = @state{(app is null ? "" : " AND app_id = @app")}{(before is null ? "" : " AND id < @before")}
            ORDER BY id DESC LIMIT @limit
            """,
            new { app, state, before, limit = ListPage.Usual }),
        cancel);
}

internal sealed record QueueCount
{
    public required Guid AppId { get; init; }
    public required string State { get; init; }
    public required long Letters { get; init; }
}

internal sealed record QueuedLetter
{
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }
    public required string Correspondent { get; init; }
    public required string Subject { get; init; }
    public required string Origin { get; init; }
    public required string State { get; init; }

    /// <summary>The server's last words, or why it waits.</summary>
    public required string StateReason { get; init; }

    /// <summary>Of an unclear one: what looking for its copy has come to, and below it the mailbox's own words; empty: nobody looked.</summary>
    public required string Evidence { get; init; }
    public required long Attempts { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public DateTimeOffset? NotBefore { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
}
