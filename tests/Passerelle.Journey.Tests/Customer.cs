using System.Net;
using System.Net.Sockets;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using MimeKit.Utils;
using Passerelle.Lab.Testing;

namespace Passerelle.Journey.Tests;

/// <summary>MailKit, as anybody in the world would use it.</summary>
internal static class Customer
{
    public static MimeMessage Letter(string from, string to, string subject, string text = "Where is my order?\r\n")
    {
        var mail = new MimeMessage { Subject = subject, Body = new TextPart("plain") { Text = text } };
        mail.From.Add(MailboxAddress.Parse(from));
        mail.To.Add(MailboxAddress.Parse(to));
        mail.MessageId = MimeUtils.GenerateMessageId(from[(from.IndexOf('@', StringComparison.Ordinal) + 1)..]);
        return mail;
    }

    /// <summary>Submits through the customer's own provider: STARTTLS, name and password.</summary>
    public static async Task SubmitAsync(LabFixture lab, string customer, MimeMessage mail, CancellationToken cancel)
    {
        using var client = new SmtpClient { CheckCertificateRevocation = false };
        client.ServerCertificateValidationCallback = (_, certificate, _, _) => lab.Trusts(certificate as System.Security.Cryptography.X509Certificates.X509Certificate2);
        await client.ConnectAsync("localhost", lab.Endpoints.SmtpPort!.Value, SecureSocketOptions.StartTls, cancel); // the fixture has one
        await client.AuthenticateAsync(customer, Contoso.Password, cancel);
        await client.SendAsync(mail, cancel);
        await client.DisconnectAsync(quit: true, cancel);
    }

    /// <summary>Delivers straight to a receiver, without TLS, as any host of the Internet may.</summary>
    public static async Task DeliverAsync(
        IPEndPoint receiver, string reversePath, IEnumerable<string> recipients, MimeMessage mail, CancellationToken cancel)
    {
        using var client = await ConnectAsync(receiver, cancel);
        await client.SendAsync(mail, new MailboxAddress("", reversePath), recipients.Select(address => new MailboxAddress("", address)), cancel);
        await client.DisconnectAsync(quit: true, cancel);
    }

    public static async Task<SmtpClient> ConnectAsync(IPEndPoint receiver, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(receiver, cancel);
        var client = new SmtpClient();
        await client.ConnectAsync(socket, "127.0.0.1", receiver.Port, SecureSocketOptions.None, cancel); // the client closes the socket
        return client;
    }
}
