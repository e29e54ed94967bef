using Microsoft.Extensions.Options;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Events.Webhooks;

/// <summary>
/// How events reach a webhook: a round takes a few that are due, posts them side by side, and writes down all answers at once.
/// A webhook has one round at a time, and rests ever longer while nothing is taken, so that one that is slow or down delays
/// itself and nobody else; mail knows nothing of it.
/// </summary>
internal sealed class Deliveries(
    IStore store, WebhookSettings webhooks, WebhookPosts posts, Signals signals, IOptions<EventsOptions> options, TimeProvider time, ILogger<Deliveries> log)
{
    private const int AtOnce = 8;
    private const int ForgetAtOnce = 200;
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);

    /// <summary>More than a call may last; a round whose worker died is made again then.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    public Task<List<Webhook>> DueAsync(int limit, CancellationToken cancel) => store.ReadAsync(tx => WebhookRows.Due(tx, time.GetUtcNow(), limit), cancel);

    public async Task RoundAsync(Webhook webhook, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var taken = await store.WriteAsync(Lane.Maintenance, tx => DeliveryRows.Claim(tx, webhook, now, now + Lease, AtOnce), cancel);
        if (taken.Count == 0) return;
        var secrets = webhooks.SecretsOf(webhook);
        var answers = await Task.WhenAll(taken.Select(delivery => posts.PostAsync(webhook.Url, secrets, delivery.EventId.ToString(), delivery.Body, cancel)));
        foreach (var (delivery, answer) in taken.Zip(answers)) log.WebhookCalled(delivery.Id, delivery.Attempts, answer.Words);
        var (ended, spread) = (time.GetUtcNow(), Random.Shared.NextDouble());
        await store.WriteAsync(Lane.Maintenance, tx => Settle(tx, webhook, [.. taken.Zip(answers)], ended, spread), CancellationToken.None); // answered: it is so
        signals.Views.Raise();
    }

    /// <summary>Forgets what ended long ago.</summary>
    public Task<int> ForgetAsync(CancellationToken cancel) => store.WriteAsync(
        Lane.Maintenance, tx => DeliveryRows.Forget(tx, time.GetUtcNow().AddDays(-options.Value.KeepDeliveriesDays), ForgetAtOnce), cancel);

    public Task<WebhookDelivery?> FindAsync(Guid organisationId, Guid id, CancellationToken cancel) => store.ReadAsync(tx => DeliveryRows.Find(tx, organisationId, id), cancel);

    public Task<List<WebhookAttempt>> AttemptsAsync(Guid organisationId, Guid id, CancellationToken cancel) =>
        store.ReadAsync(tx => DeliveryRows.Attempts(tx, organisationId, id), cancel);

    public Task<List<DeliveryCount>> CountsAsync(Guid organisationId, Guid webhookId, CancellationToken cancel) =>
        store.ReadAsync(tx => DeliveryRows.Counts(tx, organisationId, webhookId), cancel);

    /// <returns>Newest first.</returns>
    public Task<List<WebhookDelivery>> ListAsync(Guid organisationId, Guid webhookId, string state, Guid? before, int limit, CancellationToken cancel) =>
        store.ReadAsync(tx => DeliveryRows.List(tx, organisationId, webhookId, state, before, limit), cancel);

    /// <returns>False when the organisation has no such delivery.</returns>
    public async Task<bool> ReplayAsync(Guid organisationId, Guid id, CancellationToken cancel)
    {
        var found = await store.WriteAsync(Lane.Work, tx => DeliveryRows.Replay(tx, organisationId, id, time.GetUtcNow()), cancel);
        signals.Deliveries.Raise();
        return found;
    }

    /// <returns>How many dead ones are due again.</returns>
    public async Task<int> ReplayDeadAsync(Guid organisationId, Guid webhookId, CancellationToken cancel)
    {
        var count = await store.WriteAsync(Lane.Work, tx => DeliveryRows.ReplayDead(tx, organisationId, webhookId, time.GetUtcNow()), cancel);
        signals.Deliveries.Raise();
        return count;
    }

    private bool Settle(Tx tx, Webhook webhook, IReadOnlyList<(WebhookDelivery Delivery, WebhookAnswer Answer)> round, DateTimeOffset now, double spread)
    {
        foreach (var (delivery, answer) in round)
        {
            var state = answer.IsTaken ? WebhookDelivery.Done
                : answer.IsGone || delivery.Attempts >= options.Value.MaxWebhookAttempts ? WebhookDelivery.Dead
                : WebhookDelivery.Waiting;
            DeliveryRows.Settle(tx, delivery, answer, state, now + WaitAfter(delivery.Attempts - 1, spread, answer.AtLeast), now);
        }
        if (round.Any(one => one.Answer.IsTaken)) WebhookRows.Recovered(tx, webhook);
        else WebhookRows.Rests(tx, webhook, now, now + Backoff.After(webhook.Failures, TimeSpan.FromSeconds(1), LongestRest, spread, round.Max(one => one.Answer.AtLeast)));
        if (round.Any(one => one.Answer.IsGone))
        {
            const string Gone = "The receiver answered 410: it wants no more. Switch it on again when that was a mistake";
            WebhookRows.SwitchOff(tx, webhook, Gone);
            DeliveryRows.BuryWaiting(tx, webhook, Gone, now);
        }
        return true;
    }

    private TimeSpan WaitAfter(long failures, double spread, TimeSpan? atLeast) =>
        Backoff.After(failures, TimeSpan.FromSeconds(options.Value.WebhookRetrySeconds), TimeSpan.FromHours(1), spread, atLeast);
}

/// <summary>Makes the rounds that are due, and forgets what ended long ago.</summary>
internal sealed class DeliveryWorker(
    Deliveries deliveries, Signals signals, IOptions<EventsOptions> options, TimeProvider time, ILogger<DeliveryWorker> log) : BackgroundService
{
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromMinutes(10);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        new Pickup<Webhook, Guid>(signals.Deliveries, options.Value.ParallelReceivers, time, log)
            .RunAsync(deliveries.DueAsync, webhook => webhook.Id, deliveries.RoundAsync, stoppingToken),
        ForgetAsync(stoppingToken));

    private async Task ForgetAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(ForgetEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                try
                {
                    while (await deliveries.ForgetAsync(cancel) > 0) cancel.ThrowIfCancellationRequested();
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    log.EventsFault(fault);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // stopping
        }
    }
}
