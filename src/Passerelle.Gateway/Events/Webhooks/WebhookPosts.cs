using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Outbound;

namespace Passerelle.Gateway.Events.Webhooks;

/// <summary>What a receiver answered.</summary>
/// <param name="Status">Of HTTP; 0: there was no answer.</param>
/// <param name="Words">For people; never the message of a foreign exception.</param>
/// <param name="Text">How the body of the answer begins.</param>
/// <param name="AtLeast">What its Retry-After asks for, an hour at most; null: nothing.</param>
internal sealed record WebhookAnswer(int Status, string Words, string Text, TimeSpan Took, TimeSpan? AtLeast)
{
    /// <summary>Any 2xx; everything else, redirects too, is tried again.</summary>
    public bool IsTaken => Status is >= 200 and < 300;

    /// <summary>The receiver wants no more of these (Standard Webhooks 1.0.0, "Delivery and retries").</summary>
    public bool IsGone => Status == 410;
}

/// <summary>The one way in which a webhook is signed and sent: at least once, signed anew each time, the id says which it is.</summary>
internal sealed class WebhookPosts(OutboundHttp outbound, IOptions<EventsOptions> options, TimeProvider time)
{
    private const int MostText = 1_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <param name="secrets">The one in use first.</param>
    public async Task<WebhookAnswer> PostAsync(string url, IReadOnlyList<string> secrets, string id, string body, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.WebhookSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            using var request = Request(url, secrets, id, body);
            using var client = outbound.Client("webhooks");
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var status = (int)answer.StatusCode;
            var text = await BeginningAsync(answer, either.Token);
            return new(status, string.Create(CultureInfo.InvariantCulture, $"HTTP {status}"), text, time.GetElapsedTime(began), WaitIn(answer));
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            return new(0, Words(failure), "", time.GetElapsedTime(began), null);
        }
    }

    private HttpRequestMessage Request(string url, IReadOnlyList<string> secrets, string id, string body)
    {
        var now = time.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.MediaType, "utf-8");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Passerelle", null));
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(secrets, id, now, body));
        return request;
    }

    /// <summary>The status alone decides: an answer that comes too slowly to be read is an answer all the same.</summary>
    private static async Task<string> BeginningAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        var buffer = new byte[MostText];
        try
        {
            await using var content = await answer.Content.ReadAsStreamAsync(cancel);
            var length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
            return Encoding.UTF8.GetString(buffer, 0, length).Replace("\0", "", StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or OperationCanceledException)
        {
            return "";
        }
    }

    private TimeSpan? WaitIn(HttpResponseMessage answer)
    {
        var asked = answer.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - time.GetUtcNow() : null;
        return asked is not { } wait || wait <= TimeSpan.Zero ? null : wait < LongestWait ? wait : LongestWait;
    }

    private static string Words(Exception failure) => failure switch
    {
        _ when OutboundRefused.In(failure) is { } refused => refused.Message,
        OperationCanceledException => "No answer in time",
        HttpRequestException http => $"No answer ({http.HttpRequestError})",
        _ => $"Not sent ({failure.GetType().Name})",
    };
}
