using System.Globalization;
using System.Text;
using MimeKit;
using Passerelle.Journey.Tests;
using Passerelle.Lab.Testing;

namespace Passerelle.Clients.Tests.Senders;

/// <summary>Mail servers and clients that people really run hand their mail to the receiver.</summary>
public sealed class SenderTests(ClientsLab lab, ReceivingGateway gateway) : IClassFixture<ReceivingGateway>
{
    [Theory]
    [InlineData("postfix")]
    [InlineData("postfix by LMTP")]
    [InlineData("exim")]
    [InlineData("opensmtpd")]
    [InlineData("msmtp")]
    [InlineData("swaks")]
    [InlineData("nodemailer")]
    [InlineData("mailkit")]
    [InlineData("smtplib")]
    public async Task A_small_and_a_large_mail_arrive_over_TLS_unchanged(string name)
    {
        await using IMailSender sender = await StartAsync(name);
        using MailOnDisk small = MailOnDisk.Small($"A small one from {name}"), large = MailOnDisk.Large($"A large one from {name}");
        var byLmtp = name.EndsWith("LMTP", StringComparison.Ordinal);
        await sender.SendAsync(small, gateway.ForwardingAddress);
        await sender.SendAsync(large, gateway.ForwardingAddress);
        foreach (MailOnDisk mail in new[] { small, large })
        {
            var arrived = await gateway.ArrivedAsync(mail.Subject);
            Assert.Matches(@"\AReturn-Path: <\S+>\r\nReceived: from \S+ \(\[127\.0\.0\.1\]\)\r\n by \S+ \(Passerelle\) with " + (byLmtp ? "LMTPS" : "ESMTPS") + @"\r\n", Encoding.Latin1.GetString(arrived.AsSpan(0, 300)));
            using MimeMessage message = MimeMessage.Load(new MemoryStream(arrived), ClientsLab.Cancel);
            using var content = new MemoryStream();
            Assert.IsAssignableFrom<MimePart>(message.Body).Content?.DecodeTo(content, ClientsLab.Cancel);
            Assert.True(Trimmed(mail.Content).SequenceEqual(Trimmed(content.ToArray())), $"Not what {name} was given");
        }
    }

    [Fact]
    public async Task The_lab_s_Exchange_forwards_a_large_mail_in_chunks()
    {
        Contoso contoso = await lab.NewLabAsync();
        LabMail mail = lab.Mail(contoso);
        await mail.RouteAsync(gateway.Gateway.InboundDomain, gateway.Gateway.Smtp.ToString(), ClientsLab.Cancel);
        await lab.Control.SetForwardingAsync(contoso.DirectoryId, contoso.Support, gateway.ForwardingAddress, keepCopy: true, ClientsLab.Cancel);
        var text = string.Concat(Enumerable.Repeat(".one more line of a long order\r\n", 100_000));
        var sent = await mail.WriteAsync(contoso.Ann, contoso.Support, "A large one from Exchange", text, ClientsLab.Cancel);
        using MimeMessage message = MimeMessage.Load(new MemoryStream(await gateway.ArrivedAsync("A large one from Exchange")), ClientsLab.Cancel);
        Assert.Equal(text.TrimEnd(), message.TextBody?.ReplaceLineEndings("\r\n").TrimEnd());
        LabLogItem relayed = await Eventually.SeesAsync("The hand-over is in the lab's log", async cancel =>
            (await mail.LogAsync("relay", cancel)).FirstOrDefault(line => line.MessageId == sent));
        Assert.Equal("BDAT", relayed.Command);
    }

    /// <summary>swaks adds an empty line at the end.</summary>
    private static ReadOnlySpan<byte> Trimmed(byte[] content) => content.AsSpan().TrimEnd("\r\n"u8);

    private async Task<IMailSender> StartAsync(string name)
    {
        var port = gateway.Port.ToString(CultureInfo.InvariantCulture);
        return name switch
        {
            "postfix" => await PostfixServer.StartAsync(gateway.Port),
            "postfix by LMTP" => await PostfixServer.StartAsync(gateway.LmtpPort, lmtp: true),
            "exim" => await EximServer.StartAsync(gateway.Port),
            "opensmtpd" => await OpenSmtpdServer.StartAsync(gateway.Port),
            "mailkit" => new MailKitSender(gateway.Port),
            "msmtp" => new CommandSender(
                "msmtp",
                (_, to) =>
                [
                    "--file=/dev/null", "--host=127.0.0.1", $"--port={port}", "--tls=on", "--tls-starttls=on", "--tls-certcheck=off", "--domain=sender.fabrikam.example",
                    $"--from={MailOnDisk.From}", to,
                ],
                fromFile: true),
            "swaks" => new CommandSender(
                "swaks",
                (mail, to) =>
                [
                    "--server", "127.0.0.1", "--port", port, "--tls", "--pipeline", "--helo", "sender.fabrikam.example",
                    "--from", MailOnDisk.From, "--to", to, "--data", $"@{mail.Path}", "--timeout", "60", "--hide-all",
                ]),
            "nodemailer" => new CommandSender("node", (mail, to) => [Programs.Client("node", "deliver.mjs"), port, MailOnDisk.From, to, mail.Path]),
            "smtplib" => new CommandSender("python3", (mail, to) => [Programs.Client("python", "deliver.py"), port, MailOnDisk.From, to, mail.Path]),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such sender"),
        };
    }
}
