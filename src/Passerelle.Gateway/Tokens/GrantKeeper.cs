using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tokens;

/// <summary>
/// Renews grants that nobody uses, once a day each at a moment of its own. A refresh token dies after 90 idle days
/// (facts/microsoft365.md §1.12), and what was revoked is then known before the next letter finds it out.
/// </summary>
internal sealed class GrantKeeper(
    IStore store, TokenSource tokens, IOptions<TokensOptions> options, TimeProvider time, ILogger<GrantKeeper> log) : BackgroundService
{
    private const int MostLookedAt = 1000;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    /// <summary>After a provider that did not answer: there are 89 days left.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(30);
    private readonly ConcurrentDictionary<(Guid, Guid), DateTimeOffset> _notBefore = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping
        }
    }

    /// <summary>One round over the grants whose time has come.</summary>
    internal async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            var now = time.GetUtcNow();
            var due = (await store.ReadAsync(tx => Idle(tx, now - Keep * 0.75), cancel))
                .Where(grant => DueAt(grant) <= now && _notBefore.GetValueOrDefault((grant.OrganisationId, grant.AppId)) <= now)
                .Take(options.Value.KeepPerMinute);
            await Parallel.ForEachAsync(
                due, new ParallelOptions { MaxDegreeOfParallelism = options.Value.Concurrent, CancellationToken = cancel }, KeepAsync);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.KeepFault(fault);
        }
    }

    private async ValueTask KeepAsync(IdleGrant grant, CancellationToken cancel)
    {
        var key = (grant.OrganisationId, grant.AppId);
        if (await store.ReadAsync(tx => AppRows.Find(tx, grant.OrganisationId, grant.AppId), cancel) is not { } app) return;
        if (await tokens.RenewAsync(app, cancel) is TokenAnswer.Later) _notBefore[key] = time.GetUtcNow() + Pause * (0.5 + Random.Shared.NextDouble());
        else _notBefore.TryRemove(key, out _);
    }

    private TimeSpan Keep => TimeSpan.FromHours(options.Value.KeepHours);

    /// <summary>The same for an app every day, and spread over all apps: the end of a UUIDv7 is random.</summary>
    private DateTimeOffset DueAt(IdleGrant grant) =>
        grant.RefreshedAt + Keep * (0.75 + 0.25 * grant.AppId.ToByteArray(bigEndian: true)[^1] / 256);

    private static List<IdleGrant> Idle(Tx tx, DateTimeOffset since) => tx.Across("keeping grants alive").List<IdleGrant>(
        """
        -- across: keeping grants alive
        SELECT g.organisation_id, g.app_id, g.refreshed_at FROM oauth_grant g
        JOIN app a ON a.organisation_id = g.organisation_id AND a.id = g.app_id
        WHERE g.state = 'good' AND g.refreshed_at <= @since AND (g.refresh_token IS NOT NULL OR a.way = 'app-only')
          AND a.state IN ('connected', 'degraded', 'paused')
        ORDER BY g.refreshed_at LIMIT @MostLookedAt
        """,
        new { since, MostLookedAt });

    private sealed record IdleGrant
    {
        public required Guid OrganisationId { get; init; }
        public required Guid AppId { get; init; }
        public required DateTimeOffset RefreshedAt { get; init; }
    }
}
