using MimeKit;
using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Tests.Exchange;

public class TransportTests
{
    [Fact]
    public async Task A_mail_from_a_mailbox_reaches_a_customer_and_Sent_Items()
    {
        await using var host = await ExchangeHost.StartAsync();

        var id = await host.WriteAsync(ExchangeHost.Support, ExchangeHost.Customer,
            ExchangeHost.Letter(ExchangeHost.Support, ExchangeHost.Customer));

        Assert.Equal(id, host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox).Single().MessageId);
        Assert.Equal(id, host.Mail.List(ExchangeHost.Support, MailFolder.SentItems).Single().MessageId);
    }

    [Fact]
    public async Task An_unknown_recipient_is_reported_to_the_writer_as_Exchange_does()
    {
        await using var host = await ExchangeHost.StartAsync();

        var id = await host.WriteAsync(ExchangeHost.Customer, "nobody@contoso.example",
            ExchangeHost.Letter(ExchangeHost.Customer, "nobody@contoso.example"));

        var stored = host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox).Single();
        Assert.Equal(("", "Undeliverable: My order", id), (stored.ReversePath, stored.Subject, stored.InReplyTo));
        var mail = await MimeMessage.LoadAsync(new MemoryStream(await host.Mail.ReadAsync(stored, host.Cancel)), host.Cancel);
        var report = Assert.IsType<MultipartReport>(mail.Body);
        Assert.Equal("delivery-status", report.ReportType);
        var status = Assert.IsType<MessageDeliveryStatus>(report[1]).StatusGroups[1];
        Assert.Equal("rfc822;nobody@contoso.example", status["Final-Recipient"]);
        Assert.Equal(("failed", "5.1.10"), (status["Action"], status["Status"]));
        Assert.Equal("smtp;" + ExchangeReplies.RecipientNotFound, status["Diagnostic-Code"]);
        Assert.True(mail.Headers.Contains("X-MS-Exchange-Message-Is-Ndr"));
    }

    [Fact]
    public async Task A_domain_without_a_route_is_reported_and_never_tried()
    {
        await using var host = await ExchangeHost.StartAsync();

        await host.WriteAsync(ExchangeHost.Customer, "someone@elsewhere.example",
            ExchangeHost.Letter(ExchangeHost.Customer, "someone@elsewhere.example"));

        Assert.Equal(0, host.Exchange.Relay.Count);
        Assert.Contains(host.Exchange.Log.Entries, entry => entry is { Kind: "ndr", Answer: ExchangeReplies.NoSuchDomain });
        Assert.Single(host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox));
    }

    [Fact]
    public async Task A_mail_with_more_than_twenty_hops_is_stopped()
    {
        await using var host = await ExchangeHost.StartAsync();
        var mail = ExchangeHost.Letter(ExchangeHost.Customer, ExchangeHost.Support);
        for (var i = 0; i <= Transport.MostHops; i++) mail.Headers.Insert(0, "Received", $"from hop{i}.example by hop{i + 1}.example");

        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, mail);

        Assert.Empty(host.Mail.List(ExchangeHost.Support, MailFolder.Inbox));
        Assert.Contains(host.Exchange.Log.Entries, entry => entry is { Kind: "ndr", Answer: ExchangeReplies.HopCount });
    }

    [Fact]
    public async Task Out_of_office_answers_once_with_the_null_sender()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.Exchange.Settings.Respond(ExchangeHost.Customer, AutoResponder.OutOfOffice);
        host.Exchange.Settings.Respond(ExchangeHost.Support, AutoResponder.OutOfOffice);

        var id = await host.WriteAsync(ExchangeHost.Support, ExchangeHost.Customer,
            ExchangeHost.Letter(ExchangeHost.Support, ExchangeHost.Customer));

        var reply = host.Mail.List(ExchangeHost.Support, MailFolder.Inbox).Single();
        Assert.Equal(("", "auto-replied", id), (reply.ReversePath, reply.AutoSubmitted, reply.InReplyTo));
        Assert.Single(host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox));
    }

    [Fact]
    public async Task Two_naive_responders_stop_at_last()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.Exchange.Settings.Respond(ExchangeHost.Customer, AutoResponder.Naive);
        host.Exchange.Settings.Respond(ExchangeHost.Support, AutoResponder.Naive);

        await host.WriteAsync(ExchangeHost.Support, ExchangeHost.Customer,
            ExchangeHost.Letter(ExchangeHost.Support, ExchangeHost.Customer));

        Assert.InRange(host.Exchange.Log.Entries.Count(entry => entry.Kind == "auto-reply"), 2, 21);
    }

    [Fact]
    public async Task Mail_without_a_Message_ID_or_a_date_gets_them_at_submission()
    {
        await using var host = await ExchangeHost.StartAsync();
        var mail = ExchangeHost.Letter(ExchangeHost.Customer, ExchangeHost.Support);
        mail.Headers.Remove(HeaderId.MessageId);
        mail.Headers.Remove(HeaderId.Date);

        var id = await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, mail);

        Assert.EndsWith("@adatum.example", id, StringComparison.Ordinal);
        Assert.Equal(id, host.Mail.List(ExchangeHost.Support, MailFolder.Inbox).Single().MessageId);
    }
}
