using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Sending;

/// <summary>
/// Tries broken apps again by itself: what was wrong is often mended on Microsoft's side, where nobody tells us, and takes
/// effect up to an hour later. An app with a password that was just saved is tried at once, for nobody authorises it. Also renews grants that nobody used for a week, for an idle one dies after 90 days.
/// </summary>
internal sealed class Repairs(
    IStore store, Connect connect, Tokens.TokenSource tokens, IOptions<SendingOptions> options, TimeProvider time, ILogger<Repairs> log)
    : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<(Guid App, long Version), (DateTimeOffset Next, int Tries)> _plan = new();

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

    /// <summary>One round over apps whose time has come, and over idle grants.</summary>
    internal async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            var waiting = await store.ReadAsync(Waiting, cancel);
            foreach (var gone in _plan.Keys.Except(waiting.Select(app => (app.Id, app.Version)))) _plan.TryRemove(gone, out _);
            foreach (var app in waiting.Where(IsDue)) await TryAsync(app, cancel);
            foreach (var app in await store.ReadAsync(tx => Idle(tx, time.GetUtcNow()), cancel)) await tokens.RenewAsync(app, cancel);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.LookFault(fault);
        }
    }

    private async Task TryAsync(EmailApp app, CancellationToken cancel)
    {
        var outcome = await connect.ProveAgainAsync(app, cancel);
        if (outcome is not ConnectOutcome.Refused refused || app.State is not AppState.Unauthorised) return;
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                var isAsTried = AppRows.Find(tx, app.OrganisationId, app.Id) is { State: AppState.Unauthorised } now && now.Version == app.Version;
                if (isAsTried) AppStates.Unauthorise(tx, app.OrganisationId, app.Id, refused.Finding.Sentence, time.GetUtcNow());
                return isAsTried;
            },
            cancel);
    }

    private bool IsDue(EmailApp app)
    {
        var now = time.GetUtcNow();
        var wait = app.State is AppState.Broken ? options.Value.FirstRepairSeconds : 0;
        var plan = _plan.GetOrAdd((app.Id, app.Version), _ => (app.StateSince.AddSeconds(wait), 0));
        if (now < plan.Next) return false;
        _plan[(app.Id, app.Version)] = (
            now + Backoff.After(plan.Tries, TimeSpan.FromSeconds(options.Value.FirstRepairSeconds), Longest, Random.Shared.NextDouble()),
            plan.Tries + 1);
        return true;
    }

    private static List<EmailApp> Waiting(Tx tx) => tx.Across("repairs").List<EmailApp>(
        """
        -- across: repairs
        SELECT * FROM app WHERE state = 'broken' OR (state = 'unauthorised' AND authentication = 'password') ORDER BY state_since LIMIT 100
        """);

    private static List<EmailApp> Idle(Tx tx, DateTimeOffset now) => tx.Across("keeping grants alive").List<EmailApp>(
        """
        -- across: keeping grants alive
        SELECT a.* FROM app a JOIN oauth_grant g ON g.organisation_id = a.organisation_id AND g.app_id = a.id
        WHERE g.state = 'good' AND g.refreshed_at < @since AND a.state IN ('connected', 'degraded') LIMIT 20
        """,
        new { since = now.AddDays(-7) });
}
