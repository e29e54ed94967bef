using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Passerelle.Gateway.Access.Keys;
using Passerelle.Gateway.Api.Relayed;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending.Orders;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Api;

/// <summary>
/// <c>/v2/messages</c>: the send call of the model product, so that its clients change an address and a key and nothing else
/// (facts/webex-connect.md §3). The key goes into the header <c>key</c> or <c>Authorization: Bearer</c>.
/// </summary>
internal static class RelayedEndpoints
{
    public static void MapRelayed(this WebApplication app)
    {
        var relayed = app.MapGroup("/v2/messages").RequireAuthorization();
        relayed.AddEndpointFilter<RouteGroupBuilder, SameOrigin>().AddEndpointFilter<RouteGroupBuilder, Audited>();
        relayed.MapPost("/", SendAsync).WithMetadata(new RequestSizeLimitAttribute(OrderEndpoints.LongestOrder)).Audits("letter-ordered").ForKeys(ApiScopes.LettersSend);
        relayed.MapGet("/{id:guid}", ShowAsync).ForKeys(ApiScopes.LettersRead);
    }

    /// <summary>201 once every mail of the call is durable.</summary>
    private static async Task<IResult> SendAsync(HttpRequest request, Organisation organisation, IStore store, LetterOrders letters, TimeProvider time, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var (order, unreadable) = await ReadAsync(request, cancel);
        if (order is null) return Refuse(unreadable!); // one of both is there
        if (RelayedRules.Judge(order, now) is { } refusal) return Refuse(refusal);
        var app = await store.ReadAsync(tx => AppRows.FindByAddress(tx, organisation.Id, order.From!), cancel); // judged
        if (app is null) return Refuse(new(RelayedRules.WrongApp, "from is the Email ID of no app: see GET /api/v1/apps"));
        var key = request.Headers["Idempotency-Key"].ToString();
        if (key.Length > OrderKey.Longest) return Refuse(new(RelayedRules.WrongValue, "Idempotency-Key has up to 255 characters"));

        var mails = order.MultipleToRecipients
            ? [(To: [.. order.To!.SelectMany(one => one.Addresses)], One: order.To![0])]
            : order.To!.SelectMany(one => one.Addresses.Select(address => (To: new List<string> { address }, One: one))).ToList(); // judged
        var answers = new List<RelayedOne>();
        foreach (var (to, one) in mails)
        {
            var letter = RelayedRules.OrderOf(order, app.Id, to, one, now);
            var once = key.Length == 0 ? null : OrderKey.Of(organisation.Orderer, string.Create(CultureInfo.InvariantCulture, $"{key}#{answers.Count}"), letter with { ExpiresAt = order.ExpireAt });
            answers.Add(Answer(string.Join(", ", to), one, await letters.WriteAsync(organisation.Id, organisation.PersonId, letter, once, cancel)));
        }
        return Answer(answers, now);
    }

    private static async Task<(RelayedOrder? Order, RelayedRefusal? Refusal)> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, cancellationToken: cancel);
            try
            {
                return document.Deserialize<RelayedOrder>(JsonSerializerOptions.Web) is { } order ? (order, null) : (null, new(RelayedRules.InvalidJson, "Invalid JSON"));
            }
            catch (JsonException wrong)
            {
                return (null, new(RelayedRules.WrongValue, $"{wrong.Path?.TrimStart('$', '.')} has a value of another kind"));
            }
        }
        catch (JsonException)
        {
            return (null, new(RelayedRules.InvalidJson, "Invalid JSON"));
        }
    }

    private static RelayedOne Answer(string to, RelayedTo one, OrderOutcome outcome) => outcome switch
    {
        OrderOutcome.Written written => new(to, written.LetterId, one.CorrelationId ?? written.LetterId.ToString(), "queued", null, null),
        OrderOutcome.Refused refused => new(to, null, one.CorrelationId ?? "", "rejected", RelayedRules.WrongValue, refused.Sentence),
        OrderOutcome.KeyTaken => new(to, null, one.CorrelationId ?? "", "rejected", RelayedRules.WrongValue, "Another order was given under this Idempotency-Key"),
        _ => new(to, null, one.CorrelationId ?? "", "rejected", RelayedRules.WrongApp, "The app is not there any more"),
    };

    private static IResult Answer(List<RelayedOne> answers, DateTimeOffset now) => answers switch
    {
        [{ MessageId: { } id } only] => TypedResults.Json(new RelayedAnswer(now, id, only.CorrelationId, only.Status), statusCode: StatusCodes.Status201Created),
        _ when answers.Find(one => one.MessageId is not null) is { } first => TypedResults.Json(
            new RelayedAnswers(now, first.MessageId, first.CorrelationId, first.Status, answers), statusCode: StatusCodes.Status201Created),
        _ => Refuse(new(answers[0].Code!, answers[0].Message!)), // none was written: each says why
    };

    private static async Task<Results<Ok<RelayedState>, NotFound>> ShowAsync(Guid id, Organisation organisation, IStore store, CancellationToken cancel)
    {
        var (letter, app) = await store.ReadAsync(
            tx => LetterDetails.Find(tx, organisation.Id, id) is { } found ? (found, AppRows.Find(tx, organisation.Id, found.AppId)) : (null, null), cancel);
        return letter is null ? TypedResults.NotFound() : TypedResults.Ok(RelayedState.Of(letter, app?.EmailId ?? ""));
    }

    private static JsonHttpResult<RelayedRefusal> Refuse(RelayedRefusal refusal) => TypedResults.Json(refusal, statusCode: StatusCodes.Status400BadRequest);
}
