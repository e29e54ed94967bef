using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Sending;

/// <summary>
/// Tries broken apps again by itself: what was wrong is often mended on Microsoft's side, where nobody tells us, and takes
/// effect up to an hour later. An app with a password that was just saved is tried at once, for nobody authorises it.
/// </summary>
internal sealed class Repairs(
    IStore store, Connect connect, IOptions<SendingOptions> options, TimeProvider time, ILogger<Repairs> log)
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

    /// <summary>One round over apps whose time has come.</summary>
    internal async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            var waiting = await store.ReadAsync(Waiting, cancel);
            foreach (var gone in _plan.Keys.Except(waiting.Select(app => (app.Id, app.Version)))) _plan.TryRemove(gone, out _);
            foreach (var app in waiting.Where(IsDue)) await TryAsync(app, cancel);
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
}
