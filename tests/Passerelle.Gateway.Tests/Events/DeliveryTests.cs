using System.Globalization;
using Microsoft.AspNetCore.Http;
using Passerelle.Gateway.Events;
using Passerelle.Gateway.Events.Webhooks;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Queue.Outbox;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Outbound;
using Passerelle.Gateway.Tests.Queue;

namespace Passerelle.Gateway.Tests.Events;

/// <summary>From what happened to what a receiver gets: once committed, at least once, signed, and never in the way of mail.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task What_happened_reaches_who_wants_it_signed_and_with_the_letters_own_names()
    {
        await using var bench = await DeliveryBench.OpenAsync();
        var letter = await bench.CancelLetterAsync();
        await bench.LookAsync();

        var call = Assert.Single(bench.Receiver.Calls);
        Assert.Equal(("/hook", "application/cloudevents+json; charset=utf-8", "passerelle.letter.cancelled"), (call.Path, call.ContentType, call.Type));
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(call.Timestamp, CultureInfo.InvariantCulture));
        Assert.Equal(WebhookSignature.Of(bench.Secret, call.Id, at, call.Body), call.Signature);
        Assert.Equal(call.Id, call.Event.GetProperty("id").GetString());
        Assert.Equal($"letters/{letter}", call.Event.GetProperty("subject").GetString());
        Assert.Equal(letter.ToString(), call.Event.GetProperty("data").GetProperty("letterId").GetString());
        Assert.Equal("Not wanted any more", call.Event.GetProperty("data").GetProperty("words").GetString());
        Assert.Single(await bench.ListAsync(WebhookDelivery.Done));
    }

    /// <summary>Each with the letter's own id; what comes back later is told by the events of <see cref="Reading.ReturnsTests"/>.</summary>
    [Fact]
    public async Task Every_end_of_a_letter_is_told()
    {
        await using var bench = await DeliveryBench.OpenAsync(types: [.. EventTypes.All]);
        var office = bench.Office;
        var ends = new List<(string, Guid)>();
        foreach (var (type, outcome) in new (string, SendOutcome)[]
        {
            (EventTypes.LetterAccepted, new SendOutcome.Accepted("250 2.0.0 OK", [])),
            (EventTypes.LetterDead, new SendOutcome.Refused("550 5.1.1 nobody")),
            (EventTypes.LetterUnclear, new SendOutcome.Unclear("No complete reply after the final dot (IOException)")),
        })
        {
            ends.Add((type, await office.LetterAsync(await office.ConversationAsync())));
            var owner = await office.OwnerAsync();
            await office.Letters.SettleAsync(await office.ClaimAsync(owner), owner, outcome, TempStore.Cancel);
        }
        ends.Add((EventTypes.LetterCancelled, await bench.CancelLetterAsync()));
        ends.Add((EventTypes.LetterExpired, await office.LetterAsync(await office.ConversationAsync(), letter => letter with { ExpiresAt = office.Temp.Time.GetUtcNow().AddHours(1) })));
        office.Temp.Time.Advance(TimeSpan.FromHours(1));
        await office.Recovery.SweepAsync(TempStore.Cancel);
        await bench.LookAsync();
        Assert.Equal(
            ends.Select(end => $"{EventTypes.Prefix}{end.Item1} {end.Item2}").Order(),
            bench.Receiver.Calls.Select(call => $"{call.Type} {call.Event.GetProperty("data").GetProperty("letterId").GetString()}").Order());
    }

    [Fact]
    public async Task Who_does_not_want_an_event_or_is_switched_off_is_not_told()
    {
        await using var bench = await DeliveryBench.OpenAsync(types: "letter.bounced");
        await bench.CancelLetterAsync();
        await bench.Settings.ChangeAsync(bench.Office.Organisation, bench.Webhook.Id, new WebhookForm("Ledger", bench.Webhook.Url, ["letter.cancelled"], IsOn: false), TempStore.Cancel);
        await bench.CancelLetterAsync();
        await bench.LookAsync();
        Assert.Empty(bench.Receiver.Calls);
    }

    [Fact]
    public async Task Without_a_webhook_nothing_is_kept_for_anybody()
    {
        await using var bench = await DeliveryBench.OpenAsync();
        await bench.Settings.DeleteAsync(bench.Office.Organisation, bench.Webhook.Id, TempStore.Cancel);
        await bench.CancelLetterAsync();
        Assert.Equal(0, await bench.Office.Temp.Store.ReadAsync(
            tx => tx.For(bench.Office.Organisation).One<long>("SELECT COUNT(*) FROM event_outbox WHERE organisation_id = @organisation"), TempStore.Cancel));
    }

    [Fact]
    public async Task A_deed_that_is_undone_is_not_told()
    {
        await using var bench = await DeliveryBench.OpenAsync();
        var organisation = bench.Office.Organisation;
        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.Office.Temp.Store.WriteAsync<int>(
            Lane.Work,
            tx =>
            {
                EventOutbox.Add(tx, organisation, new OutsideEvent("letter.cancelled"), bench.Office.Temp.Time.GetUtcNow());
                throw new InvalidOperationException("the deed fails");
            },
            TempStore.Cancel));
        await bench.LookAsync();
        Assert.Empty(bench.Receiver.Calls);
    }

    [Fact]
    public async Task What_is_not_taken_is_tried_again_under_the_same_id_ever_later_and_is_a_dead_letter_in_the_end()
    {
        await using var bench = await DeliveryBench.OpenAsync();
        bench.Receiver.AnswerWith(503);
        await bench.CancelLetterAsync();
        await bench.LookAsync();
        await bench.PassAsync(TimeSpan.FromHours(50), TimeSpan.FromHours(1.3));
        Assert.Equal(new EventsOptions().MaxWebhookAttempts, bench.Receiver.Calls.Count);
        Assert.Single(bench.Receiver.Calls.Select(call => call.Id).Distinct());
        Assert.Equal(bench.Receiver.Calls.Count, bench.Receiver.Calls.Select(call => call.Signature).Distinct().Count()); // signed anew: an old timestamp is refused
        var dead = Assert.Single(await bench.ListAsync(WebhookDelivery.Dead));
        Assert.Equal((503, "HTTP 503"), (dead.Status, dead.Words));
        Assert.Equal(30, (await bench.Deliveries.AttemptsAsync(bench.Office.Organisation, dead.Id, TempStore.Cancel)).Count);

        bench.Receiver.AnswerWith(204);
        Assert.Equal(1, await bench.Deliveries.ReplayDeadAsync(bench.Office.Organisation, bench.Webhook.Id, TempStore.Cancel));
        await bench.LookAsync();
        Assert.Empty(await bench.ListAsync(WebhookDelivery.Dead));
        Assert.Equal(bench.Receiver.Calls.First().Id, bench.Receiver.Calls.Last().Id);
    }

    [Fact]
    public async Task Retry_After_is_waited_for()
    {
        await using var bench = await DeliveryBench.OpenAsync();
        bench.Receiver.Answer = http =>
        {
            http.Response.StatusCode = 429;
            http.Response.Headers.RetryAfter = "600";
            return Task.CompletedTask;
        };
        await bench.CancelLetterAsync();
        await bench.LookAsync();
        await bench.PassAsync(TimeSpan.FromSeconds(590), TimeSpan.FromSeconds(59));
        Assert.Single(bench.Receiver.Calls);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_switched_off_and_what_waited_can_be_replayed()
    {
        await using var bench = await DeliveryBench.OpenAsync();
        bench.Receiver.AnswerWith(410);
        await bench.CancelLetterAsync();
        await bench.LookAsync();
        var webhook = await bench.Settings.FindAsync(bench.Office.Organisation, bench.Webhook.Id, TempStore.Cancel);
        Assert.Equal(Webhook.Off, webhook?.State);
        Assert.Contains("410", webhook?.StateReason, StringComparison.Ordinal);
        Assert.Single(await bench.ListAsync(WebhookDelivery.Dead));
    }

    [Fact]
    public async Task For_a_day_after_a_change_both_secrets_sign_and_then_only_the_new_one()
    {
        await using var bench = await DeliveryBench.OpenAsync();
        var rotated = Assert.IsType<WebhookOutcome.Saved>(await bench.Settings.RotateAsync(bench.Office.Organisation, bench.Webhook.Id, TempStore.Cancel));
        await bench.CancelLetterAsync();
        await bench.LookAsync();
        bench.Office.Temp.Time.Advance(WebhookSettings.Overlap);
        await bench.CancelLetterAsync();
        await bench.LookAsync();

        var (during, after) = (bench.Receiver.Calls.First(), bench.Receiver.Calls.Last());
        Assert.Equal($"{Signed(rotated.NewSecret!, during)} {Signed(bench.Secret, during)}", during.Signature); // it was changed just now
        Assert.Equal(Signed(rotated.NewSecret!, after), after.Signature);
    }

    [Fact]
    public async Task Both_secrets_are_sealed()
    {
        await using var bench = await DeliveryBench.OpenAsync();
        var rotated = Assert.IsType<WebhookOutcome.Saved>(await bench.Settings.RotateAsync(bench.Office.Organisation, bench.Webhook.Id, TempStore.Cancel));
        foreach (var secret in new[] { bench.Secret, rotated.NewSecret! })
        {
            Assert.False(await bench.Office.Temp.HoldsAsync(System.Text.Encoding.ASCII.GetBytes(secret["whsec_".Length..])));
        }
    }

    [Fact]
    public async Task A_receiver_that_never_answers_delays_neither_mail_nor_another_receiver()
    {
        await using var bench = await DeliveryBench.OpenAsync();
        await using var slow = await OutsideServer.StartAsync();
        var asked = new TaskCompletionSource();
        slow.Answer = async http =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        };
        var (webhook, _) = await bench.HookAsync($"{slow.Url}/slow", "letter.cancelled");
        bench.Receiver.AnswerWith(204);
        await bench.CancelLetterAsync();
        await bench.Telling.TellAsync(TempStore.Cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TempStore.Cancel);
        var stuck = bench.DeliveriesTo(slow).RoundAsync(webhook, stop.Token);
        await asked.Task.WaitAsync(TempStore.Cancel);

        // while it hangs, a letter is written and settled, and the other receiver is told of it
        var second = await bench.CancelLetterAsync("while the other hangs");
        await bench.Telling.TellAsync(TempStore.Cancel);
        await bench.Deliveries.RoundAsync(bench.Webhook, TempStore.Cancel);
        Assert.False(stuck.IsCompleted);
        Assert.Contains(bench.Receiver.Calls, call => call.Body.Contains(second.ToString(), StringComparison.Ordinal));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stuck);
    }

    [Fact]
    public async Task A_receiver_that_is_down_rests_ever_longer_and_is_called_at_once_when_a_person_asks()
    {
        await using var bench = await DeliveryBench.OpenAsync();
        bench.Receiver.AnswerWith(500);
        for (var letter = 0; letter < 20; letter++) await bench.CancelLetterAsync();
        await bench.LookAsync();
        Assert.Equal(8, bench.Receiver.Calls.Count); // one round; the twelve others are not tried at a receiver that is down
        await bench.LookAsync();
        Assert.Equal(8, bench.Receiver.Calls.Count);
        var failing = await bench.Settings.FindAsync(bench.Office.Organisation, bench.Webhook.Id, TempStore.Cancel);
        Assert.Equal((1, bench.Office.Temp.Time.GetUtcNow()), (failing?.Failures, failing?.FailingSince));

        bench.Receiver.AnswerWith(204);
        var waiting = await bench.ListAsync(WebhookDelivery.Waiting);
        Assert.Equal(20, waiting.Count);
        Assert.True(await bench.Deliveries.ReplayAsync(bench.Office.Organisation, waiting[0].Id, TempStore.Cancel));
        await bench.LookAsync();
        Assert.NotEmpty(await bench.ListAsync(WebhookDelivery.Done));
        Assert.Null((await bench.Settings.FindAsync(bench.Office.Organisation, bench.Webhook.Id, TempStore.Cancel))?.FailingSince);
    }

    [Fact]
    public async Task An_address_inside_our_own_network_is_not_called_and_the_log_says_what_would_open_it()
    {
        await using var bench = await DeliveryBench.OpenAsync();
        await bench.Settings.ChangeAsync(bench.Office.Organisation, bench.Webhook.Id, new WebhookForm("Ledger", "https://127.0.0.2/hook", ["letter.cancelled"]), TempStore.Cancel);
        await bench.CancelLetterAsync();
        await bench.LookAsync();
        Assert.Contains("127.0.0.2:443 under Outbound:Allow", Assert.Single(await bench.ListAsync(WebhookDelivery.Waiting)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_the_answer_is_kept()
    {
        await using var bench = await DeliveryBench.OpenAsync();
        bench.Receiver.Answer = http =>
        {
            http.Response.StatusCode = 302;
            http.Response.Headers.Location = "/elsewhere";
            return http.Response.WriteAsync("over there");
        };
        await bench.CancelLetterAsync();
        await bench.LookAsync();
        var delivery = Assert.Single(await bench.ListAsync(WebhookDelivery.Waiting));
        Assert.Equal("/hook", Assert.Single(bench.Receiver.Calls).Path);
        Assert.Equal("over there", Assert.Single(await bench.Deliveries.AttemptsAsync(bench.Office.Organisation, delivery.Id, TempStore.Cancel)).Answer);
    }

    [Fact]
    public async Task A_test_event_goes_the_way_of_all_others()
    {
        await using var bench = await DeliveryBench.OpenAsync();
        Assert.NotNull(await bench.Settings.TestAsync(bench.Office.Organisation, bench.Webhook.Id, TempStore.Cancel));
        await bench.LookAsync();
        Assert.Equal("passerelle.test", Assert.Single(bench.Receiver.Calls).Type);
        Assert.Null(await bench.Settings.TestAsync(await bench.Office.Temp.OrganisationAsync("Fabrikam"), bench.Webhook.Id, TempStore.Cancel));
    }

    [Fact]
    public async Task What_ended_long_ago_is_forgotten_and_what_waits_is_not()
    {
        await using var bench = await DeliveryBench.OpenAsync();
        await bench.CancelLetterAsync();
        await bench.LookAsync();
        bench.Office.Temp.Time.Advance(TimeSpan.FromDays(31));
        bench.Receiver.AnswerWith(500);
        await bench.CancelLetterAsync();
        await bench.LookAsync();
        Assert.Equal(1, await bench.Deliveries.ForgetAsync(TempStore.Cancel));
        Assert.Empty(await bench.ListAsync(WebhookDelivery.Done));
        Assert.Single(await bench.ListAsync(WebhookDelivery.Waiting));
    }

    [Theory]
    [InlineData("", "https://ledger.example/x", "letter.dead", "name")]
    [InlineData("Ledger", "ledger.example", "letter.dead", "url")]
    [InlineData("Ledger", "http://ledger.example/x", "letter.dead", "url")]
    [InlineData("Ledger", "https://u:p@ledger.example/x", "letter.dead", "url")]
    [InlineData("Ledger", "https://ledger.example/x", "letter.lost", "types")]
    public async Task A_webhook_that_could_not_work_is_refused(string name, string url, string type, string field)
    {
        await using var bench = await DeliveryBench.OpenAsync();
        var refused = await bench.Settings.MakeAsync(bench.Office.Organisation, null, new WebhookForm(name, url, [type]), TempStore.Cancel);
        Assert.Equal(field, Assert.IsType<WebhookOutcome.Refused>(refused).Field);
    }

    private static string Signed(string secret, OutsideCall call) =>
        WebhookSignature.Of(secret, call.Id, DateTimeOffset.FromUnixTimeSeconds(long.Parse(call.Timestamp, CultureInfo.InvariantCulture)), call.Body);

}
