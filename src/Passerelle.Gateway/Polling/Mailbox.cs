using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Polling;

/// <summary>The INBOX of one mailbox, opened for reading only: no flag is set and nothing is moved.</summary>
internal sealed class Mailbox : IDisposable
{
    private static readonly HashSet<string> Fields = ["Message-ID", Canary.Header];

    /// <summary>INTERNALDATE knows whole seconds.</summary>
    private static readonly TimeSpan Resolution = TimeSpan.FromSeconds(1);
    private readonly ImapClient _client;

    private Mailbox(ImapClient client) => _client = client;

    /// <exception cref="AuthenticationException">The server does not let this token in.</exception>
    public static async Task<Mailbox> OpenAsync(
        EmailApp app, MailboxServer server, SecretText token, OutboundPolicy policy, OutboundTrust trust, TimeSpan reply, CancellationToken cancel)
    {
        var client = await ImapConnection.OpenAsync(app, server, token, policy, trust, reply, cancel);
        try
        {
            await client.Inbox.OpenAsync(FolderAccess.ReadOnly, cancel);
            return new(client);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Where the next listing begins.</summary>
    public MailboxPosition End => new(_client.Inbox.UidValidity, _client.Inbox.UidNext?.Id ?? 1);

    /// <summary>What lies there from <paramref name="position"/> on; of a folder that was never listed, what came since then. The doctor's own mail is left out: it is to prove forwarding.</summary>
    public async Task<IReadOnlyList<MailboxItem>> ListAsync(MailboxPoll poll, MailboxPosition? position, CancellationToken cancel)
    {
        var inbox = _client.Inbox;
        var known = position is { } listed && listed.Validity == inbox.UidValidity ? position : null;
        if (known is { } upTo && upTo.Next >= End.Next) return [];
        SearchQuery query = known is { } from
            ? SearchQuery.Uids(new UniqueIdRange(inbox.UidValidity, from.Next, uint.MaxValue))
            : SearchQuery.DeliveredAfter(poll.Since.UtcDateTime.Date.AddDays(-1));
        var found = (await inbox.SearchAsync(query, cancel)).Where(id => known is null || id.Id >= known.Value.Next).ToList(); // n:* names the last one even when it is older
        if (found.Count == 0) return [];
        var summaries = await inbox.FetchAsync(found, new FetchRequest(MessageSummaryItems.UniqueId | MessageSummaryItems.InternalDate, Fields), cancel);
        return [.. summaries
            .Where(one => one.InternalDate > poll.Since - Resolution && one.Headers?.Contains(Canary.Header) != true)
            .Select(one => new MailboxItem
            {
                OrganisationId = poll.OrganisationId,
                AppId = poll.AppId,
                Item = new MailboxPosition(inbox.UidValidity, one.UniqueId.Id).ToString(),
                InternetId = one.Headers?["Message-ID"]?.Trim() ?? "",
                DeliveredAt = (one.InternalDate ?? poll.Since).ToUniversalTime(),
            })];
    }

    /// <returns>The bytes; null when it lies there no more.</returns>
    public async Task<Stream?> ReadAsync(MailboxItem item, CancellationToken cancel)
    {
        if (MailboxPosition.Parse(item.Item) is not { } at || at.Validity != _client.Inbox.UidValidity) return null;
        try
        {
            return await _client.Inbox.GetStreamAsync(new UniqueId(at.Validity, at.Next), "", cancel);
        }
        catch (MessageNotFoundException)
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();
}
