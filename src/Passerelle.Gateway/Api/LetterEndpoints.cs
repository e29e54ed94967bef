using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Access.Keys;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Api;

/// <summary><c>/api/v1/letters</c>: what a person decides about a letter that did not simply leave.</summary>
internal static class LetterEndpoints
{
    public static void MapLetters(this RouteGroupBuilder api)
    {
        api.MapGet("/letters", ListAsync).WithTags("Letters").ForKeys(ApiScopes.LettersRead).WithName("listLetters").WithSummary("List letters")
            .WithDescription("Newest first, whatever their state. Pass next of a page as before of the following one.");
        var orders = api.MapGroup("/letters/{id:guid}").WithTags("Letters").RequireAuthorization(Caller.Admin);
        orders.MapPost("/requeue", RequeueAsync).Audits("letter-requeued");
        orders.MapPost("/release", ReleaseAsync).Audits("letter-released");
        orders.MapPost("/cancel", CancelAsync).Audits("letter-cancelled").ForKeys(ApiScopes.LettersCancel).WithName("cancelLetter").WithSummary("Cancel a letter")
            .WithDescription("It never leaves. 409 when it is on its way already, has left, or is dead.");
        orders.MapPost("/resolve", ResolveAsync).Audits("letter-resolved");
    }

    /// <param name="app">Only this app's.</param>
    /// <param name="state">waiting, claimed, submitting, blocked, settled, dead or unclear.</param>
    /// <param name="before">The <c>next</c> of the page before.</param>
    /// <param name="limit">1 to 200; 50 when absent.</param>
    private static async Task<Results<Ok<LetterPage>, ProblemHttpResult>> ListAsync(
        Guid? app, string? state, Guid? before, int? limit, Organisation organisation, LetterPages letters, CancellationToken cancel) =>
        state is not null && !LetterPages.States.Contains(state)
            ? TypedResults.Problem($"There is no such state: ask for {string.Join(", ", LetterPages.States)}", statusCode: StatusCodes.Status400BadRequest)
            : TypedResults.Ok(await letters.ListAsync(organisation.Id, app, state, before, ListPage.Of(limit), cancel));

    /// <summary>A dead letter is due now, with all its attempts again. 409 when it is not dead (any more).</summary>
    private static async Task<Results<NoContent, NotFound, Conflict>> RequeueAsync(
        Guid id, Organisation organisation, LetterActions letters, CancellationToken cancel) =>
        Answer(await letters.RequeueAsync(organisation.Id, id, cancel));

    /// <summary>A waiting or blocked letter is tried now. 409 when it is in another state by now.</summary>
    private static async Task<Results<NoContent, NotFound, Conflict>> ReleaseAsync(
        Guid id, Organisation organisation, LetterActions letters, CancellationToken cancel) =>
        Answer(await letters.HurryAsync(organisation.Id, id, cancel));

    /// <summary>A waiting or blocked letter never leaves. 409 when it is in another state by now.</summary>
    private static async Task<Results<NoContent, NotFound, Conflict>> CancelAsync(
        Guid id, LetterCancellation order, Organisation organisation, LetterActions letters, CancellationToken cancel) =>
        Answer(await letters.CancelAsync(organisation.Id, id, order.Reason, cancel));

    /// <summary>An unclear letter left, or did not and is sent again. 409 when it is not unclear (any more).</summary>
    private static async Task<Results<NoContent, NotFound, Conflict>> ResolveAsync(
        Guid id, LetterResolution order, Organisation organisation, LetterActions letters, CancellationToken cancel) =>
        Answer(order.Left
            ? await letters.ResolveAsLeftAsync(organisation.Id, id, order.Evidence, cancel)
            : await letters.ResolveAsNotLeftAsync(organisation.Id, id, "", cancel));

    private static Results<NoContent, NotFound, Conflict> Answer(LetterChange change) => change switch
    {
        LetterChange.Done => TypedResults.NoContent(),
        LetterChange.Unknown => TypedResults.NotFound(),
        _ => TypedResults.Conflict(),
    };

    /// <param name="Reason">Kept with the letter.</param>
    internal sealed record LetterCancellation(string Reason);

    /// <param name="Left">True: it reached its recipients. False: it did not, and is sent again.</param>
    /// <param name="Evidence">How that is known; kept with the letter.</param>
    internal sealed record LetterResolution(bool Left, string Evidence);
}
