using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Passerelle.Gateway.Access.Keys;
using Passerelle.Gateway.Sending.Orders;

namespace Passerelle.Gateway.Api;

/// <summary><c>POST /api/v1/letters</c> and the uploads that go with them: a letter by order, not by a message or a flow.</summary>
internal static class OrderEndpoints
{
    /// <summary>Files in base64 and the JSON around them; <c>Sending:MaxFilesBytes</c> bounds the files themselves.</summary>
    public const long LongestOrder = 160 * 1024 * 1024;

    public static void MapOrders(this RouteGroupBuilder api)
    {
        var orders = api.MapGroup("").WithTags("Letters");
        orders.MapPost("/letters", OrderAsync).WithMetadata(new RequestSizeLimitAttribute(LongestOrder)).Audits("letter-ordered").ForKeys(ApiScopes.LettersSend)
            .WithName("sendLetter").WithSummary("Send a letter")
            .WithDescription("Answered 202 once the letter is durable; it leaves as soon as the mailbox's limits allow. With an Idempotency-Key, asking again is safe: the same order gives the same letter, another order under the same key is refused with 422.");
        orders.MapPost("/uploads", UploadAsync).WithMetadata(new RequestSizeLimitAttribute(LongestOrder))
            .Accepts<byte[]>("application/octet-stream").AuditsNothing("the letter that takes it is in the audit").ForKeys(ApiScopes.LettersSend)
            .WithName("uploadFile").WithSummary("Upload a file ahead of its letter")
            .WithDescription("The file is the whole body; the id that is answered goes into files[].upload of an order. Kept for a day.");
    }

    /// <summary>202 with the letter's id: asking twice under one key writes one letter.</summary>
    /// <param name="idempotencyKey">Chosen by the caller, once a letter: up to 255 characters.</param>
    private static async Task<Results<Accepted<OrderedLetter>, NotFound, ProblemHttpResult>> OrderAsync(
        LetterOrder order, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, Organisation organisation, LetterOrders letters, CancellationToken cancel)
    {
        if (idempotencyKey is { Length: 0 or > OrderKey.Longest }) return TypedResults.Problem("Idempotency-Key has 1 to 255 characters", statusCode: StatusCodes.Status400BadRequest);
        var once = idempotencyKey is null ? null : OrderKey.Of(organisation.Orderer, idempotencyKey, order);
        return await letters.WriteAsync(organisation.Id, organisation.PersonId, order, once, cancel) switch
        {
            OrderOutcome.Written written => TypedResults.Accepted($"/api/v1/letters/{written.LetterId}", new OrderedLetter(written.LetterId)),
            OrderOutcome.Refused refused => TypedResults.Problem(refused.Sentence, statusCode: StatusCodes.Status400BadRequest),
            OrderOutcome.KeyTaken => TypedResults.Problem(
                "Another order was given under this Idempotency-Key: choose a new key for a new order", statusCode: StatusCodes.Status422UnprocessableEntity),
            _ => TypedResults.NotFound(),
        };
    }

    /// <summary>The file as the whole body; 201 with the id that an order names. 413 when it is larger than a letter's files may be.</summary>
    /// <param name="name">As the reader of the letter shall see it.</param>
    private static async Task<Results<Created<Uploaded>, StatusCodeHttpResult>> UploadAsync(
        string name, HttpRequest request, Organisation organisation, Uploads uploads, CancellationToken cancel) =>
        await uploads.KeepAsync(organisation.Id, name, request.ContentType ?? "", request.Body, cancel) is { } id
            ? TypedResults.Created((string?)null, new Uploaded(id))
            : TypedResults.StatusCode(StatusCodes.Status413PayloadTooLarge);

    internal sealed record OrderedLetter(Guid LetterId);

    internal sealed record Uploaded(Guid Id);
}
