using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access.Keys;
using Passerelle.Gateway.Conversations;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Api;

/// <summary><c>/api/v1/conversations</c>: what was said with whom, both ways. It is answered with <c>POST /api/v1/letters</c> and <c>inAnswerTo</c>.</summary>
internal static class ConversationEndpoints
{
    public static void MapConversations(this RouteGroupBuilder api)
    {
        var conversations = api.MapGroup("/conversations").WithTags("Conversations");
        conversations.MapGet("/", ListAsync).ForKeys(ApiScopes.ConversationsRead).WithName("listConversations").WithSummary("List conversations")
            .WithDescription("Those that began last come first. Pass next of a page as before of the following one.");
        conversations.MapGet("/{id:guid}", ShowAsync).Tags().ForKeys(ApiScopes.ConversationsRead).WithName("getConversation").WithSummary("Read a conversation")
            .WithDescription("Its messages and its letters, each oldest first, at most 1000 of either. Answer its last message with POST /api/v1/letters and inAnswerTo.");
    }

    /// <param name="app">Only this app's.</param>
    /// <param name="correspondent">Only with this bare address.</param>
    /// <param name="before">The <c>next</c> of the page before.</param>
    /// <param name="limit">1 to 200; 50 when absent.</param>
    private static async Task<Ok<ConversationPage>> ListAsync(
        Guid? app, string? correspondent, Guid? before, int? limit, Organisation organisation, ConversationPages conversations, CancellationToken cancel) =>
        TypedResults.Ok(await conversations.ListAsync(organisation.Id, app, correspondent, before, ListPage.Of(limit), cancel));

    private static async Task<Results<Ok<ConversationView>, NotFound>> ShowAsync(
        Guid id, Organisation organisation, ConversationPages conversations, StoredMessages messages, LetterPages letters, CancellationToken cancel) =>
        await conversations.FindAsync(organisation.Id, id, cancel) is { } line
            ? TypedResults.Ok(new ConversationView(
                line.Id, line.AppId, line.Correspondent, line.Subject, line.CreatedAt, line.LastAt,
                await messages.ConversationAsync(organisation.Id, id, cancel), await letters.ConversationAsync(organisation.Id, id, cancel)))
            : TypedResults.NotFound();

    internal sealed record ConversationView(
        Guid Id, Guid AppId, string Correspondent, string Subject, DateTimeOffset CreatedAt, DateTimeOffset LastAt,
        IReadOnlyList<MessageLine> Messages, IReadOnlyList<LetterLine> Letters);
}
