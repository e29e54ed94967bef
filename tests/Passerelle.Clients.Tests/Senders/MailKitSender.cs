using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Passerelle.Clients.Tests.Senders;

/// <summary>MailKit's client, which pipelines, and sends by BDAT where CHUNKING is offered.</summary>
internal sealed class MailKitSender(int gateway) : IMailSender
{
    public async Task SendAsync(MailOnDisk mail, string to)
    {
        using MimeMessage message = await MimeMessage.LoadAsync(mail.Path, ClientsLab.Cancel);
        using var client = new SmtpClient { ServerCertificateValidationCallback = (_, certificate, _, _) => certificate is not null, LocalDomain = "sender.fabrikam.example" };
        await client.ConnectAsync("127.0.0.1", gateway, SecureSocketOptions.StartTls, ClientsLab.Cancel);
        Assert.True(client.Capabilities.HasFlag(SmtpCapabilities.Chunking | SmtpCapabilities.Pipelining));
        await client.SendAsync(message, new MailboxAddress("", MailOnDisk.From), [new MailboxAddress("", to)], ClientsLab.Cancel);
        await client.DisconnectAsync(true, ClientsLab.Cancel);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
