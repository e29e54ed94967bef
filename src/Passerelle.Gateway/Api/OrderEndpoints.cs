using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Passerelle.Gateway.Sending.Orders;

namespace Passerelle.Gateway.Api;

/// <summary><c>POST /api/v1/letters</c> and the uploads that go with them: a letter by order, not by a message or a flow.</summary>
internal static class OrderEndpoints
{
    /// <summary>Files in base64 and the JSON around them; <c>Sending:MaxFilesBytes</c> bounds the files themselves.</summary>
    private const long LongestOrder = 160 * 1024 * 1024;

    public static void MapOrders(this RouteGroupBuilder api)
    {
        var orders = api.MapGroup("").WithTags("Letters");
        orders.MapPost("/letters", OrderAsync).WithMetadata(new RequestSizeLimitAttribute(LongestOrder)).Audits("letter-ordered");
        orders.MapPost("/uploads", UploadAsync).WithMetadata(new RequestSizeLimitAttribute(LongestOrder))
            .Accepts<byte[]>("application/octet-stream").AuditsNothing("the letter that takes it is in the audit");
    }

    /// <summary>202 with the letter's id, which is the key when one was given: asking twice writes one letter.</summary>
    private static async Task<Results<Accepted<OrderedLetter>, NotFound, ProblemHttpResult>> OrderAsync(
        LetterOrder order, Organisation organisation, LetterOrders letters, CancellationToken cancel) =>
        await letters.WriteAsync(organisation.Id, organisation.PersonId, order, cancel) switch
        {
            OrderOutcome.Written written => TypedResults.Accepted((string?)null, new OrderedLetter(written.LetterId)),
            OrderOutcome.Refused refused => TypedResults.Problem(refused.Sentence, statusCode: StatusCodes.Status400BadRequest),
            _ => TypedResults.NotFound(),
        };

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
