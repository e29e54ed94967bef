using MailKit.Net.Smtp;
using MimeKit;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.Hosting;

namespace Passerelle.Lab.Tests.Exchange;

public class MxTests
{
    [Fact]
    public async Task Mail_for_a_mailbox_is_queued_with_Exchanges_words()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var client = await host.ConnectAsync(LabListeners.Mx);
        Assert.True(client.IsSecure);
        var letter = ExchangeHost.Letter("eve@elsewhere.example", ExchangeHost.Support);

        var reply = await client.SendAsync(letter, host.Cancel);

        Assert.StartsWith($"2.6.0 <{letter.MessageId}> [InternalId=", reply, StringComparison.Ordinal);
        Assert.EndsWith("Queued mail for delivery -> 250 2.1.5", reply, StringComparison.Ordinal);
        Assert.Equal(letter.MessageId, host.Mail.List(ExchangeHost.Support, MailFolder.Inbox).Single().MessageId);
    }

    [Theory]
    [InlineData("nobody@contoso.example")]
    [InlineData("someone@elsewhere.example")]
    public async Task A_recipient_that_is_not_ours_is_refused_at_RCPT(string recipient)
    {
        await using var host = await ExchangeHost.StartAsync();
        using var client = await host.ConnectAsync(LabListeners.Mx);

        var refused = await Assert.ThrowsAsync<SmtpCommandException>(() =>
            client.SendAsync(ExchangeHost.Letter("eve@elsewhere.example", recipient), host.Cancel));

        Assert.Equal("550 5.4.1 " + ExchangeReplies.UnknownRecipient, $"{(int)refused.StatusCode} {refused.Message}");
    }

    [Theory]
    [InlineData(ExchangeHost.Customer, "fail", "fail", true)]
    [InlineData("eve@elsewhere.example", "none", "none", false)]
    public async Task A_stranger_cannot_pass_as_a_customer(string from, string spf, string dmarc, bool junk)
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ForwardTo(ExchangeHost.OtherCustomer, keepCopy: true);
        using var client = await host.ConnectAsync(LabListeners.Mx);

        await client.SendAsync(ExchangeHost.Letter(from, ExchangeHost.Support), host.Cancel);

        Assert.Single(host.Mail.List(ExchangeHost.Support, junk ? MailFolder.Junk : MailFolder.Inbox));
        var forwarded = host.Mail.List(ExchangeHost.OtherCustomer, MailFolder.Inbox).Single();
        var mail = await MimeMessage.LoadAsync(new MemoryStream(await host.Mail.ReadAsync(forwarded, host.Cancel)), host.Cancel);
        var results = mail.Headers[HeaderId.ArcAuthenticationResults];
        Assert.Contains($"spf={spf}", results, StringComparison.Ordinal);
        Assert.Contains($"dmarc={dmarc}", results, StringComparison.Ordinal);
        Assert.Contains("dkim=none", results, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bounce_comes_in_by_the_SRS_address_and_reaches_the_writer()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ForwardTo(ExchangeHost.OtherCustomer, keepCopy: false);
        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, ExchangeHost.Letter(ExchangeHost.Customer, ExchangeHost.Support));
        var srs = host.Mail.List(ExchangeHost.OtherCustomer, MailFolder.Inbox).Single().ReversePath;
        using var client = await host.ConnectAsync(LabListeners.Mx);

        await client.SendAsync(ExchangeHost.Letter("mailer-daemon@in.fabrikam.example", srs, "Delivery failed"),
            new MailboxAddress("", ""), [new MailboxAddress("", srs)], host.Cancel);

        var bounce = host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox).Single();
        Assert.Equal(("Delivery failed", ""), (bounce.Subject, bounce.ReversePath));
    }

    [Fact]
    public async Task A_mail_without_From_is_carried_all_the_same()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ForwardTo(ExchangeHost.OtherCustomer, keepCopy: false);
        using var client = await host.ConnectAsync(LabListeners.Mx);
        var letter = ExchangeHost.Letter("eve@elsewhere.example", ExchangeHost.Support);
        letter.From.Clear();

        await client.SendAsync(letter, new MailboxAddress("", "eve@elsewhere.example"),
            [new MailboxAddress("", ExchangeHost.Support)], host.Cancel);

        Assert.Equal("My order", host.Mail.List(ExchangeHost.OtherCustomer, MailFolder.Inbox).Single().Subject);
    }
}
