using System.Collections.Concurrent;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Polling;

/// <summary>Access tokens for reading, from a grant that is nobody else's: the one for sending is neither used nor changed.</summary>
internal sealed class PollTokens(IStore store, Sealer sealer, TokenRequests requests, TimeProvider time)
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<(Guid, Guid), (DateTimeOffset Since, SecretText Token, DateTimeOffset Until)> _known = new();

    public async Task<TokenAnswer> GetAsync(MailboxPoll poll, EmailApp app, CancellationToken cancel)
    {
        if (_known.TryGetValue((poll.OrganisationId, poll.AppId), out var known) && known.Since == poll.Since && known.Until - Ahead > time.GetUtcNow())
        {
            return new TokenAnswer.Ready(known.Token, IsPassword: false);
        }
        var refresh = sealer.Open("mailbox_poll", "refresh_token", poll.OrganisationId, poll.AppId, poll.RefreshToken);
        var reply = await requests.RefreshAsync(app with { Scope = poll.Scope }, refresh, cancel);
        if (reply is TokenReply.Issued issued) await KeepAsync(poll, issued);
        return TokenAnswer.Of(reply);
    }

    /// <summary>The server said no to it.</summary>
    public void Forget(MailboxPoll poll) => _known.TryRemove((poll.OrganisationId, poll.AppId), out _);

    /// <summary>What a new process knows.</summary>
    internal void ForgetAll() => _known.Clear();

    /// <summary>The newest refresh token is on the disk before the access token is used.</summary>
    private async Task KeepAsync(MailboxPoll poll, TokenReply.Issued issued)
    {
        if (issued.RefreshToken is { } newest)
        {
            var text = sealer.Seal("mailbox_poll", "refresh_token", poll.OrganisationId, poll.AppId, newest.Reveal());
            await store.WriteAsync(
                Lane.Work,
                tx =>
                {
                    MailboxPollRows.Renewed(tx, poll, text);
                    return true;
                },
                CancellationToken.None);
        }
        _known[(poll.OrganisationId, poll.AppId)] = (poll.Since, issued.AccessToken, issued.ExpiresAt);
    }
}
