using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Access.Keys;
using Passerelle.Gateway.Conversations;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Messages.Search;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Api;

/// <summary><c>/api/v1/messages</c>: read what came, answer it as a person.</summary>
internal static class MessageEndpoints
{
    public static void MapMessages(this RouteGroupBuilder api)
    {
        var messages = api.MapGroup("/messages").WithTags("Messages");
        messages.MapGet("/", ListAsync).ForKeys(ApiScopes.MessagesRead).WithName("listMessages").WithSummary("List and search messages")
            .WithDescription("Newest first. Pass next of a page as before of the following one.");
        messages.MapGet("/{id:guid}", ShowAsync).Tags().ForKeys(ApiScopes.MessagesRead).WithName("getMessage").WithSummary("Read a message");
        messages.MapGet("/{id:guid}/source", SourceAsync).ForKeys(ApiScopes.MessagesRead).WithName("getMessageSource").WithSummary("The mail as it came, with its attachments");
        messages.MapPost("/{id:guid}/reply", ReplyAsync).Audits("message-answered");
        messages.MapPost("/{id:guid}/release", ReleaseAsync).RequireAuthorization(Caller.Admin).Audits("message-released");
    }

    /// <summary>Newest first, quarantined ones left out where they are not asked for; <paramref name="before"/> is the <c>next</c> of the page before.</summary>
    /// <param name="q">Words that must all be there; <c>"in this order"</c>, <c>-without</c>, <c>begin*</c>, and <c>from:</c>, <c>subject:</c>,
    /// <c>id:</c> before one of those.</param>
    /// <param name="app">Only this app's; another organisation's app has no messages here.</param>
    /// <param name="kind">human, auto-reply, bounce, delay, delivery-notice, feedback-report, calendar, forwarding-confirmation, read-receipt,
    /// mailing-list, canary or unreadable.</param>
    /// <param name="since">First day of receipt (UTC), <c>2026-11-28</c>.</param>
    /// <param name="until">Last day of receipt (UTC).</param>
    /// <param name="quarantined">Only those in quarantine.</param>
    /// <param name="limit">1 to 200; 50 when absent.</param>
    private static async Task<Results<Ok<MessagePage>, ProblemHttpResult>> ListAsync(
        string? q, Guid? app, string? kind, DateOnly? since, DateOnly? until, bool? quarantined, Guid? before, int? limit, Organisation organisation, MessageSearch search,
        CancellationToken cancel)
    {
        if (kind is { Length: > 0 } && !SearchOrder.Kinds.Contains(kind))
            return TypedResults.Problem($"There is no kind {kind}: ask for {string.Join(", ", SearchOrder.Kinds)}", statusCode: StatusCodes.Status400BadRequest);
        try
        {
            return TypedResults.Ok(await search.FindAsync(organisation.Id, new SearchOrder(SearchQuery.Of(q), app, kind ?? "", since, until, quarantined ?? false), before, ListPage.Of(limit), cancel));
        }
        catch (TimeoutException)
        {
            return TypedResults.Problem("The search takes too long: ask for a rarer word, or for fewer days", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<Results<Ok<Message>, NotFound>> ShowAsync(
        Guid id, Organisation organisation, StoredMessages messages, CancellationToken cancel) =>
        await messages.FindAsync(organisation.Id, id, cancel) is { } message ? TypedResults.Ok(message) : TypedResults.NotFound();

    /// <summary>The mail as it came, our trace header and Authentication-Results on top; always a download. 409 while it is in quarantine, 410 when it is kept no longer.</summary>
    private static async Task<Results<PushStreamHttpResult, NotFound, ProblemHttpResult>> SourceAsync(
        Guid id, Organisation organisation, StoredMessages messages, ShownSource sources, CancellationToken cancel)
    {
        if (await messages.FindAsync(organisation.Id, id, cancel) is not { } message) return TypedResults.NotFound();
        if (message.IsQuarantined) return TypedResults.Problem(Quarantine.Closed, statusCode: StatusCodes.Status409Conflict);
        if (message.RawPrunedAt is not null) return TypedResults.Problem(Message.SourceGone, statusCode: StatusCodes.Status410Gone);
        return await sources.FindAsync(organisation.Id, id, cancel) is { } source
            ? TypedResults.Stream(source, "application/octet-stream", $"{id}.eml")
            : TypedResults.NotFound();
    }

    /// <summary>Lets a mail in which malware was found go on as usual; 409 when it is not in quarantine, or cannot go on.</summary>
    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> ReleaseAsync(
        Guid id, Organisation organisation, Quarantine quarantine, CancellationToken cancel) =>
        await quarantine.ReleaseAsync(organisation.Id, id, cancel) switch
        {
            ReleaseOutcome.Released => TypedResults.NoContent(),
            ReleaseOutcome.Refused refused => TypedResults.Problem(refused.Sentence, statusCode: StatusCodes.Status409Conflict),
            _ => TypedResults.NotFound(),
        };

    /// <summary>202 with the letter's id, which is the key that was given: asking twice writes one letter.</summary>
    private static async Task<Results<Accepted<WrittenLetter>, NotFound, ProblemHttpResult>> ReplyAsync(
        Guid id, ReplyOrder order, Organisation organisation, Replies replies, CancellationToken cancel) =>
        organisation.PersonId is not { } person
            ? TypedResults.Problem("A reply is a person's: sign in", statusCode: StatusCodes.Status403Forbidden)
            : await replies.WriteAsync(organisation.Id, id, person, order.ReplyAll, order.Text, order.Key, cancel) switch
            {
                ReplyOutcome.Written written => TypedResults.Accepted((string?)null, new WrittenLetter(written.LetterId)),
                ReplyOutcome.Refused refused => TypedResults.Problem(refused.Sentence, statusCode: StatusCodes.Status400BadRequest),
                _ => TypedResults.NotFound(),
            };

    /// <param name="Key">A UUID that the caller chose for this answer.</param>
    internal sealed record ReplyOrder(Guid Key, bool ReplyAll, string Text);

    internal sealed record WrittenLetter(Guid LetterId);
}
