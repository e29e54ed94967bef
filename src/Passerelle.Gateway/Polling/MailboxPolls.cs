using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Polling;

/// <param name="Lost">Mails that were fetched because forwarding lost them, in the last 30 days.</param>
internal sealed record PollStanding(MailboxPoll Poll, long Lost);

/// <summary>What an admin does about the spare wheel: begin it, look at it, end it.</summary>
internal sealed class MailboxPolls(IStore store, Sealer sealer, Signals signals, TimeProvider time)
{
    private static readonly TimeSpan Counted = TimeSpan.FromDays(30);

    /// <returns>Null: the mailbox is not looked at.</returns>
    public Task<PollStanding?> FindAsync(Guid organisationId, Guid appId, CancellationToken cancel) => store.ReadAsync(
        tx => MailboxPollRows.Find(tx, organisationId, appId) is { } poll
            ? new PollStanding(poll, MailboxItemRows.CountLost(tx, organisationId, appId, time.GetUtcNow() - Counted))
            : null,
        cancel);

    /// <summary>Somebody has let us read: from now on the mailbox is looked at.</summary>
    /// <returns>False: the provider gave no refresh token, so there is nothing to go on with.</returns>
    public async Task<bool> BeginAsync(Redemption redemption, CancellationToken cancel)
    {
        if (redemption.Tokens.RefreshToken is not { } refresh) return false;
        var (organisation, app) = (redemption.App.OrganisationId, redemption.App.Id);
        var poll = new MailboxPoll
        {
            OrganisationId = organisation,
            AppId = app,
            RefreshToken = sealer.Seal("mailbox_poll", "refresh_token", organisation, app, refresh.Reveal()),
            Scope = redemption.Asked,
            SignedInAs = redemption.Who.Account,
            Since = redemption.At,
            ListedTo = "",
            State = MailboxPoll.Watching,
            Words = "",
            DueAt = redemption.At,
        };
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                MailboxPollRows.Put(tx, poll);
                return true;
            },
            cancel);
        signals.Polls.Raise();
        return true;
    }

    /// <returns>False: it was not looked at.</returns>
    public Task<bool> EndAsync(Guid organisationId, Guid appId, CancellationToken cancel) =>
        store.WriteAsync(Lane.Work, tx => MailboxPollRows.Remove(tx, organisationId, appId), cancel);
}
