using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Routing;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Routing;

public sealed class RouterTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task An_acknowledgement_carries_the_signature_and_another_address_of_the_mailbox_gets_none()
    {
        await using var bench = await RoutingBench.AcknowledgingAsync();
        await bench.Inbound.NameAsync();
        await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail(id: "own@contoso.example", from: "help@contoso.example")));
        Assert.Empty(await bench.LettersAsync());
        await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        var text = await bench.TextOfAsync(Assert.Single(await bench.LettersAsync()));
        Assert.Contains("we got it.\r\n\r\n-- \r\nThe team", text, StringComparison.Ordinal);
        Assert.Contains("From: Contoso Help <support@contoso.example>", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_genuine_question_is_acknowledged_once_and_threaded()
    {
        await using var bench = await RoutingBench.AcknowledgingAsync();
        var message = await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));

        Assert.Equal(MessageState.Routed, message.State);
        var letter = Assert.Single(await bench.LettersAsync());
        Assert.Equal(("acknowledgement", "ann@fabrikam.example", message.Id), (letter.Origin, letter.Correspondent, letter.InAnswerTo));
        var text = await bench.TextOfAsync(letter);
        Assert.Contains("In-Reply-To: <one@fabrikam.example>", text, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-replied", text, StringComparison.Ordinal);
        Assert.Contains("Dear Ann Bell, we got it.", text, StringComparison.Ordinal);
        Assert.Contains($"Message-Id: <{letter.Id:N}@contoso.example>", text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("done", (await bench.RunAsync(message.Id))?.State);
        Assert.Contains(await bench.StepsAsync(message.Id), step => step is { Kind: "letter", Result: "written" });
    }

    [Fact]
    public async Task A_message_is_routed_once_however_often_it_is_tried()
    {
        await using var bench = await RoutingBench.AcknowledgingAsync();
        await bench.Inbound.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        var due = Assert.Single(await bench.Router.DueAsync(10, Cancel));
        await bench.Router.RouteAsync(due, Cancel);
        await bench.Router.RouteAsync(due, Cancel);
        Assert.Single(await bench.LettersAsync());
        Assert.Equal(1, await bench.Inbound.CountAsync("run"));
    }

    public static TheoryData<string, string, string> Unanswerable => new()
    {
        { Written.Mail(headers: "Auto-Submitted: auto-replied"), "bounces+SRS=x=AA@contoso.example", "not from a person" },
        { Written.Mail(headers: "List-Id: <news.fabrikam.example>\r\nPrecedence: list"), "bounces+SRS=x=AA@contoso.example", "" },
        { Written.Mail(), "", "" },
        { Written.Mail(from: "Support <support@contoso.example>"), "bounces+SRS=x=AA@fabrikam.example", "own address" },
    };

    [Theory, MemberData(nameof(Unanswerable))]
    public async Task What_a_machine_must_not_answer_gets_a_step_that_says_why(string mail, string envelopeFrom, string because)
    {
        await using var bench = await RoutingBench.AcknowledgingAsync();
        var message = await bench.ArriveAsync(ArcForwarder.Seal(mail), envelopeFrom);
        Assert.Empty(await bench.LettersAsync());
        var refused = Assert.Single(await bench.StepsAsync(message.Id), step => step.Result == "refused");
        Assert.Contains(because, refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_that_nobody_vouches_for_is_not_acknowledged()
    {
        await using var bench = await RoutingBench.AcknowledgingAsync();
        var unproven = await bench.ArriveAsync(Written.Mail());
        var suspicious = await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail(id: "two@fabrikam.example"), dmarc: "fail"));
        Assert.Empty(await bench.LettersAsync());
        Assert.Contains("Nobody proves", Assert.Single(await bench.StepsAsync(unproven.Id), step => step.Result == "refused").Detail, StringComparison.Ordinal);
        Assert.Contains("suspicious", Assert.Single(await bench.StepsAsync(suspicious.Id), step => step.Result == "refused").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Our_own_letter_that_comes_back_is_not_answered()
    {
        await using var bench = await RoutingBench.AcknowledgingAsync();
        await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        var letter = Assert.Single(await bench.LettersAsync());
        await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail(id: $"{letter.Id:N}@contoso.example")));
        Assert.Single(await bench.LettersAsync());
    }

    [Fact]
    public async Task Two_answering_machines_facing_each_other_end_after_one_answer()
    {
        await using var bench = await RoutingBench.AcknowledgingAsync();
        await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        for (var round = 0; round < 10; round++)
        {
            // A machine of the worst kind: it hides that it is one, and answers each letter of ours.
            var last = (await bench.LettersAsync())[^1];
            bench.Inbound.Temp.Time.Advance(TimeSpan.FromMinutes(10));
            await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail(
                id: $"robot{round}@fabrikam.example", text: $"Thank you {round}", headers: $"In-Reply-To: <{last.Id:N}@contoso.example>")));
        }
        Assert.Single(await bench.LettersAsync());
    }

    [Fact]
    public async Task A_machine_that_begins_a_new_thread_each_time_meets_the_cap()
    {
        await using var bench = await RoutingBench.AcknowledgingAsync();
        for (var round = 0; round < 6; round++)
        {
            await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail(id: $"{round}@fabrikam.example", text: $"Question {round}")));
        }
        Assert.Equal(3, (await bench.LettersAsync()).Count);
    }

    [Fact]
    public async Task Without_a_flow_or_with_a_paused_one_a_message_is_kept_with_the_reason()
    {
        await using var bench = await RoutingBench.OpenAsync(flow: null);
        Assert.Equal((MessageState.Kept, Router.NoFlow), StateOf(await bench.ArriveAsync(Written.Mail())));

        var flow = await bench.UseAsync(Gateway.Routing.Flows.AcknowledgementForm.ToFlow("Ack", "Hello").Json!);
        Assert.True(await bench.Library.PauseAsync(bench.Inbound.Organisation, flow.Id, true, Cancel));
        Assert.Equal((MessageState.Kept, Router.FlowPaused), StateOf(await bench.ArriveAsync(Written.Mail(id: "two@fabrikam.example"))));
    }

    [Fact]
    public async Task An_app_that_is_paused_after_the_reading_holds_what_was_ready()
    {
        await using var bench = await RoutingBench.AcknowledgingAsync();
        var message = await bench.Inbound.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        await bench.Inbound.SetStateAsync(bench.Inbound.Organisation, bench.Inbound.App, "paused");
        await bench.RouteDueAsync();
        Assert.Equal(MessageState.Held, (await bench.Inbound.MessageAsync(message.Id)).State);
        Assert.Empty(await bench.LettersAsync());
    }

    [Fact]
    public async Task Held_mail_is_processed_in_order_after_its_release()
    {
        await using var bench = await RoutingBench.AcknowledgingAsync("draft");
        var first = await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        var second = await bench.ArriveAsync(ArcForwarder.Seal(Written.Mail(id: "two@fabrikam.example", headers: "In-Reply-To: <one@fabrikam.example>")));
        Assert.Empty(await bench.LettersAsync());

        await bench.Inbound.SetStateAsync(bench.Inbound.Organisation, bench.Inbound.App, "connected");
        Assert.Equal(2, await bench.Inbound.Held.ReleaseAsync(bench.Inbound.Organisation, bench.Inbound.App, Cancel));
        Assert.Equal(first.Id, Assert.Single(await bench.Router.DueAsync(10, Cancel)).Id);
        await bench.RouteDueAsync();

        Assert.Equal(first.Id, Assert.Single(await bench.LettersAsync()).InAnswerTo);
        Assert.Equal(MessageState.Routed, (await bench.Inbound.MessageAsync(second.Id)).State);
    }

    [Fact]
    public async Task A_message_waits_for_older_mail_that_is_still_unread_but_not_for_mail_put_off()
    {
        await using var bench = await RoutingBench.AcknowledgingAsync();
        bench.Inbound.Dns.Silent = true;
        var older = await bench.Inbound.ReceiveAsync(ArcForwarder.Seal(Written.Mail()));
        var newer = await bench.Inbound.ReceiveAsync(Written.Mail(id: "two@fabrikam.example"));
        await bench.Inbound.Reader.ReadAsync(newer, Cancel);
        Assert.Empty(await bench.Router.DueAsync(10, Cancel));

        await bench.Inbound.Reader.ReadAsync(older, Cancel); // the DNS does not answer: put off
        Assert.Equal(newer.Id, Assert.Single(await bench.Router.DueAsync(10, Cancel)).Id);
    }

    [Fact]
    public async Task Ownership_lost_while_routing_settles_nothing()
    {
        await using var bench = await RoutingBench.AcknowledgingAsync();
        var message = await bench.Inbound.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        await new Ownerships(bench.Inbound.Store, new Alone()).OfAsync(bench.Inbound.Organisation, bench.Inbound.App, Cancel); // another process

        await bench.Router.RouteAsync(Assert.Single(await bench.Router.DueAsync(10, Cancel)), Cancel);
        Assert.Equal(MessageState.Ready, (await bench.Inbound.MessageAsync(message.Id)).State);
        Assert.Equal(0, await bench.Inbound.CountAsync("run") + await bench.Inbound.CountAsync("run_step") + await bench.Inbound.CountAsync("letter"));

        await bench.RouteDueAsync(); // met again, the app is taken anew
        Assert.Single(await bench.LettersAsync());
    }

    [Fact]
    public async Task A_message_whose_flow_cannot_be_run_is_kept_in_the_end_and_lets_the_next_one_pass()
    {
        await using var bench = await RoutingBench.AcknowledgingAsync();
        var message = await bench.Inbound.ArriveAsync(ArcForwarder.Seal(Written.Mail()));
        await bench.Inbound.Store.WriteAsync(
            Gateway.Store.Lane.Work,
            tx => tx.For(bench.Inbound.Organisation).Execute("DELETE FROM flow_version WHERE organisation_id = @organisation"),
            Cancel);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await bench.RouteDueAsync();
            bench.Inbound.Temp.Time.Advance(TimeSpan.FromHours(2));
        }
        Assert.Equal(MessageState.Kept, (await bench.Inbound.MessageAsync(message.Id)).State);
    }

    private static (MessageState, string) StateOf(Message message) => (message.State, message.StateReason);
}
