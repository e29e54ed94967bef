using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Polling;

namespace Passerelle.Gateway.Api;

/// <summary><c>/api/v1/apps/{id}/mailbox</c>: the spare wheel. It begins by a person's sign-in (<c>/authorise/{id}/mailbox</c>), never by an order.</summary>
internal static class MailboxEndpoints
{
    public static void MapMailbox(this RouteGroupBuilder api)
    {
        var apps = api.MapGroup("/apps").WithTags("Apps");
        apps.MapGet("/{id:guid}/mailbox", ShowAsync);
        apps.MapDelete("/{id:guid}/mailbox", EndAsync).RequireAuthorization(Caller.Admin).Audits("reading-ended");
    }

    /// <summary>404 when the mailbox is not looked at.</summary>
    private static async Task<Results<Ok<MailboxView>, NotFound>> ShowAsync(
        Guid id, Organisation organisation, MailboxPolls polls, CancellationToken cancel) =>
        await polls.FindAsync(organisation.Id, id, cancel) is { } standing ? TypedResults.Ok(MailboxView.Of(standing)) : TypedResults.NotFound();

    /// <summary>Forgets the grant for reading; the one for sending stays.</summary>
    private static async Task<Results<NoContent, NotFound>> EndAsync(Guid id, Organisation organisation, MailboxPolls polls, CancellationToken cancel) =>
        await polls.EndAsync(organisation.Id, id, cancel) ? TypedResults.NoContent() : TypedResults.NotFound();

    /// <param name="State">watching, or broken: then <paramref name="Finding"/> says who must do what.</param>
    /// <param name="Lost">Mails fetched in the last 30 days because forwarding lost them.</param>
    /// <param name="Words">Why the last look failed; empty after one that did not.</param>
    internal sealed record MailboxView(
        string State, string SignedInAs, DateTimeOffset Since, DateTimeOffset? LookedAt, long Lost, string Words, Finding? Finding)
    {
        internal static MailboxView Of(PollStanding standing) => new(
            standing.Poll.State, standing.Poll.SignedInAs, standing.Poll.Since, standing.Poll.LookedAt, standing.Lost, standing.Poll.Words, standing.Poll.Cause);
    }
}
