using System.Globalization;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Events.Alarms;
using Passerelle.Gateway.Portal;

namespace Passerelle.Gateway.Tests.Events;

/// <summary>A date that comes nearer is told in steps; meanwhile the app is degraded and works.</summary>
public sealed class CredentialWarningTests
{
    [Fact]
    public async Task It_is_told_60_30_14_7_and_1_days_before_and_on_the_day_and_the_app_is_degraded()
    {
        await using var bench = await AlarmBench.OpenAsync();
        await EndsInAsync(bench, days: 70);
        var told = new List<long>();
        for (var day = 70; day >= -3; day--)
        {
            bench.Receiver.Calls.Clear();
            await bench.LookAsync();
            await bench.LookAsync();
            if (bench.Receiver.Calls.SingleOrDefault() is { } call)
            {
                told.Add(day);
                Assert.Equal(day == 60 ? "passerelle.alarm.raised" : "passerelle.alarm.reminded", call.Type);
            }
            Assert.Equal(day <= 60 ? AppState.Degraded : AppState.Connected, await bench.Office.AppStateAsync());
            bench.Office.Temp.Time.Advance(TimeSpan.FromDays(1));
        }
        Assert.Equal([60, 30, 14, 7, 1, 0], told);
        var app = await bench.Office.Temp.Apps.FindAsync(bench.Office.Organisation, bench.Office.App, TempStore.Cancel);
        Assert.Contains("The client secret ended on", app!.StateReason, StringComparison.Ordinal); // opened by the office
    }

    [Fact]
    public async Task A_new_date_far_away_makes_it_well_again()
    {
        await using var bench = await AlarmBench.OpenAsync();
        await EndsInAsync(bench, days: 10);
        await bench.LookAsync();
        Assert.Equal(AppState.Degraded, await bench.Office.AppStateAsync());
        await EndsInAsync(bench, days: 700);
        await bench.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10));
        Assert.Equal(AppState.Connected, await bench.Office.AppStateAsync());
        Assert.Equal("passerelle.alarm.cleared", bench.Receiver.Calls.Last().Type);
    }

    [Fact]
    public async Task An_app_repaired_meanwhile_is_connected_and_then_degraded_again_for_the_date_is_the_same()
    {
        await using var bench = await AlarmBench.OpenAsync();
        await EndsInAsync(bench, days: 10);
        await bench.LookAsync();
        await bench.BreakAsync();
        await bench.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10));
        Assert.Equal(AppState.Broken, await bench.Office.AppStateAsync());
        await bench.ConnectAsync();
        await bench.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10));
        Assert.Equal(AppState.Degraded, await bench.Office.AppStateAsync());
    }

    [Fact]
    public async Task The_only_app_there_is_tells_of_its_own_date_for_it_works()
    {
        await using var bench = await AlarmBench.OpenAsync(withOther: false);
        await EndsInAsync(bench, days: 10);
        await bench.LookAsync();
        Assert.Equal(bench.Office.App, Assert.Single(await bench.LettersAsync()).Row.AppId);
    }

    [Theory]
    [InlineData(61, null)]
    [InlineData(60, 60)]
    [InlineData(31, 60)]
    [InlineData(30, 30)]
    [InlineData(2, 7)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    public void A_step_of_the_countdown_lasts_until_the_next(int daysLeft, int? step)
    {
        var now = new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
        var conditions = EndingCredentials.Of(
            [new() { OrganisationId = Guid.Empty, AppId = Guid.Empty, App = "", Mailbox = "", Kind = "client-secret", End = Gateway.Apps.Credentials.CredentialEnd.OnDay, EndsOn = DateOnly.FromDateTime(now.UtcDateTime).AddDays(daysLeft) }],
            now);
        Assert.Equal(step, conditions.Select(condition => (int?)condition.Level).SingleOrDefault());
    }

    [Fact]
    public void What_an_alarm_tells_people_to_do_is_there_in_French_too()
    {
        var french = CultureInfo.GetCultureInfo("fr");
        Assert.All([Silences.Fix, EndingCredentials.RenewSecret, EndingCredentials.RenewCertificate, EndingCredentials.RenewGrant], fix => Assert.NotEqual(fix, Sentences.Translate(fix, french)));
    }

    private static Task EndsInAsync(AlarmBench bench, int days) =>
        bench.Calendar.AnswerAsync(bench.Office.Organisation, bench.Office.App, DateOnly.FromDateTime(bench.Now.UtcDateTime).AddDays(days), TempStore.Cancel);
}
