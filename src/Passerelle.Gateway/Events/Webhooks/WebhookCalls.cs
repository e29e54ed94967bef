using Microsoft.Extensions.Options;
using Passerelle.Gateway.Events.Alarms;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Events.Webhooks;

/// <summary>How an alarm is told by the address that the alarms' own settings name.</summary>
internal sealed class WebhookCalls(
    IStore store, AlarmSettings settings, WebhookPosts posts, IOptions<EventsOptions> options, TimeProvider time, ILogger<WebhookCalls> log)
{
    /// <summary>More than a request may last; a call whose worker died is made again then.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    public Task<List<AlarmNotice>> DueAsync(int limit, CancellationToken cancel) =>
        store.ReadAsync(tx => AlarmNotices.Due(tx, AlarmNotice.Webhook, time.GetUtcNow(), limit), cancel);

    public async Task CallAsync(AlarmNotice due, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (await store.WriteAsync(Lane.Work, tx => AlarmNotices.Claim(tx, due, now, now + Lease), cancel) is not { } notice) return;
        var answer = await PostAsync(notice, cancel);
        log.WebhookCalled(notice.Id, notice.Attempts, answer.Words);
        var ended = time.GetUtcNow();
        var state = answer.IsTaken ? "done" : notice.Attempts < options.Value.MaxWebhookAttempts ? "waiting" : "dead";
        var again = ended + Backoff.After(notice.Attempts - 1, TimeSpan.FromSeconds(options.Value.WebhookRetrySeconds));
        await store.WriteAsync(Lane.Work, tx => AlarmNotices.Put(tx, notice, state, answer.Words, again, ended), CancellationToken.None);
    }

    private async Task<WebhookAnswer> PostAsync(AlarmNotice notice, CancellationToken cancel) =>
        (await settings.FindAsync(notice.OrganisationId, cancel)).Secret is { } secret
            ? await posts.PostAsync(notice.Target, [settings.Open(notice.OrganisationId, secret)], notice.Id.ToString(), notice.Body, cancel)
            : new WebhookAnswer(0, "No signing secret is stored", "", TimeSpan.Zero, null);
}

/// <summary>Makes the webhook calls that are due.</summary>
internal sealed class WebhookWorker(
    WebhookCalls calls, Signals signals, IOptions<EventsOptions> options, TimeProvider time, ILogger<WebhookWorker> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Pickup<AlarmNotice, Guid>(signals.Notices, options.Value.ParallelWebhooks, time, log)
            .RunAsync(calls.DueAsync, notice => notice.Id, calls.CallAsync, stoppingToken);
}
