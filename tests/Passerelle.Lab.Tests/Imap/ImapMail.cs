using MailKit.Net.Imap;
using MailKit.Security;
using Microsoft.Extensions.DependencyInjection;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.Hosting;
using Passerelle.Lab.Tests.Exchange;

namespace Passerelle.Lab.Tests.Imap;

/// <summary>Mails in a mailbox, and MailKit to read them.</summary>
internal static class ImapMail
{
    public static async Task<StoredMail> PutAsync(
        ExchangeHost host, string raw, MailFolder folder = MailFolder.Inbox, string mailbox = ExchangeHost.Support)
    {
        using var batch = new MailBatch();
        var mail = await host.Mail.PrepareAsync(batch, mailbox, folder, "", System.Text.Encoding.Latin1.GetBytes(raw.ReplaceLineEndings("\r\n")), host.Cancel);
        batch.Keep();
        return mail;
    }

    public static Task<StoredMail> PutLetterAsync(ExchangeHost host, string subject, MailFolder folder = MailFolder.Inbox) => PutAsync(host, $"""
        From: Ann <ann@adatum.example>
        To: support@contoso.example
        Subject: {subject}
        Message-ID: <{subject.Replace(' ', '.')}@adatum.example>
        Date: Mon, 5 Jan 2026 10:00:00 +0100

        Where is it?

        """, folder);

    public static async Task<ImapClient> ConnectAsync(ExchangeHost host, SecureSocketOptions security = SecureSocketOptions.SslOnConnect)
    {
        var root = host.Services.GetRequiredService<CertificateAuthority>().Root;
        var client = new ImapClient
        {
            CheckCertificateRevocation = false,
            ServerCertificateValidationCallback = (_, certificate, _, _) => certificate!.Issuer == root.Subject, // TLS has one
        };
        await client.ConnectAsync("localhost", host.Port(security is SecureSocketOptions.SslOnConnect ? LabListeners.Imap : LabListeners.ImapStartTls), security, host.Cancel);
        return client;
    }

    public static async Task<ImapClient> SignInAsync(ExchangeHost host, string user = ExchangeHost.Support, string? token = null)
    {
        var client = await ConnectAsync(host);
        await client.AuthenticateAsync(new SaslMechanismOAuth2(user, token ?? ImapDialogue.Token(host, user)), host.Cancel);
        return client;
    }
}
