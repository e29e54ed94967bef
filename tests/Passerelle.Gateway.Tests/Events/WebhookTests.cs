using System.Globalization;
using Passerelle.Gateway.Events;
using Passerelle.Gateway.Events.Alarms;
using Passerelle.Gateway.Events.Webhooks;

namespace Passerelle.Gateway.Tests.Events;

/// <summary>CloudEvents 1.0.2 in JSON, signed per Standard Webhooks 1.0.0.</summary>
public sealed class WebhookTests
{
    /// <summary>The example that the libraries of Standard Webhooks are tested with.</summary>
    [Fact]
    public void The_signature_is_the_one_of_the_published_example() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), """{"test": 2432232314}"""));

    [Fact]
    public async Task A_call_carries_every_attribute_and_a_signature_that_its_receiver_can_check()
    {
        await using var bench = await AlarmBench.OpenAsync();
        var secret = await bench.Settings.ChangeSecretAsync(bench.Office.Organisation, TempStore.Cancel);
        await bench.BreakAsync();
        await bench.LookAsync();

        var call = Assert.Single(bench.Receiver.Calls);
        Assert.Equal("/alarms", call.Path);
        Assert.Equal("application/cloudevents+json; charset=utf-8", call.ContentType);
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(call.Timestamp, CultureInfo.InvariantCulture));
        Assert.Equal(bench.Now, at);
        Assert.Equal(WebhookSignature.Of(secret, call.Id, at, call.Body), call.Signature);
        Assert.Equal("1.0", call.Event.GetProperty("specversion").GetString());
        Assert.Equal(call.Id, call.Event.GetProperty("id").GetString());
        Assert.Equal($"https://mail.contoso.example/organisations/{bench.Office.Organisation}", call.Event.GetProperty("source").GetString());
        Assert.Equal($"apps/{bench.Office.App}", call.Event.GetProperty("subject").GetString());
        Assert.Equal("application/json", call.Event.GetProperty("datacontenttype").GetString());
        Assert.Equal(bench.Now, call.Event.GetProperty("time").GetDateTimeOffset());
    }

    [Fact]
    public async Task What_is_not_taken_is_tried_again_with_the_same_id_ever_later_and_given_up_in_the_end()
    {
        await using var bench = await AlarmBench.OpenAsync();
        bench.Receiver.AnswerWith(503);
        await bench.BreakAsync();
        await bench.LookAsync();
        for (var hour = 0; hour < 40; hour++)
        {
            await bench.CallAsync();
            bench.Office.Temp.Time.Advance(TimeSpan.FromHours(1.3));
        }
        Assert.Equal(new EventsOptions().MaxWebhookAttempts, bench.Receiver.Calls.Count);
        Assert.Single(bench.Receiver.Calls.Select(call => call.Id).Distinct());
        Assert.Equal(bench.Receiver.Calls.Count, bench.Receiver.Calls.Select(call => call.Signature).Distinct().Count()); // signed anew: an old timestamp is refused
        Assert.Contains(await bench.NoticesAsync(), notice => notice is { Way: AlarmNotice.Webhook, State: "dead", Words: "HTTP 503" });
    }

    [Fact]
    public async Task A_second_try_that_is_taken_ends_it()
    {
        await using var bench = await AlarmBench.OpenAsync();
        bench.Receiver.AnswerWith(500);
        await bench.BreakAsync();
        await bench.LookAsync();
        bench.Receiver.AnswerWith(200);
        await bench.CallAsync();
        Assert.Single(bench.Receiver.Calls); // not before its time
        bench.Office.Temp.Time.Advance(TimeSpan.FromSeconds(10));
        await bench.CallAsync();
        bench.Office.Temp.Time.Advance(TimeSpan.FromHours(2));
        await bench.CallAsync();
        Assert.Equal(2, bench.Receiver.Calls.Count);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var bench = await AlarmBench.OpenAsync();
        bench.Receiver.AnswerWith(302);
        await bench.BreakAsync();
        await bench.LookAsync();
        Assert.Equal("/alarms", Assert.Single(bench.Receiver.Calls).Path);
        Assert.Contains(await bench.NoticesAsync(), notice => notice is { Way: AlarmNotice.Webhook, State: "waiting", Words: "HTTP 302" });
    }

    [Fact]
    public async Task An_address_inside_our_own_network_is_not_called_and_the_line_says_what_would_open_it()
    {
        await using var bench = await AlarmBench.OpenAsync();
        await bench.Settings.SaveAsync(bench.Office.Organisation, AlarmBench.Admin, "https://127.0.0.2/hook", "en", TempStore.Cancel);
        await bench.BreakAsync();
        await bench.LookAsync();
        var notice = Assert.Single(await bench.NoticesAsync(), notice => notice.Way == AlarmNotice.Webhook);
        Assert.Equal("waiting", notice.State);
        Assert.Contains("127.0.0.2:443 under Outbound:Allow", notice.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secret_is_sealed_and_is_shown_when_it_is_made_and_never_again()
    {
        await using var bench = await AlarmBench.OpenAsync();
        var organisation = await bench.Office.Temp.OrganisationAsync("Fabrikam");
        var saved = Assert.IsType<TargetsOutcome.Saved>(await bench.Settings.SaveAsync(organisation, "", "https://hooks.fabrikam.example/x", "en", TempStore.Cancel));
        Assert.NotNull(saved.NewSecret);
        Assert.StartsWith("whsec_", saved.NewSecret, StringComparison.Ordinal);
        var targets = await bench.Settings.FindAsync(organisation, TempStore.Cancel);
        Assert.NotNull(targets.Secret);
        Assert.DoesNotContain(saved.NewSecret["whsec_".Length..], targets.Secret, StringComparison.Ordinal);
        Assert.Null(Assert.IsType<TargetsOutcome.Saved>(await bench.Settings.SaveAsync(organisation, "", "https://hooks.fabrikam.example/y", "en", TempStore.Cancel)).NewSecret);
    }

    [Fact]
    public async Task What_waited_for_an_address_that_was_taken_away_is_not_sent_there()
    {
        await using var bench = await AlarmBench.OpenAsync();
        bench.Receiver.AnswerWith(500);
        await bench.BreakAsync();
        await bench.LookAsync();
        await bench.Settings.SaveAsync(bench.Office.Organisation, AlarmBench.Admin, "", "en", TempStore.Cancel);
        bench.Office.Temp.Time.Advance(TimeSpan.FromHours(1));
        await bench.CallAsync();
        Assert.Single(bench.Receiver.Calls);
    }
}
