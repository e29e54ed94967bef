using Microsoft.Extensions.Options;
using MimeKit;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Sending.Orders;
using Passerelle.Gateway.Templates;
using Passerelle.Gateway.Tests.Routing;
using Passerelle.Mail.Replies;

namespace Passerelle.Gateway.Tests.Sending.Orders;

/// <summary>Orders whose letters are more than text: answers to invitations, letters of lists, templates.</summary>
public sealed class OrderedAnswersTests
{
    private const string Invitation = """
        From: Ann Bell <ann@fabrikam.example>
        To: support@contoso.example
        Subject: Planning
        Date: Sun, 01 Nov 2026 11:59:00 +0000
        Message-ID: <invitation@fabrikam.example>
        MIME-Version: 1.0
        Content-Type: text/calendar; method=REQUEST; charset=utf-8

        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Fabrikam//EN
        METHOD:REQUEST
        BEGIN:VEVENT
        UID:planning-1
        SEQUENCE:2
        DTSTAMP:20261101T110000Z
        DTSTART:20261110T090000Z
        DTEND:20261110T100000Z
        ORGANIZER;CN=Ann Bell:mailto:ann@fabrikam.example
        ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:support@contoso.example
        ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:bob@adatum.example
        SUMMARY:Planning
        END:VEVENT
        END:VCALENDAR

        """;

    /// <summary>RFC 5546 §3.2.3: the organiser gets the answer of the one who was asked, and of nobody else.</summary>
    [Theory]
    [InlineData(Attendance.Accepted, "ACCEPTED")]
    [InlineData(Attendance.Declined, "DECLINED")]
    [InlineData(Attendance.Tentative, "TENTATIVE")]
    public async Task An_invitation_is_answered_as_the_mailbox_that_was_invited(Attendance attendance, string word)
    {
        await using var bench = await RoutingBench.OpenAsync(flow: null);
        var message = await bench.ArriveAsync(Invitation.ReplaceLineEndings("\r\n"));
        using var mail = await LetterAsync(bench, new LetterOrder { InAnswerTo = message.Id, Attendance = attendance, Text = "See you." });
        Assert.Equal(("ann@fabrikam.example", "invitation@fabrikam.example"), (mail.To.Mailboxes.Single().Address, mail.InReplyTo));
        var calendar = Assert.Single(mail.BodyParts.OfType<TextPart>(), part => part.ContentType.MimeType == "text/calendar");
        Assert.Equal("REPLY", calendar.ContentType.Parameters["method"]);
        Assert.Contains($"PARTSTAT={word}", calendar.Text, StringComparison.Ordinal);
        Assert.Contains("support@contoso.example", calendar.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("bob@adatum.example", calendar.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_of_a_list_says_how_to_leave_it()
    {
        await using var bench = await RoutingBench.OpenAsync(flow: null);
        using var mail = await LetterAsync(bench, New(bench) with
        {
            Text = "Offers",
            Unsubscribe = new OrderedUnsubscription(new Uri("https://contoso.example/leave?a=1"), "leave@contoso.example", OneClick: true),
        });
        Assert.Equal("List-Unsubscribe=One-Click", mail.Headers["List-Unsubscribe-Post"]);
        Assert.Contains("<https://contoso.example/leave?a=1>", mail.Headers["List-Unsubscribe"], StringComparison.Ordinal);
        Assert.Contains("<mailto:leave@contoso.example", mail.Headers["List-Unsubscribe"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_writes_the_letter_and_a_name_that_it_lacks_refuses_the_order()
    {
        await using var bench = await RoutingBench.OpenAsync(flow: null);
        await Templates(bench).MakeAsync(
            bench.Inbound.Organisation, null,
            new TemplateForm("shipped", "Order {{ order }}", "Dear {{ name }},", "<p>Dear {{ name }},</p>", """{ "name": "Ann", "order": 1 }"""), TempStore.Cancel);
        var order = New(bench) with { Subject = null, Template = "shipped" };
        var refused = Assert.IsType<OrderOutcome.Refused>(await WriteAsync(bench, order with { Variables = new() { ["order"] = 4711 } }));
        Assert.Contains("name", refused.Sentence, StringComparison.Ordinal);
        Assert.Contains("no template", Assert.IsType<OrderOutcome.Refused>(await WriteAsync(bench, order with { Template = "lost" })).Sentence, StringComparison.Ordinal);
        Assert.Empty(await bench.LettersAsync());

        using var mail = await LetterAsync(bench, order with { Variables = new() { ["order"] = 4711, ["name"] = "<Ann>" } });
        Assert.Equal(("Order 4711", "Dear <Ann>,"), (mail.Subject, mail.TextBody?.Trim()));
        Assert.Contains("Dear &lt;Ann&gt;,", mail.HtmlBody, StringComparison.Ordinal);
    }

    private static LetterOrder New(RoutingBench bench) => new() { AppId = bench.Inbound.App, To = [new OrderedParty("ann@fabrikam.example")], Subject = "News" };

    private static async Task<MimeMessage> LetterAsync(RoutingBench bench, LetterOrder order)
    {
        Assert.IsType<OrderOutcome.Written>(await WriteAsync(bench, order));
        await using var raw = await bench.Inbound.Raws.OpenAsync(bench.Inbound.Organisation, Assert.Single(await bench.LettersAsync()).Id, TempStore.Cancel);
        return await MimeMessage.LoadAsync(raw, TempStore.Cancel);
    }

    private static TemplateLibrary Templates(RoutingBench bench) => new(bench.Inbound.Store, bench.Inbound.Temp.Time);

    private static async Task<OrderOutcome> WriteAsync(RoutingBench bench, LetterOrder order)
    {
        var (store, time) = (bench.Inbound.Store, bench.Inbound.Temp.Time);
        var outbound = Options.Create(new OutboundOptions());
        using var http = new OutboundHttp(new OutboundPolicy(outbound, System.Net.Dns.GetHostAddressesAsync, TimeProvider.System), new OutboundTrust(outbound), outbound);
        var bounds = Options.Create(new SendingOptions());
        var orders = new LetterOrders(
            store, new MailSources(store, bench.Inbound.Raws), new OrderedFiles(new Uploads(store, bounds, time), http, bounds, outbound, time), Templates(bench),
            new AnswerCaps(Options.Create(new QueueOptions())), bench.Inbound.Signals, time);
        return await orders.WriteAsync(bench.Inbound.Organisation, null, order, TempStore.Cancel);
    }
}
