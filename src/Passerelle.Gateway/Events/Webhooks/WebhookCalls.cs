using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Events.Alarms;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Events.Webhooks;

/// <summary>How one webhook call is made: at least once, signed anew each time, the id says which it is.</summary>
internal sealed class WebhookCalls(
    IStore store, AlarmSettings settings, OutboundHttp outbound, IOptions<EventsOptions> options, TimeProvider time, ILogger<WebhookCalls> log)
{
    /// <summary>More than a request may last; a call whose worker died is made again then.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    public Task<List<AlarmNotice>> DueAsync(int limit, CancellationToken cancel) =>
        store.ReadAsync(tx => AlarmNotices.Due(tx, AlarmNotice.Webhook, time.GetUtcNow(), limit), cancel);

    public async Task CallAsync(AlarmNotice due, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (await store.WriteAsync(Lane.Work, tx => AlarmNotices.Claim(tx, due, now, now + Lease), cancel) is not { } notice) return;
        var (isDone, words) = await PostAsync(notice, cancel);
        log.WebhookCalled(notice.Id, notice.Attempts, words);
        var ended = time.GetUtcNow();
        var state = isDone ? "done" : notice.Attempts < options.Value.MaxWebhookAttempts ? "waiting" : "dead";
        var again = ended + Backoff.After(notice.Attempts - 1, TimeSpan.FromSeconds(options.Value.WebhookRetrySeconds));
        await store.WriteAsync(Lane.Work, tx => AlarmNotices.Put(tx, notice, state, words, again, ended), CancellationToken.None);
    }

    /// <returns>Any 2xx is an answer; everything else, redirects too, is tried again.</returns>
    private async Task<(bool IsDone, string Words)> PostAsync(AlarmNotice notice, CancellationToken cancel)
    {
        try
        {
            using var request = await RequestAsync(notice, cancel);
            using var client = outbound.Client("webhooks");
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            return ((int)answer.StatusCode is >= 200 and < 300, string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)answer.StatusCode}"));
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            return (false, Words(failure));
        }
    }

    private async Task<HttpRequestMessage> RequestAsync(AlarmNotice notice, CancellationToken cancel)
    {
        var secret = (await settings.FindAsync(notice.OrganisationId, cancel)).Secret ?? throw new InvalidOperationException("No signing secret is stored");
        var (id, now) = (notice.Id.ToString(), time.GetUtcNow());
        var request = new HttpRequestMessage(HttpMethod.Post, notice.Target) { Content = new StringContent(notice.Body, Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.MediaType, "utf-8");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Passerelle", null));
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(settings.Open(notice.OrganisationId, secret), id, now, notice.Body));
        return request;
    }

    /// <summary>Never the message of an exception, but for our own policy's.</summary>
    private static string Words(Exception failure) => failure switch
    {
        _ when OutboundRefused.In(failure) is { } refused => refused.Message,
        OperationCanceledException => "No answer in time",
        HttpRequestException http => $"No answer ({http.HttpRequestError})",
        _ => $"Not sent ({failure.GetType().Name})",
    };
}

/// <summary>Makes the webhook calls that are due.</summary>
internal sealed class WebhookWorker(
    WebhookCalls calls, Signals signals, IOptions<EventsOptions> options, TimeProvider time, ILogger<WebhookWorker> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Pickup<AlarmNotice, Guid>(signals.Notices, options.Value.ParallelWebhooks, time, log)
            .RunAsync(calls.DueAsync, notice => notice.Id, calls.CallAsync, stoppingToken);
}
