using MailKit.Net.Smtp;
using MimeKit;

namespace Passerelle.Portal.Tests;

/// <summary>A mail with HTML, a long word, copies and attachments, handed to the receiver by MailKit.</summary>
internal static class RichMail
{
    public const string Subject = "Photos of the damage";

    public static async Task SendAsync(RunningGateway gateway, string forwardingAddress, CancellationToken cancel)
    {
        var body = new BodyBuilder
        {
            TextBody = $"Dear all,\n\nplease see https://shop.adatum.example/{new string('a', 200)}\n\nCarla",
            HtmlBody = "<h1>Dear all,</h1><p>please see the <b>photos</b>.<img src='https://shop.adatum.example/pixel.png'></p><table width='1400'><tr><td>wide</td></tr></table>",
        };
        body.Attachments.Add("photo-of-the-damage-at-the-left-corner-of-the-box.jpg", new byte[3000], new ContentType("image", "jpeg"));
        body.Attachments.Add("terms.pdf", new byte[100], new ContentType("application", "pdf"));
        using var mail = new MimeMessage(
            [new MailboxAddress("Carla Customer", "carla@adatum.example")],
            [new MailboxAddress("", "support@contoso.example")],
            Subject,
            body.ToMessageBody());
        mail.Cc.Add(new MailboxAddress("Dora", "dora@adatum.example"));
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", gateway.SmtpPort, MailKit.Security.SecureSocketOptions.None, cancel);
        await client.SendAsync(mail, new MailboxAddress("", "carla@adatum.example"), [new MailboxAddress("", forwardingAddress)], cancel);
        await client.DisconnectAsync(quit: true, cancel);
    }
}
