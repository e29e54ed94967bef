using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Polling.Doubts;

/// <summary>Looks into Sent Items by the way that somebody has let us: the spare wheel's IMAP, else Microsoft Graph with Mail.ReadBasic.</summary>
internal sealed class SentItems(IStore store, MailboxServers servers, PollTokens tokens, SentItemsByImap imap, SentItemsByGraph graph)
{
    /// <param name="ids">Message-IDs with angle brackets.</param>
    /// <returns>Null: nobody let us, and nobody wants it.</returns>
    public async Task<Sighting?> LookAsync(EmailApp app, IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        var poll = await store.ReadAsync(tx => MailboxPollRows.Find(tx, app.OrganisationId, app.Id), cancel);
        if (poll is { State: MailboxPoll.Watching } && servers.Of(app) is { } server)
        {
            return await tokens.GetAsync(poll, app, cancel) switch
            {
                TokenAnswer.Ready ready => await imap.LookAsync(app, server, ready.Secret, ids, cancel),
                TokenAnswer.Broken broken => new Sighting.Closed(broken.Finding.Detail),
                TokenAnswer.Later later => new Sighting.Later(later.Reason),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        if (app.UnclearLetters != UnclearLetters.SentItems) return null;
        return app is { Preset: Preset.Microsoft365, Authentication: AppForm.OAuth2 } ? await graph.LookAsync(app, ids, cancel) : new Sighting.Closed("");
    }
}
