using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using MimeKit;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Sending.Budgets;
using Passerelle.Gateway.Sending.Orders;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Templates;

namespace Passerelle.Gateway.Tests.Sending.Orders;

/// <summary>From an order to the bytes that the server gets.</summary>
public sealed class LetterOrdersTests
{
    [Fact]
    public async Task An_ordered_letter_leaves_with_both_halves_its_files_and_a_copy_that_nobody_sees()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Authority.Strange = ("/price list.csv", context => AnswerAsync(context, "text/csv", "a,b"u8.ToArray()));
        var upload = await NewUploads(rig).KeepAsync(rig.Office.Organisation, "Rechnung März.pdf", "application/pdf", new MemoryStream([1, 2, 3]), TempStore.Cancel);
        var order = Order(rig) with
        {
            Cc = [new OrderedParty("bob@fabrikam.example")],
            Bcc = [new OrderedParty("eve@adatum.example")],
            FromName = "Contoso – équipe",
            Text = null,
            Html = "<p>It left on <b>Monday</b>.<img src=\"cid:logo\"></p>",
            Files =
            [
                new OrderedFile { Name = "logo.png", Type = "image/png", Base64 = "AQI=", ContentId = "logo" },
                new OrderedFile { Upload = upload },
                new OrderedFile { Url = new Uri($"http://127.0.0.1:{rig.Authority.Port}/price%20list.csv") },
            ],
        };
        var written = Assert.IsType<OrderOutcome.Written>(await NewOrders(rig).WriteAsync(rig.Office.Organisation, null, order, TempStore.Cancel));
        Assert.True(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel));

        Assert.Equal(LetterState.Settled, await rig.Office.StateAsync(written.LetterId));
        Assert.Equal("ann@fabrikam.example=accepted bob@fabrikam.example=accepted eve@adatum.example=accepted", await rig.Office.RecipientsAsync(written.LetterId));
        var raw = Assert.Single(rig.Server.Mails);
        Assert.DoesNotContain("eve@", raw, StringComparison.Ordinal);
        using var mail = await MimeMessage.LoadAsync(new MemoryStream(System.Text.Encoding.Latin1.GetBytes(raw)), TempStore.Cancel);
        Assert.Equal(("It left on Monday.", "Contoso – équipe"), (mail.TextBody?.Trim(), mail.From.Mailboxes.Single().Name));
        Assert.Equal(["Rechnung März.pdf", "price list.csv"], mail.Attachments.Select(part => part.ContentDisposition?.FileName ?? ""));
        Assert.Equal("logo", Assert.Single(mail.BodyParts.OfType<MimePart>(), part => part.ContentType.MimeType == "image/png").ContentId);
        Assert.Equal((await rig.Office.RowAsync(written.LetterId)).InternetId, $"<{mail.MessageId}>");
    }

    [Fact]
    public async Task Text_alone_gets_its_html()
    {
        await using var rig = await SendingRig.OpenAsync();
        await NewOrders(rig).WriteAsync(rig.Office.Organisation, null, Order(rig) with { Text = "One <two>" }, TempStore.Cancel);
        await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel);
        Assert.Contains("<p>One &lt;two&gt;</p>", Assert.Single(rig.Server.Mails), StringComparison.Ordinal);
    }

    /// <summary>The same key is the same letter; another letter under it is told so.</summary>
    [Fact]
    public async Task Asking_twice_writes_one_letter()
    {
        await using var rig = await SendingRig.OpenAsync();
        var order = Order(rig) with { Key = Guid.CreateVersion7(rig.Office.Temp.Time.GetUtcNow()) };
        Assert.Equal(await WriteAsync(rig, order), await WriteAsync(rig, order));
        Assert.Contains("key", Assert.IsType<OrderOutcome.Refused>(await WriteAsync(rig, order with { Subject = "Another" })).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_sent_is_refused_with_what_to_do_and_nothing_is_kept()
    {
        await using var rig = await SendingRig.OpenAsync();
        var order = Order(rig);
        (LetterOrder Order, string Says)[] wrong =
        [
            (order with { To = [] }, "recipient"),
            (order with { To = [new OrderedParty("nobody")] }, "not an address"),
            (order with { Subject = null }, "subject"),
            (order with { Text = null }, "text or html"),
            (order with { To = [.. Enumerable.Range(0, 1001).Select(number => new OrderedParty($"a{number}@fabrikam.example"))] }, "split"),
            (order with { ExpiresAt = rig.Office.Temp.Time.GetUtcNow() }, "expire"),
            (order with { Unsubscribe = new OrderedUnsubscription(new Uri("http://contoso.example/"), null, false) }, "https"),
            (order with { Attendance = Passerelle.Mail.Replies.Attendance.Accepted }, "inAnswerTo"),
            (order with { Files = [new OrderedFile { Name = "x", Base64 = "!" }] }, "base64"),
            (order with { Files = [new OrderedFile { Name = "x" }] }, "one of"),
            (order with { Files = [new OrderedFile { Upload = Guid.Empty }] }, "upload"),
            (order with { Files = [new OrderedFile { Url = new Uri("file:///etc/passwd") }] }, "https://"),
            (order with { Files = [new OrderedFile { Url = new Uri("http://127.0.0.1:1/x") }] }, "Outbound:Allow"),
        ];
        foreach (var (one, says) in wrong) Assert.Contains(says, Assert.IsType<OrderOutcome.Refused>(await WriteAsync(rig, one)).Sentence, StringComparison.Ordinal);
        Assert.IsType<OrderOutcome.Unknown>(await WriteAsync(rig, order with { AppId = Guid.Empty }));
        Assert.False(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel));
    }

    /// <summary>The server would refuse the whole mail, and nobody would get it.</summary>
    [Fact]
    public async Task More_recipients_than_the_mailbox_takes_in_one_mail_are_refused_until_an_admin_says_otherwise()
    {
        await using var rig = await SendingRig.OpenAsync();
        await rig.SetAsync("preset = 'microsoft365'");
        var order = Order(rig) with { Bcc = [.. Enumerable.Range(0, 500).Select(number => new OrderedParty($"a{number}@fabrikam.example"))] };
        var refused = Assert.IsType<OrderOutcome.Refused>(await WriteAsync(rig, order));
        Assert.StartsWith("This mail has 501 recipients, and the mailbox takes 500 in one mail: split it", refused.Sentence, StringComparison.Ordinal);
        Assert.Empty(await rig.Office.Temp.Store.ReadAsync(tx => tx.For(rig.Office.Organisation).List<Guid>("SELECT id FROM letter WHERE organisation_id = @organisation"), TempStore.Cancel));

        await rig.Office.WriteAsync(tx => BudgetRows.Put(
            tx, rig.Office.Organisation, new SaidLimit { Subject = rig.Office.App.ToString(), RecipientsPerMail = 501 }, null, rig.Office.Temp.Time.GetUtcNow()));
        Assert.IsType<OrderOutcome.Written>(await WriteAsync(rig, order));
    }

    [Fact]
    public async Task A_file_that_never_ends_costs_no_more_than_its_bound()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Authority.Strange = ("/endless", EndlessAsync);
        var order = Order(rig) with { Files = [new OrderedFile { Url = new Uri($"http://127.0.0.1:{rig.Authority.Port}/endless") }] };
        Assert.Contains("1000 bytes", Assert.IsType<OrderOutcome.Refused>(await WriteAsync(rig, order)).Sentence, StringComparison.Ordinal);
        Assert.Null(await NewUploads(rig).KeepAsync(rig.Office.Organisation, "x", "", new MemoryStream(new byte[1001]), TempStore.Cancel));
    }

    [Fact]
    public async Task A_letter_for_later_holds_nobody_and_leaves_when_its_moment_has_come()
    {
        await using var rig = await SendingRig.OpenAsync();
        var (owner, now) = (await rig.Office.OwnerAsync(), rig.Office.Temp.Time.GetUtcNow());
        var conversation = await rig.Office.ConversationAsync();
        var later = await rig.Office.LetterAsync(conversation, letter => letter with { NotBefore = now.AddHours(5) });
        var soon = await rig.Office.LetterAsync(conversation);
        Assert.True(await rig.Dispatch.SendNextAsync(owner, rig.Pool, TempStore.Cancel));
        Assert.False(await rig.Dispatch.SendNextAsync(owner, rig.Pool, TempStore.Cancel));
        Assert.Equal((LetterState.Waiting, LetterState.Settled), (await rig.Office.StateAsync(later), await rig.Office.StateAsync(soon)));
        Assert.Equal(now.AddHours(5), await rig.Office.Letters.NextDueAsync(now, TempStore.Cancel));
        rig.Office.Temp.Time.Advance(TimeSpan.FromHours(5));
        Assert.Equal(now.AddHours(5), await rig.Office.Letters.NextDueAsync(now, TempStore.Cancel)); // whoever looked last at that moment has not seen it
        Assert.Null(await rig.Office.Letters.NextDueAsync(now.AddHours(5), TempStore.Cancel));
        Assert.True(await rig.Dispatch.SendNextAsync(owner, rig.Pool, TempStore.Cancel));
        Assert.Equal(LetterState.Settled, await rig.Office.StateAsync(later));
    }

    [Fact]
    public async Task A_letter_whose_time_is_up_is_not_sent_and_a_person_sees_it()
    {
        await using var rig = await SendingRig.OpenAsync();
        var letter = await rig.Office.LetterAsync(await rig.Office.ConversationAsync(), one => one with { ExpiresAt = rig.Office.Temp.Time.GetUtcNow().AddHours(1) });
        rig.Office.Temp.Time.Advance(TimeSpan.FromHours(1));
        Assert.False(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel)); // even before the sweep
        Assert.Equal(1, await rig.Office.Recovery.SweepAsync(TempStore.Cancel));
        var row = await rig.Office.RowAsync(letter);
        Assert.Equal((LetterState.Dead, LetterExpiry.Reason), (row.State, row.StateReason));
        Assert.Equal("ann@fabrikam.example=refused", await rig.Office.RecipientsAsync(letter));
    }

    [Fact]
    public async Task A_letter_that_waits_can_be_cancelled()
    {
        await using var rig = await SendingRig.OpenAsync();
        var written = Assert.IsType<OrderOutcome.Written>(await WriteAsync(rig, Order(rig) with { SendAt = rig.Office.Temp.Time.GetUtcNow().AddDays(1) }));
        Assert.Equal(LetterChange.Done, await rig.Office.Actions.CancelAsync(rig.Office.Organisation, written.LetterId, "Not needed", TempStore.Cancel));
        rig.Office.Temp.Time.Advance(TimeSpan.FromDays(2));
        Assert.False(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel));
    }

    [Fact]
    public async Task Answers_leave_before_bulk_however_long_that_has_waited()
    {
        await using var rig = await SendingRig.OpenAsync();
        var order = Order(rig) with { Bulk = true };
        for (var number = 0; number < 3; number++) await WriteAsync(rig, order with { Subject = $"Bulk {number}" });
        rig.Office.Temp.Time.Advance(TimeSpan.FromHours(1));
        await WriteAsync(rig, order with { Subject = "Ordinary", Bulk = false });
        await rig.Office.LetterAsync(await rig.Office.ConversationAsync(), letter => letter with { InAnswerTo = Guid.CreateVersion7(rig.Office.Temp.Time.GetUtcNow()) });
        while (await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel)) { }
        var subjects = rig.Server.Mails.Select(mail => mail.Split("\r\n").First(line => line.StartsWith("Subject: ", StringComparison.Ordinal))[9..]).ToList();
        Assert.Equal(["Re: Hello", "Ordinary"], subjects[..2]);
        Assert.Equal(5, subjects.Count);
    }

    /// <summary>RFC 6531 §3.1: only a server that says so takes such an address.</summary>
    [Fact]
    public async Task An_address_outside_of_ascii_goes_to_a_server_that_takes_it_and_to_no_other()
    {
        await using var rig = await SendingRig.OpenAsync();
        var order = Order(rig) with { To = [new OrderedParty("jörg@bücher.example")] };
        var refused = Assert.IsType<OrderOutcome.Written>(await WriteAsync(rig, order));
        Assert.True(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel));
        var row = await rig.Office.RowAsync(refused.LetterId);
        Assert.Equal(LetterState.Dead, row.State);
        Assert.Contains("SMTPUTF8", row.StateReason, StringComparison.Ordinal);

        rig.Server.Instead = said => said == "EHLO" ? "250-scripted.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH XOAUTH2\r\n" : null;
        using var pool = rig.NewPool();
        var taken = Assert.IsType<OrderOutcome.Written>(await WriteAsync(rig, order with { Subject = "Again" }));
        Assert.True(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), pool, TempStore.Cancel));
        Assert.Equal(LetterState.Settled, await rig.Office.StateAsync(taken.LetterId));
        Assert.Contains(rig.Server.Commands, line => line.StartsWith("MAIL FROM:<support@contoso.example>", StringComparison.Ordinal) && line.Contains("SMTPUTF8", StringComparison.Ordinal));
    }

    private static Task<OrderOutcome> WriteAsync(SendingRig rig, LetterOrder order) => NewOrders(rig).WriteAsync(rig.Office.Organisation, null, order, TempStore.Cancel);

    private static LetterOrder Order(SendingRig rig) => new()
    {
        AppId = rig.Office.App,
        To = [new OrderedParty("ann@fabrikam.example", "Ann")],
        Subject = "Your order",
        Text = "It left on Monday.",
    };

    private static IOptions<SendingOptions> Bounds { get; } = Options.Create(new SendingOptions { MaxFilesBytes = 1000 });

    private static Uploads NewUploads(SendingRig rig) => new(rig.Office.Temp.Store, Bounds, rig.Office.Temp.Time);

    private static LetterOrders NewOrders(SendingRig rig)
    {
        var (store, time) = (rig.Office.Temp.Store, rig.Office.Temp.Time);
        var outbound = Options.Create(new OutboundOptions());
        var files = new OrderedFiles(NewUploads(rig), new OutboundHttp(rig.Policy, rig.Trust, outbound), Bounds, outbound, TimeProvider.System);
        return new LetterOrders(store, new MailSources(store, new RawMails(store)), files, new TemplateLibrary(store, time), new AnswerCaps(rig.Office.Options), rig.Office.Signals, time);
    }

    private static async Task EndlessAsync(HttpContext context)
    {
        while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(new byte[64 * 1024], context.RequestAborted);
    }

    private static Task AnswerAsync(HttpContext context, string type, byte[] body)
    {
        context.Response.ContentType = type;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
