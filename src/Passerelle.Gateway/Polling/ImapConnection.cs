using MailKit.Net.Imap;
using MailKit.Security;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Polling;

/// <summary>Signed in to a mailbox's server with XOAUTH2; which folder is opened, and how, is the caller's.</summary>
internal static class ImapConnection
{
    /// <param name="reply">For one answer of the server.</param>
    /// <exception cref="AuthenticationException">The server does not let this token in.</exception>
    public static async Task<ImapClient> OpenAsync(
        EmailApp app, MailboxServer server, SecretText token, OutboundPolicy policy, OutboundTrust trust, TimeSpan reply, CancellationToken cancel)
    {
        var client = new ImapClient
        {
            Timeout = (int)reply.TotalMilliseconds,
            CheckCertificateRevocation = false, // it would connect to an address that nobody judged
            ServerCertificateValidationCallback = (_, certificate, chain, errors) => trust.Accepts(certificate, chain, errors),
        };
        try
        {
            var socket = await policy.ConnectAsync(server.Host, server.Port, cancel);
            await client.ConnectAsync(socket, server.Host, server.Port, SecureSocketOptions.SslOnConnect, cancel);
            await client.AuthenticateAsync(new SaslMechanismOAuth2(app.EmailId, token.Reveal()), cancel);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}
