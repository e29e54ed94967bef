using System.Net;
using System.Net.Sockets;
using System.Text;
using MailKit;
using MailKit.Security;
using Passerelle.Lab.Hosting;
using Passerelle.Lab.Tests.Exchange;

namespace Passerelle.Lab.Tests.Imap;

/// <summary>The port that begins in the clear (RFC 3501 §6.2.1).</summary>
public sealed class StartTlsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MailKit_reads_a_mailbox_after_STARTTLS()
    {
        await using var host = await ExchangeHost.StartAsync();
        await ImapMail.PutLetterAsync(host, "My order");
        using var client = await ImapMail.ConnectAsync(host, SecureSocketOptions.StartTls);
        Assert.True(client.IsEncrypted);
        await client.AuthenticateAsync(new SaslMechanismOAuth2(ExchangeHost.Support, ImapDialogue.Token(host)), Cancel);
        await client.Inbox!.OpenAsync(FolderAccess.ReadOnly, Cancel);
        Assert.Equal("My order", (await client.Inbox.GetMessageAsync(0, Cancel)).Subject);
        await client.DisconnectAsync(quit: true, Cancel);
    }

    [Fact]
    public async Task Nobody_signs_in_in_the_clear()
    {
        await using var host = await ExchangeHost.StartAsync();
        var said = await SayAsync(host, "a CAPABILITY\r\n", $"b AUTHENTICATE XOAUTH2 {ImapDialogue.Offer(ExchangeHost.Support, ImapDialogue.Token(host))}\r\n",
            "c LOGIN support@contoso.example password\r\n", "d STARTTLS now\r\n", "e LOGOUT\r\n");
        Assert.Contains("* CAPABILITY IMAP4 IMAP4rev1 LOGINDISABLED STARTTLS ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("AUTH=", said, StringComparison.Ordinal);
        Assert.Contains("b BAD Command received in Invalid state.", said, StringComparison.Ordinal);
        Assert.Contains("c BAD Command received in Invalid state.", said, StringComparison.Ordinal);
        Assert.Contains("d BAD Command Argument Error. 11", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_slipped_in_behind_STARTTLS_is_not_obeyed()
    {
        await using var host = await ExchangeHost.StartAsync();
        var said = await SayAsync(host, "a STARTTLS\r\nb CAPABILITY\r\n");
        Assert.DoesNotContain("a OK", said, StringComparison.Ordinal);
        Assert.DoesNotContain("CAPABILITY", said, StringComparison.Ordinal);
        Assert.Contains("* BYE ", said, StringComparison.Ordinal);
    }

    /// <returns>Everything that the server said until it closed.</returns>
    private static async Task<string> SayAsync(ExchangeHost host, params string[] commands)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, host.Port(LabListeners.ImapStartTls), Cancel);
        foreach (var command in commands) await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command), Cancel);
        using var reader = new StreamReader(tcp.GetStream(), Encoding.ASCII);
        return await reader.ReadToEndAsync(Cancel);
    }
}
