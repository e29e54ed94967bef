using Passerelle.Gateway.Events.Alarms;

namespace Passerelle.Gateway.Tests.Events;

/// <summary>Silence is measured by an app's own habit.</summary>
public sealed class SilenceTests
{
    [Fact]
    public async Task An_app_that_falls_silent_is_told_with_the_step_of_the_guide_and_its_next_mail_ends_it()
    {
        await using var bench = await AlarmBench.OpenAsync();
        await ReceiveAsync(bench, days: 14, hoursBetween: 4);
        await bench.PassAsync(TimeSpan.FromHours(24), TimeSpan.FromHours(1));
        Assert.Empty(bench.Receiver.Calls);
        await bench.PassAsync(TimeSpan.FromHours(2), TimeSpan.FromHours(1));
        var call = Assert.Single(bench.Receiver.Calls);
        Assert.Equal("silent", call.Event.GetProperty("data").GetProperty("kind").GetString());
        Assert.Equal("F1", call.Event.GetProperty("data").GetProperty("setupStep").GetString());

        await ReceiveAsync(bench, days: 0, hoursBetween: 4);
        await bench.PassAsync(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(10));
        Assert.Equal("passerelle.alarm.cleared", bench.Receiver.Calls.Last().Type);
    }

    [Fact]
    public async Task Week_ends_are_in_the_habit()
    {
        await using var bench = await AlarmBench.OpenAsync();
        for (var week = 0; week < 4; week++)
        {
            await ReceiveAsync(bench, days: 5, hoursBetween: 8);
            bench.Office.Temp.Time.Advance(TimeSpan.FromDays(2));
            await bench.LookAsync();
        }
        await bench.PassAsync(TimeSpan.FromDays(1.5), TimeSpan.FromHours(2)); // a long week-end
        Assert.Empty(bench.Receiver.Calls);
        await bench.PassAsync(TimeSpan.FromDays(1), TimeSpan.FromHours(2));
        Assert.Single(bench.Receiver.Calls);
    }

    [Fact]
    public async Task An_app_that_gets_little_mail_has_no_habit_and_raises_nothing()
    {
        await using var bench = await AlarmBench.OpenAsync();
        await ReceiveAsync(bench, days: 28, hoursBetween: 48);
        await bench.PassAsync(TimeSpan.FromDays(30), TimeSpan.FromDays(1));
        Assert.Empty(bench.Receiver.Calls);
    }

    [Theory]
    [InlineData("paused")]
    [InlineData("retired")]
    public async Task A_stopped_app_may_be_silent(string state)
    {
        await using var bench = await AlarmBench.OpenAsync();
        await ReceiveAsync(bench, days: 14, hoursBetween: 4);
        await bench.Office.WriteAsync(tx => tx.For(bench.Office.Organisation).Execute(
            "UPDATE app SET state = @state WHERE organisation_id = @organisation AND id = @App", new { bench.Office.App, state }));
        await bench.PassAsync(TimeSpan.FromDays(5), TimeSpan.FromHours(6));
        Assert.Empty(bench.Receiver.Calls);
    }

    [Fact]
    public void A_habit_is_twenty_mails_over_a_week()
    {
        var start = DateTimeOffset.UnixEpoch;
        Assert.Null(Silences.LongestPause([.. Enumerable.Range(0, 19).Select(day => start.AddDays(day))]));
        Assert.Null(Silences.LongestPause([.. Enumerable.Range(0, 50).Select(hour => start.AddHours(hour))]));
        Assert.Equal(TimeSpan.FromDays(3), Silences.LongestPause([.. Enumerable.Range(0, 30).Select(day => start.AddDays(day)), start.AddDays(32)]));
    }

    /// <summary>Mail at an even pace up to now.</summary>
    private static async Task ReceiveAsync(AlarmBench bench, int days, int hoursBetween)
    {
        var mails = days * 24 / hoursBetween;
        for (var mail = 0; mail <= mails; mail++)
        {
            if (mail > 0) bench.Office.Temp.Time.Advance(TimeSpan.FromHours(hoursBetween));
            var now = bench.Now;
            await bench.Office.WriteAsync(tx =>
            {
                tx.For(bench.Office.Organisation).Execute(
                    """
                    INSERT INTO receipt (organisation_id, id, app_id, envelope_from, envelope_to, raw_id, size, received_at, helo, remote_address, tls,
                        session_id, state, state_reason, attempts, due_at, epoch)
                    VALUES (@organisation, @id, @App, '', '', @id, 1, @now, '', '', '', '', 'read', '', 0, @now, 0)
                    """,
                    new { id = Guid.CreateVersion7(now), bench.Office.App, now });
                tx.For(bench.Office.Organisation).Execute(
                    "UPDATE app SET last_received_at = @now WHERE organisation_id = @organisation AND id = @App", new { bench.Office.App, now });
            });
        }
    }
}
