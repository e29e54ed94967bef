using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Polling;

/// <param name="Scope">What reading needs, and sending does not: asked for by itself.</param>
internal sealed record MailboxServer(string Host, int Port, string Scope);

/// <summary>Where a provider's mailboxes are read, by its preset.</summary>
internal sealed class MailboxServers(IOptions<AppsOptions> options)
{
    /// <returns>Null: nothing is known of that provider's IMAP server, or nobody signs in there with OAuth 2.0.</returns>
    public MailboxServer? Of(EmailApp app) => Presets.Find(app.Preset) switch
    {
        _ when app.Authentication != AppForm.OAuth2 => null,
        { ImapHost: { } host, ReadScope: { } scope } preset => preset.Id == Preset.Microsoft365 // the only one that an operator may move, e.g. to a lab
            ? new(options.Value.MicrosoftImapHost, options.Value.MicrosoftImapPort, scope)
            : new(host, preset.ImapPort ?? 993, scope),
        _ => null,
    };
}
