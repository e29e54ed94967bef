using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Conversations;
using Passerelle.Gateway.Messages;

namespace Passerelle.Gateway.Api;

/// <summary><c>/api/v1/messages/{id}/…</c>: why a message stands in its conversation, and putting it elsewhere.</summary>
internal static class ThreadEndpoints
{
    public static void MapThreads(this RouteGroupBuilder api)
    {
        var message = api.MapGroup("/messages/{id:guid}").WithTags("Messages");
        message.MapGet("/thread", ShowAsync);
        message.MapPost("/split", SplitAsync).Audits("message-split");
        message.MapPost("/merge", MergeAsync).Audits("message-merged");
        message.MapPost("/undo-move", UndoAsync).Audits("message-move-undone");
    }

    private static async Task<Results<Ok<MessageThread>, NotFound>> ShowAsync(
        Guid id, Organisation organisation, StoredMessages messages, CancellationToken cancel) =>
        await messages.ThreadAsync(organisation.Id, id, cancel) is { } thread ? TypedResults.Ok(thread) : TypedResults.NotFound();

    /// <summary>The message and all later ones of its conversation begin a new one.</summary>
    private static async Task<Results<Ok<Moving>, NotFound, ProblemHttpResult>> SplitAsync(
        Guid id, Organisation organisation, Rearrangements conversations, CancellationToken cancel) =>
        Answer(await conversations.SplitAsync(organisation.Id, id, organisation.PersonId ?? Guid.Empty, cancel));

    /// <summary>All of the message's conversation goes into that of the message <c>into</c>.</summary>
    private static async Task<Results<Ok<Moving>, NotFound, ProblemHttpResult>> MergeAsync(
        Guid id, MergeOrder order, Organisation organisation, Rearrangements conversations, CancellationToken cancel) =>
        Answer(await conversations.MergeAsync(organisation.Id, id, order.Into, organisation.PersonId ?? Guid.Empty, cancel));

    /// <summary>Takes back the latest split or merge of the message's conversation.</summary>
    private static async Task<Results<Ok<Moving>, NotFound, ProblemHttpResult>> UndoAsync(
        Guid id, Organisation organisation, Rearrangements conversations, CancellationToken cancel) =>
        Answer(await conversations.UndoAsync(organisation.Id, id, cancel));

    private static Results<Ok<Moving>, NotFound, ProblemHttpResult> Answer(RearrangeOutcome outcome) => outcome switch
    {
        RearrangeOutcome.Done done => TypedResults.Ok(new Moving(done.ConversationId)),
        RearrangeOutcome.Refused refused => TypedResults.Problem(refused.Sentence, statusCode: StatusCodes.Status409Conflict),
        _ => TypedResults.NotFound(),
    };

    /// <param name="Into">A message of the other conversation.</param>
    internal sealed record MergeOrder(Guid Into);

    /// <param name="ConversationId">Where the message stands now.</param>
    internal sealed record Moving(Guid ConversationId);
}
