using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Events.Alarms;
using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Tests.Events;

/// <summary>An app that dies is told, by others that live.</summary>
public sealed class AlarmTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(15);

    [Fact]
    public Task A_broken_app_is_told_at_once_by_another_one_and_by_webhook_and_only_once() => ToldOnceAsync(null);

    [Fact]
    public async Task The_same_on_PostgreSQL() => await ToldOnceAsync(await Store.PostgresServer.NewDatabaseAsync());

    private static async Task ToldOnceAsync(string? postgres)
    {
        await using var bench = await AlarmBench.OpenAsync(postgres);
        await bench.LookAsync();
        Assert.Empty(await bench.NoticesAsync());

        await bench.BreakAsync();
        await bench.PassAsync(TimeSpan.FromMinutes(1), Tick);
        var (row, mail) = Assert.Single(await bench.LettersAsync());
        Assert.Equal(bench.Other, row.AppId);
        Assert.Equal("Passerelle: support@contoso.example cannot send", mail.Subject);
        Assert.Equal(AlarmBench.Admin, Assert.Single(mail.To.Mailboxes).Address);
        Assert.Contains("Entra administrator must act: Make a new one.", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("The secret has expired", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains($"https://mail.contoso.example/apps/{bench.Office.App}", mail.TextBody, StringComparison.Ordinal);
        var call = Assert.Single(bench.Receiver.Calls);
        Assert.Equal("passerelle.alarm.raised", call.Type);
        Assert.Equal("Make a new one", call.Event.GetProperty("data").GetProperty("fix").GetString());

        await bench.SentAsync();
        await bench.PassAsync(TimeSpan.FromMinutes(30), Tick);
        Assert.Single(await bench.LettersAsync());
        Assert.Single(bench.Receiver.Calls);
        Assert.All(await bench.NoticesAsync(), notice => Assert.Equal("done", notice.State));
    }

    [Fact]
    public async Task No_machine_answers_an_alarm_and_no_cap_counts_it()
    {
        await using var bench = await AlarmBench.OpenAsync();
        await bench.BreakAsync();
        await bench.LookAsync();
        var (row, mail) = Assert.Single(await bench.LettersAsync());
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.NotNull(mail.Headers["X-Auto-Response-Suppress"]);
        Assert.Equal(0, await bench.Office.Temp.Store.ReadAsync(
            tx => tx.For(row.OrganisationId).One<long>("SELECT COUNT(*) FROM letter WHERE organisation_id = @organisation AND automatic"), TempStore.Cancel));
    }

    [Fact]
    public async Task While_it_lasts_it_is_told_again_every_day_and_its_end_is_told_once()
    {
        await using var bench = await AlarmBench.OpenAsync();
        await bench.BreakAsync();
        await bench.PassAsync(TimeSpan.FromHours(73), TimeSpan.FromMinutes(10));
        await bench.ConnectAsync();
        await bench.PassAsync(TimeSpan.FromHours(30), TimeSpan.FromMinutes(10));
        Assert.Equal(
            ["passerelle.alarm.raised", "passerelle.alarm.reminded", "passerelle.alarm.reminded", "passerelle.alarm.reminded", "passerelle.alarm.cleared"],
            bench.Receiver.Calls.Select(call => call.Type));
        Assert.Equal("Passerelle: support@contoso.example is well again", (await bench.LettersAsync())[^1].Mail.Subject);

        await bench.BreakAsync();
        await bench.LookAsync();
        Assert.Equal("passerelle.alarm.raised", bench.Receiver.Calls.Last().Type); // another break, another alarm
    }

    [Fact]
    public async Task An_app_that_an_admin_pauses_is_not_said_to_be_well()
    {
        await using var bench = await AlarmBench.OpenAsync();
        await bench.BreakAsync();
        await bench.LookAsync();
        await bench.Office.WriteAsync(tx => AppStates.Pause(tx, bench.Office.Organisation, bench.Office.App, "", bench.Now));
        await bench.PassAsync(TimeSpan.FromHours(30), TimeSpan.FromMinutes(10));
        Assert.Equal("passerelle.alarm.raised", Assert.Single(bench.Receiver.Calls).Type);
        Assert.Empty(await OpenAsync(bench));
    }

    [Fact]
    public async Task An_app_that_is_being_edited_while_broken_keeps_its_alarm_until_it_works()
    {
        await using var bench = await AlarmBench.OpenAsync();
        await bench.BreakAsync();
        await bench.LookAsync();
        await bench.Office.WriteAsync(tx => AppStates.Unauthorise(tx, bench.Office.Organisation, bench.Office.App, "", bench.Now));
        await bench.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1));
        Assert.Single(await OpenAsync(bench));
        await bench.ConnectAsync();
        await bench.LookAsync();
        Assert.Equal("passerelle.alarm.cleared", bench.Receiver.Calls.Last().Type);
    }

    [Fact]
    public async Task A_consent_taken_from_many_apps_is_one_mail_and_a_call_for_each()
    {
        await using var bench = await AlarmBench.OpenAsync();
        for (var number = 0; number < 12; number++) await bench.BreakAsync(await bench.Office.AppAsync($"box-{number}@contoso.example"));
        await bench.LookAsync();
        var (row, mail) = Assert.Single(await bench.LettersAsync());
        Assert.Equal("Passerelle: 12 apps need somebody", mail.Subject);
        Assert.Contains("box-11@contoso.example", mail.TextBody, StringComparison.Ordinal);
        Assert.NotEqual(AppState.Broken, (await bench.Office.Temp.Apps.FindAsync(row.OrganisationId, row.AppId, TempStore.Cancel))!.State); // it carries
        Assert.Equal(12, bench.Receiver.Calls.Count);
    }

    [Fact]
    public async Task With_no_app_that_works_the_mail_waits_for_one_and_the_webhook_does_not()
    {
        await using var bench = await AlarmBench.OpenAsync(withOther: false);
        await bench.BreakAsync();
        await bench.PassAsync(TimeSpan.FromHours(2), TimeSpan.FromMinutes(5));
        Assert.Empty(await bench.LettersAsync());
        Assert.Single(bench.Receiver.Calls);
        Assert.Contains(await bench.NoticesAsync(), notice => notice is { Way: AlarmNotice.Mail, State: "waiting", Words: "No other app works now" });

        var late = await bench.Office.AppAsync("sales@contoso.example");
        await bench.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1));
        Assert.Equal(late, Assert.Single(await bench.LettersAsync()).Row.AppId);
    }

    [Fact]
    public async Task When_the_carrier_breaks_too_its_letter_is_taken_back_and_a_third_app_carries_it()
    {
        await using var bench = await AlarmBench.OpenAsync();
        await bench.BreakAsync();
        await bench.LookAsync();
        var first = Assert.Single(await bench.LettersAsync()).Row;
        await bench.BreakAsync(bench.Other);
        await bench.Office.WriteAsync(tx => tx.For(first.OrganisationId).Execute(
            "UPDATE letter SET state = 'blocked', due_at = NULL WHERE organisation_id = @organisation AND id = @Id", new { first.Id }));
        var third = await bench.Office.AppAsync("returns@contoso.example");
        await bench.PassAsync(TimeSpan.FromMinutes(1), Tick);

        var letters = await bench.LettersAsync();
        Assert.Equal(LetterState.Dead, letters[0].Row.State);
        Assert.All(letters.Skip(1), letter => Assert.Equal(third, letter.Row.AppId));
        Assert.Contains(letters.Skip(1), letter => letter.Mail.Subject == letters[0].Mail.Subject);
    }

    [Fact]
    public async Task The_mail_is_in_the_language_of_whoever_set_the_addresses()
    {
        await using var bench = await AlarmBench.OpenAsync(language: "fr");
        await bench.BreakAsync();
        await bench.LookAsync();
        var mail = Assert.Single(await bench.LettersAsync()).Mail;
        Assert.Equal("Passerelle : support@contoso.example ne peut plus envoyer", mail.Subject);
        Assert.Contains("À faire par", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_alarm_goes_both_ways_and_names_no_app()
    {
        await using var bench = await AlarmBench.OpenAsync();
        Assert.Equal(2, await bench.Telling.TestAsync(bench.Office.Organisation, TempStore.Cancel));
        await bench.LookAsync();
        Assert.Equal("Passerelle: a test alarm", Assert.Single(await bench.LettersAsync()).Mail.Subject);
        Assert.Equal("passerelle.alarm.test", Assert.Single(bench.Receiver.Calls).Type);
    }

    [Fact]
    public async Task Addresses_that_would_come_back_here_and_hosts_that_are_no_web_address_are_refused()
    {
        await using var bench = await AlarmBench.OpenAsync();
        Assert.Equal("alarm-address-own", await ProblemAsync(bench, "Support@Contoso.example", ""));
        Assert.Equal("email-id-invalid", await ProblemAsync(bench, "it(at)fabrikam", ""));
        Assert.Equal("alarm-addresses-many", await ProblemAsync(bench, string.Join('\n', Enumerable.Range(0, 11).Select(number => $"a{number}@fabrikam.example")), ""));
        Assert.Equal("url-not-https", await ProblemAsync(bench, AlarmBench.Admin, "http://hooks.fabrikam.example/x"));
        Assert.Equal("url-extra", await ProblemAsync(bench, AlarmBench.Admin, "https://user:word@hooks.fabrikam.example/x"));
        Assert.Equal(bench.Webhook, (await bench.Settings.FindAsync(bench.Office.Organisation, TempStore.Cancel)).WebhookUrl); // nothing was stored
    }

    private static async Task<string> ProblemAsync(AlarmBench bench, string addresses, string url) => Assert.Single(Assert.IsType<TargetsOutcome.Invalid>(
        await bench.Settings.SaveAsync(bench.Office.Organisation, addresses, url, "en", TempStore.Cancel)).Problems).Code;

    private static Task<List<Alarm>> OpenAsync(AlarmBench bench) =>
        bench.Office.Temp.Store.ReadAsync(tx => AlarmRows.Open(tx, bench.Office.Organisation), TempStore.Cancel);
}
