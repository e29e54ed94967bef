using MailKit;
using MailKit.Search;
using MailKit.Security;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Polling.Doubts;

/// <summary>The folder that the server itself calls sent mail (RFC 6154 \Sent), opened for reading only.</summary>
internal sealed class SentItemsByImap(OutboundPolicy policy, OutboundTrust trust, IOptions<PollingOptions> options, ILogger<SentItemsByImap> log)
{
    public async Task<Sighting> LookAsync(EmailApp app, MailboxServer server, SecretText token, IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        try
        {
            using var client = await ImapConnection.OpenAsync(app, server, token, policy, trust, TimeSpan.FromSeconds(options.Value.ReplySeconds), cancel);
            // Exchange marks the folder and does not announce SPECIAL-USE, so the library would not ask for it
            var folder = (await client.GetFoldersAsync(client.PersonalNamespaces[0], cancellationToken: cancel)).FirstOrDefault(one => one.Attributes.HasFlag(FolderAttributes.Sent));
            if (folder is null) return new Sighting.Closed("The server names no folder of sent mail");
            await folder.OpenAsync(FolderAccess.ReadOnly, cancel);
            var seen = new HashSet<string>();
            foreach (var id in ids)
            {
                if ((await folder.SearchAsync(SearchQuery.HeaderContains("Message-ID", id), cancel)).Count > 0) seen.Add(id);
            }
            return new Sighting.Seen(seen);
        }
        catch (AuthenticationException refused)
        {
            return new Sighting.Closed(refused.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.SentItemsAway(failure, app.Id);
            return new Sighting.Later(OutboundRefused.In(failure)?.Message ?? failure.GetType().Name);
        }
    }
}
