using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Access.Keys;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Queue.Returns;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Api;

/// <summary>What became of letters after they left: <c>/api/v1/letters/{id}</c>, <c>/api/v1/letter-events</c>, <c>/api/v1/suppressions</c>.</summary>
internal static class ReturnEndpoints
{
    public static void MapReturns(this RouteGroupBuilder api)
    {
        var letters = api.MapGroup("").WithTags("Letters");
        letters.MapGet("/letters/{id:guid}", ShowAsync).Tags().ForKeys(ApiScopes.LettersRead).WithName("getLetter").WithSummary("Read a letter")
            .WithDescription("Where it stands, and what is known of each recipient.");
        letters.MapGet("/letter-events", EventsAsync).ForKeys(ApiScopes.LettersRead).WithName("listLetterEvents").WithSummary("What came back of letters")
            .WithDescription("Oldest first: bounces, delays, complaints, answers. Pass the id of the last one seen as after. For programs that cannot be called by a webhook.");
        var suppressions = api.MapGroup("/suppressions").WithTags("Suppressions");
        suppressions.MapGet("/", ListAsync).ForKeys(ApiScopes.LettersRead).WithName("listSuppressions").WithSummary("Addresses that no machine writes to");
        suppressions.MapPost("/", AddAsync).RequireAuthorization(Caller.Admin).Audits("suppression-added");
        suppressions.MapPost("/release", ReleaseAsync).RequireAuthorization(Caller.Admin).Audits("suppression-released");
    }

    private static async Task<Results<Ok<LetterDetails>, NotFound>> ShowAsync(Guid id, Organisation organisation, IStore store, CancellationToken cancel) =>
        await store.ReadAsync(tx => LetterDetails.Find(tx, organisation.Id, id), cancel) is { } letter ? TypedResults.Ok(letter) : TypedResults.NotFound();

    /// <summary>Oldest first; <paramref name="after"/> is the id of the last one seen.</summary>
    /// <param name="limit">1 to 500; 100 when absent.</param>
    private static async Task<Ok<List<LetterEvent>>> EventsAsync(Guid? after, int? limit, Organisation organisation, LetterEvents events, CancellationToken cancel) =>
        TypedResults.Ok(await events.AfterAsync(organisation.Id, after, limit ?? 100, cancel));

    private static async Task<Ok<List<Suppression>>> ListAsync(Organisation organisation, Suppressions suppressions, CancellationToken cancel) =>
        TypedResults.Ok(await suppressions.ListAsync(organisation.Id, cancel));

    /// <summary>No machine writes to the address any more.</summary>
    private static async Task<NoContent> AddAsync(Suppressing order, Organisation organisation, Suppressions suppressions, CancellationToken cancel)
    {
        await suppressions.AddAsync(organisation.Id, order.Address, order.Reason ?? "", cancel);
        return TypedResults.NoContent();
    }

    /// <summary>It is written to again. An address that is not suppressed is none the worse.</summary>
    private static async Task<NoContent> ReleaseAsync(Releasing order, Organisation organisation, Suppressions suppressions, CancellationToken cancel)
    {
        await suppressions.ReleaseAsync(organisation.Id, order.Address, cancel);
        return TypedResults.NoContent();
    }

    /// <param name="Reason">Kept beside it; absent: none.</param>
    internal sealed record Suppressing(string Address, string? Reason);

    internal sealed record Releasing(string Address);
}
