using System.Net.Http.Headers;
using System.Text;
using Passerelle.Flows;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Routing.Calls;

/// <summary>What came of one HTTP call.</summary>
internal abstract record CallOutcome
{
    private CallOutcome() { }

    /// <summary>A complete answer; whether its status is good news the flow decides.</summary>
    public sealed record Answered(int Status, string Body) : CallOutcome;

    /// <summary>Nobody answered, or with 408, 429 or 5xx: trying again may help.</summary>
    /// <param name="Answer">What was answered, for the flow, should no further attempt be made; null when nothing was.</param>
    public sealed record Later(string Reason, Answered? Answer) : CallOutcome;

    /// <summary>Trying again cannot help.</summary>
    public sealed record Refused(string Reason) : CallOutcome;

    public FlowEvent ToEvent(string stepId) => this switch
    {
        Answered answered => new FlowEvent.HttpAnswered(stepId, answered.Status, answered.Body),
        Later { Answer: { } answer } => new FlowEvent.HttpAnswered(stepId, answer.Status, answer.Body),
        Later later => new FlowEvent.HttpFailed(stepId, later.Reason),
        Refused refused => new FlowEvent.HttpFailed(stepId, refused.Reason),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>Makes one call, through the outbound policy, redirects not followed.</summary>
internal sealed class HttpCaller(OutboundHttp outbound, Sealer sealer)
{
    /// <summary>Throws nothing but cancellation.</summary>
    public async Task<CallOutcome> CallAsync(HttpCallRow call, CancellationToken cancel)
    {
        try
        {
            using var request = NewRequest(call.Id, HttpRequestText.Open(sealer, call.OrganisationId, call.Id, call.Request));
            using var client = outbound.Client("flows");
            using var answer = await client.SendAsync(request, cancel);
            var answered = new CallOutcome.Answered((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancel));
            return answered.Status is 408 or 429 or >= 500
                ? new CallOutcome.Later($"the server answered {answered.Status}", answered)
                : answered;
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            return Classify(failure);
        }
    }

    private static CallOutcome Classify(Exception failure) => failure switch
    {
        _ when OutboundRefused.In(failure) is { } refused => new CallOutcome.Refused(refused.Message),
        System.Security.Cryptography.CryptographicException => new CallOutcome.Refused("the request cannot be opened: its key is missing"),
        FormatException or ArgumentException => new CallOutcome.Refused($"the request is not one: {failure.GetType().Name}"),
        OperationCanceledException => new CallOutcome.Later("no answer in time", null),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new CallOutcome.Refused("the answer is too long"),
        HttpRequestException http => new CallOutcome.Later($"no answer ({http.HttpRequestError})", null),
        _ => new CallOutcome.Later($"no answer ({failure.GetType().Name})", null),
    };

    private static HttpRequestMessage NewRequest(Guid id, HttpRequestText text)
    {
        var request = new HttpRequestMessage(new HttpMethod(text.Method), text.Url);
        request.Headers.Add("Idempotency-Key", id.ToString());
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Passerelle", null));
        if (text.Body is { } body) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in text.Headers)
        {
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && request.Content is { } content)
            {
                content.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return request;
    }
}
