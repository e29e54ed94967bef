using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Reading;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Reading;

public sealed class ReaderTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task A_receipt_becomes_a_message_with_its_parties_text_and_verdict()
    {
        await using var bench = await InboundBench.OpenAsync();
        var message = await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));

        Assert.Equal("human", message.Kind);
        Assert.Equal("ann@fabrikam.example", message.FromAddress);
        Assert.Equal("Ann Bell", message.FromName);
        Assert.Equal("A question", message.Subject);
        Assert.Equal("Where is my order?", message.Text.Trim());
        Assert.Equal("<one@fabrikam.example>", message.InternetId);
        Assert.Equal("genuine", message.Verdict);
        Assert.Equal(MessageState.Ready, message.State);
        Assert.Equal("support@contoso.example", Assert.Single(message.Parties.To).Address);
        Assert.NotEqual(Guid.Empty, message.ConversationId);
        Assert.Equal("read", (await bench.ReceiptAsync(message.Id)).State);
        Assert.NotNull((await bench.Temp.Apps.FindAsync(bench.Organisation, bench.App, Cancel))?.LastReceivedAt);
    }

    [Fact]
    public async Task What_reached_us_is_kept_in_the_words_of_RFC_8601_and_shown_on_top_of_the_source()
    {
        await using var bench = await InboundBench.OpenAsync();
        bench.Dns.Texts["contoso.example"] = "v=spf1 ip4:192.0.2.0/24 -all";
        var forged = "Authentication-Results: mx.contoso.example; dmarc=pass header.from=fabrikam.example\r\n";
        var message = await bench.ArriveAsync(forged + ArcForwarder.Seal(Written.Mail()));

        Assert.Equal(("pass", "none", "none", "pass"), (message.Spf, message.Dkim, message.Dmarc, message.Arc));
        using var shown = new MemoryStream();
        await (await new ShownSource(bench.Messages, new ServerName("mx.contoso.example")).FindAsync(bench.Organisation, message.Id, Cancel))!(shown); // just written
        var source = System.Text.Encoding.UTF8.GetString(shown.ToArray());
        Assert.StartsWith("Authentication-Results: mx.contoso.example;\r\n spf=pass smtp.mailfrom=", source, StringComparison.Ordinal);
        Assert.DoesNotContain(forged, source, StringComparison.Ordinal);
        Assert.Equal(1, source.Split("Authentication-Results: mx.contoso").Length - 1);
    }

    [Fact]
    public async Task A_mail_without_From_becomes_a_message_that_says_so()
    {
        await using var bench = await InboundBench.OpenAsync();
        var message = await bench.ArriveAsync(Written.Mail().Replace("From: Ann Bell <ann@fabrikam.example>\r\n", "", StringComparison.Ordinal));
        Assert.Equal("", message.FromAddress);
        Assert.Contains(MessageFindings.NoFrom, message.FindingList);
    }

    [Fact]
    public async Task Reading_a_receipt_twice_makes_one_message()
    {
        await using var bench = await InboundBench.OpenAsync();
        var receipt = await bench.ReceiveAsync(Written.Mail());
        await bench.Reader.ReadAsync(receipt, Cancel);
        await bench.Reader.ReadAsync(receipt, Cancel);
        Assert.Equal(1, await bench.CountAsync("message"));
        Assert.Equal("read", (await bench.ReceiptAsync(receipt.Id)).State);
    }

    [Fact]
    public async Task A_receipt_that_a_dead_process_left_is_read_by_the_next_one()
    {
        await using var bench = await InboundBench.OpenAsync();
        var receipt = await bench.ReceiveAsync(Written.Mail());
        var successor = bench.NewReader(new Ownerships(bench.Store, new Alone()));
        await successor.ReadAsync(Assert.Single(await successor.DueAsync(10, Cancel)), Cancel);
        Assert.Equal(receipt.Id, (await bench.MessageAsync(receipt.Id)).ReceiptId);
        Assert.Empty(await successor.DueAsync(10, Cancel));
    }

    [Fact]
    public async Task A_second_copy_is_linked_to_the_first_and_is_no_message()
    {
        await using var bench = await InboundBench.OpenAsync();
        var first = await bench.ArriveAsync(Written.Mail());
        var copy = await bench.ReceiveAsync($"Received: from elsewhere\r\n{Written.Mail()}");
        await bench.ReadDueAsync();

        var settled = await bench.ReceiptAsync(copy.Id);
        Assert.Equal("duplicate", settled.State);
        Assert.Equal(first.Id, settled.MessageId);
        Assert.Equal(1, await bench.CountAsync("message"));
        Assert.Equal(2, (await bench.Messages.ReceiptsAsync(bench.Organisation, first.Id, Cancel)).Count);
    }

    [Fact]
    public async Task A_forged_first_copy_does_not_swallow_the_genuine_one()
    {
        await using var bench = await InboundBench.OpenAsync();
        var forged = await bench.ArriveAsync(Written.Mail());
        var genuine = await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));

        Assert.Equal("unproven", forged.Verdict);
        Assert.Equal("genuine", genuine.Verdict);
        Assert.NotEqual(forged.Id, genuine.Id);
        Assert.Contains(MessageFindings.IdReused, genuine.FindingList);
    }

    [Fact]
    public async Task The_same_Message_ID_over_another_text_is_a_message_with_a_finding()
    {
        await using var bench = await InboundBench.OpenAsync();
        await bench.ArriveAsync(Written.Mail());
        var other = await bench.ArriveAsync(Written.Mail(text: "Something else"));
        Assert.Contains(MessageFindings.IdReused, other.FindingList);
    }

    [Fact]
    public async Task An_answer_joins_the_conversation_it_answers_and_a_like_subject_does_not()
    {
        await using var bench = await InboundBench.OpenAsync();
        var question = await bench.ArriveAsync(Written.Mail());
        var answer = await bench.ArriveAsync(Written.Mail(id: "two@fabrikam.example", headers: "In-Reply-To: <one@fabrikam.example>"));
        var later = await bench.ArriveAsync(Written.Mail(
            id: "three@fabrikam.example", headers: "References: <one@fabrikam.example> <unknown@fabrikam.example>"));
        var stranger = await bench.ArriveAsync(Written.Mail(id: "four@fabrikam.example"));

        Assert.Equal(question.ConversationId, answer.ConversationId);
        Assert.Equal(question.ConversationId, later.ConversationId);
        Assert.NotEqual(question.ConversationId, stranger.ConversationId);
    }

    [Theory]
    [InlineData("draft", "Held")]
    [InlineData("unauthorised", "Held")]
    [InlineData("paused", "Held")]
    [InlineData("connected", "Ready")]
    [InlineData("degraded", "Ready")]
    [InlineData("broken", "Ready")]
    [InlineData("retired", "Quarantined")]
    [InlineData("gone", "Quarantined")]
    public async Task The_state_of_the_app_decides_whether_a_message_is_ready(string app, string expected)
    {
        await using var bench = await InboundBench.OpenAsync(app);
        var message = await bench.ArriveAsync(Written.Mail());
        Assert.Equal(expected, message.State.ToString());
        Assert.Equal(expected == "Ready", message.StateReason.Length == 0);
    }

    [Fact]
    public async Task Trouble_with_the_DNS_puts_a_receipt_off_and_in_the_end_leaves_it_unproven()
    {
        await using var bench = await InboundBench.OpenAsync();
        bench.Dns.Silent = true;
        var receipt = await bench.ReceiveAsync(ArcForwarder.Seal(Written.Mail()));
        for (var attempt = 1; attempt < 5; attempt++)
        {
            await bench.ReadDueAsync();
            Assert.Equal(attempt, (await bench.ReceiptAsync(receipt.Id)).Attempts);
            Assert.Empty(await bench.Reader.DueAsync(10, Cancel));
            bench.Temp.Time.Advance(TimeSpan.FromHours(2));
        }
        await bench.ReadDueAsync();
        Assert.Equal("unproven", (await bench.MessageAsync(receipt.Id)).Verdict);
    }

    [Fact]
    public async Task A_DNS_that_comes_back_still_proves_the_mail()
    {
        await using var bench = await InboundBench.OpenAsync();
        bench.Dns.Silent = true;
        var receipt = await bench.ReceiveAsync(ArcForwarder.Seal(Written.Mail()));
        await bench.ReadDueAsync();
        bench.Dns.Silent = false;
        bench.Temp.Time.Advance(TimeSpan.FromMinutes(1));
        await bench.ReadDueAsync();
        Assert.Equal("genuine", (await bench.MessageAsync(receipt.Id)).Verdict);
    }

    [Fact]
    public async Task Bytes_that_are_no_mail_become_a_message_and_block_nobody()
    {
        await using var bench = await InboundBench.OpenAsync();
        var noise = await bench.ReceiveAsync([0x00, 0xFF, 0xFE, 0x0D, 0x0A, 0xD8, 0x00], "");
        var mail = await bench.ReceiveAsync(Written.Mail());
        await bench.ReadDueAsync();
        Assert.Equal(noise.Id, (await bench.MessageAsync(noise.Id)).Id);
        Assert.Equal("human", (await bench.MessageAsync(mail.Id)).Kind);
    }

    [Fact]
    public async Task A_mail_that_breaks_the_reading_again_and_again_is_kept_as_unreadable()
    {
        await using var bench = await InboundBench.OpenAsync();
        var receipt = await bench.ReceiveAsync(Written.Mail());
        await bench.Store.WriteAsync(
            Lane.Work,
            tx => tx.For(bench.Organisation).Execute("DELETE FROM raw_mail WHERE organisation_id = @organisation"),
            Cancel);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await bench.ReadDueAsync();
            bench.Temp.Time.Advance(TimeSpan.FromHours(2));
        }
        var message = await bench.MessageAsync(receipt.Id);
        Assert.Equal("unreadable", message.Kind);
        Assert.Equal("unreadable", (await bench.ReceiptAsync(receipt.Id)).State);
        Assert.Contains("5 times", message.KindEvidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ownership_lost_while_reading_settles_nothing()
    {
        await using var bench = await InboundBench.OpenAsync();
        var receipt = await bench.ReceiveAsync(Written.Mail());
        await bench.Ownerships.OfAsync(bench.Organisation, bench.App, Cancel);
        await new Ownerships(bench.Store, new Alone()).OfAsync(bench.Organisation, bench.App, Cancel); // another process takes over

        await bench.Reader.ReadAsync(receipt, Cancel);
        Assert.Equal("received", (await bench.ReceiptAsync(receipt.Id)).State);
        Assert.Equal(0, await bench.CountAsync("message"));
        Assert.Equal(0, await bench.CountAsync("conversation"));

        await bench.ReadDueAsync(); // met again, the app is taken anew
        Assert.Equal("read", (await bench.ReceiptAsync(receipt.Id)).State);
    }

    [Fact]
    public async Task A_store_that_fails_while_settling_leaves_the_receipt_due()
    {
        await using var bench = await InboundBench.OpenAsync();
        var receipt = await bench.ReceiveAsync(Written.Mail());
        await bench.Ownerships.OfAsync(bench.Organisation, bench.App, Cancel);
        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.Store.WriteAsync<Settled>(
            Lane.Work,
            tx =>
            {
                var draft = MessageDraft.Unreadable(receipt, "crash after the writes", receipt.ReceivedAt);
                ReadingRows.Settle(tx, receipt, draft, null, Passerelle.Gateway.Access.Audit.Record, receipt.ReceivedAt);
                throw new InvalidOperationException("crash");
            },
            Cancel));
        Assert.Equal(0, await bench.CountAsync("message"));
        await bench.ReadDueAsync();
        Assert.Equal("human", (await bench.MessageAsync(receipt.Id)).Kind);
    }

    [Fact]
    public async Task Mail_to_postmaster_is_kept_for_people()
    {
        await using var bench = await InboundBench.OpenAsync();
        var receipt = await bench.ReceiveAsync(System.Text.Encoding.ASCII.GetBytes(Written.Mail()), "a@b.example", Receipt.NoApp);
        await bench.ReadDueAsync();
        var message = await bench.MessageAsync(receipt.Id);
        Assert.Equal(MessageState.Kept, message.State);
        Assert.Equal(Admission.Postmaster, message.StateReason);
    }
}
