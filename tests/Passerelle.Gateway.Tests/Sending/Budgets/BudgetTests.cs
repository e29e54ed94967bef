using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Sending.Budgets;

namespace Passerelle.Gateway.Tests.Sending.Budgets;

/// <summary>What an app may send: said by data, by the operator, by an admin, by the server; and what it has used, by the attempt rows.</summary>
public sealed class BudgetTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_admin_knows_better_than_the_operator_and_he_than_the_preset()
    {
        Assert.Equal(new BudgetLimits(3, 30, 10_000), BudgetLimits.Of("microsoft365", new SendingOptions(), null));
        Assert.Equal(new BudgetLimits(3, 30, null), BudgetLimits.Of("smtp", new SendingOptions(), null));
        var options = new SendingOptions { ConnectionsPerApp = 5, MessagesPerMinute = 100 };
        Assert.Equal(new BudgetLimits(5, 100, 10_000), BudgetLimits.Of("microsoft365", options, null));
        Assert.Equal(new BudgetLimits(5, 7, 200), BudgetLimits.Of("microsoft365", options, new SaidLimit { Subject = "a", PerMinute = 7, RecipientsPerDay = 200 }));
    }

    [Fact]
    public void The_budget_starts_with_what_the_attempts_say_was_spent()
    {
        var time = new FakeTimeProvider(Noon);
        var budget = Budget(time, 3, time.GetUtcNow().AddSeconds(-50), time.GetUtcNow().AddSeconds(-10));
        Assert.NotNull(budget.Take(1).Taken);
        Assert.Equal((null, TimeSpan.FromSeconds(10)), budget.Take(1));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.NotNull(budget.Take(1).Taken);
        Assert.Null(budget.Take(1).Taken);
        time.Advance(TimeSpan.FromSeconds(50));
        var places = budget.Take(1).Taken;
        Assert.NotNull(budget.Take(5).Taken);
        Assert.Null(budget.Take(1).Taken);
        budget.GiveBack(places!, 1); // the window had room for two
        Assert.Equal(1, budget.Take(5).Taken?.Count);
    }

    /// <summary>Bulk has one turn every two seconds, and what is not bulk has all the places that are left, at once.</summary>
    [Fact]
    public void Bulk_is_spread_over_the_minute_and_nothing_else_is()
    {
        var time = new FakeTimeProvider(Noon);
        var budget = Budget(time, 30);
        Assert.Equal((1, LetterLane.Bulk), Places(budget.Take(5)));
        var ordinary = budget.Take(5);
        Assert.Equal((5, LetterLane.Ordinary), Places(ordinary));
        budget.GiveBack(ordinary.Taken!, 5); // there was nothing but bulk
        Assert.Equal(TimeSpan.FromSeconds(2), budget.UntilBulk);
        time.Advance(TimeSpan.FromSeconds(2.5));
        Assert.Equal((1, LetterLane.Bulk), Places(budget.Take(1)));
        Assert.Equal(TimeSpan.FromSeconds(1.5), budget.UntilBulk); // what was late is made up for
        Assert.Equal((28, LetterLane.Ordinary), Places(budget.Take(100)));
        Assert.Null(budget.Take(1).Taken);
    }

    /// <summary>All that the server takes is used, and from the second minute on no answer waits longer than for two places.</summary>
    [Fact]
    public void Under_a_flood_of_bulk_every_place_is_used_and_one_becomes_free_every_two_seconds()
    {
        var time = new FakeTimeProvider(Noon);
        var budget = Budget(time, 30);
        var taken = new List<DateTimeOffset>();
        for (; time.GetUtcNow() < Noon.AddMinutes(5); time.Advance(TimeSpan.FromMilliseconds(50)))
        {
            if (budget.Take(1) is not { Taken: { } places }) continue;
            if (places.Lowest == LetterLane.Bulk) taken.Add(time.GetUtcNow());
            else budget.GiveBack(places, 1);
        }
        Assert.InRange(taken.Count, 149, 151);
        Assert.InRange(taken.Zip(taken.Skip(1), (one, next) => next - one).Max(), TimeSpan.Zero, TimeSpan.FromSeconds(2.1));
    }

    /// <summary>A worker that comes up to half a second late each time, and looks for what is more urgent in between.</summary>
    [Fact]
    public void Whoever_comes_late_to_his_turn_loses_none()
    {
        var time = new FakeTimeProvider(Noon);
        var budget = Budget(time, 30);
        var late = new Random(7);
        var taken = 0;
        while (time.GetUtcNow() < Noon.AddMinutes(10))
        {
            var (places, wait) = budget.Take(1);
            if (places is { Lowest: var lowest })
            {
                taken += lowest == LetterLane.Bulk ? 1 : 0;
                budget.GiveBack(places, lowest == LetterLane.Bulk ? 0 : 1);
                time.Advance(budget.UntilBulk + TimeSpan.FromSeconds(late.NextDouble() / 2));
            }
            else
            {
                time.Advance(wait + TimeSpan.FromSeconds(late.NextDouble() / 2));
            }
        }
        Assert.InRange(taken, 295, 301);
    }

    private static SendingBudget Budget(FakeTimeProvider time, int perMinute, params DateTimeOffset[] started) =>
        new(new BudgetLimits(3, perMinute, null), started, new DayUse([], time), null, time);

    private static (int?, LetterLane?) Places((BudgetPlaces? Taken, TimeSpan Wait) answer) => (answer.Taken?.Count, answer.Taken?.Lowest);

    [Fact]
    public void A_day_is_any_24_hours()
    {
        var time = new FakeTimeProvider(Noon);
        var day = new DayUse([new HourCount(Noon.AddHours(-23), 5), new HourCount(Noon.AddHours(-2), 3)], time);
        Assert.Equal((8, TimeSpan.Zero, TimeSpan.FromHours(1)), (day.Count, day.WaitFor(9), day.WaitFor(8)));
        day.Add(2);
        day.Add(1);
        Assert.Equal(11, day.Count);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(6, day.Count);
        time.Advance(TimeSpan.FromHours(23));
        Assert.Equal(0, day.Count);
    }

    [Fact]
    public void Too_many_connections_teach_to_have_fewer_for_a_while()
    {
        var time = new FakeTimeProvider(Noon);
        var learned = new LearnedLimits(time);
        learned.Hear(new SendOutcome.Deferred("432 4.3.2 Concurrent connections limit exceeded"), 3);
        Assert.Equal(2, learned.Connections(3));
        learned.Hear(new SendOutcome.Deferred("432 4.3.2 Concurrent connections limit exceeded"), 3);
        learned.Hear(new SendOutcome.Deferred("432 4.3.2 Concurrent connections limit exceeded"), 3);
        Assert.Equal(1, learned.Connections(3)); // never none
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(2, learned.Connections(3));
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(3, learned.Connections(3));
    }

    [Fact]
    public void A_limit_that_was_met_silences_the_app_and_not_for_longer_than_a_quarter_of_an_hour()
    {
        var time = new FakeTimeProvider(Noon);
        var learned = new LearnedLimits(time);
        learned.Hear(new SendOutcome.Deferred("450 4.2.1 Mailbox busy", TimeSpan.FromMinutes(5)), 3); // of a recipient: nobody else's business
        Assert.Equal(TimeSpan.Zero, learned.Quiet);
        learned.Hear(new SendOutcome.Deferred("554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", TimeSpan.FromHours(1)), 3);
        Assert.Equal(TimeSpan.FromMinutes(15), learned.Quiet);
        time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(TimeSpan.Zero, learned.Quiet);
    }

    [Fact]
    public void The_last_letter_is_foretold_by_the_minute_and_by_the_day()
    {
        var exchange = new BudgetLimits(3, 30, 10_000);
        Assert.Equal(Noon.AddMinutes(140), Forecast.LastLeavesAt(Now(4200), 1, exchange, [], Noon));
        Assert.Equal(Noon.AddMinutes(70), Forecast.LastLeavesAt(Now(4200), 1, exchange with { PerMinute = 60 }, [], Noon));
        Assert.Equal(Noon, Forecast.LastLeavesAt(Now(0), 1, exchange, [], Noon));
        // 9,000 are spent until one o'clock tomorrow: a thousand leave now, the rest begins then
        var last = Forecast.LastLeavesAt(Now(2000), 1, exchange, [new HourCount(Noon.AddMinutes(-30), 9000)], Noon);
        Assert.True(last > Noon.AddHours(23) && last < Noon.AddHours(26), $"{last}");
        Assert.True(Forecast.LastLeavesAt(Now(2000), 10, exchange, [], Noon) > Noon.AddHours(23)); // ten recipients each: a thousand letters fill a day
        Assert.Null(Forecast.LastLeavesAt(Now(1_000_000), 1, exchange, [], Noon));
    }

    [Fact]
    public void What_falls_due_later_is_foretold_from_then_on()
    {
        var exchange = new BudgetLimits(3, 30, 10_000);
        DueLetters[] later = [new(Noon.AddHours(-1), 30), new(Noon.AddMinutes(265), 60)];
        Assert.Equal(Noon.AddMinutes(267), Forecast.LastLeavesAt(later, 1, exchange, [], Noon));
        DueLetters[] meanwhile = [.. Now(300), new(Noon.AddMinutes(1), 30)];
        Assert.Equal(Noon.AddMinutes(11), Forecast.LastLeavesAt(meanwhile, 1, exchange, [], Noon));
        Assert.Null(Forecast.LastLeavesAt([new(Noon.AddDays(90), 1)], 1, exchange, [], Noon));
    }

    private static DueLetters[] Now(long letters) => [new(Noon, letters)];

    [Fact]
    public async Task What_was_spent_is_counted_from_the_attempts()
    {
        await using var rig = await SendingRig.OpenAsync();
        await rig.SetAsync("preset = 'microsoft365', directory_id = '11111111-2222-4333-8444-555555555555'");
        await rig.SendOneAsync();
        await rig.SendOneAsync(letter => letter with { Recipients = ["ann@fabrikam.example", "bea@contoso.example", "cid@fabrikam.example"] });
        rig.Server.RecipientReply = _ => "550 5.1.1 No such user";
        await rig.SendOneAsync(); // dead: nobody was written to
        var budgets = NewBudgets(rig);
        var one = Assert.Single(await budgets.ListAsync(rig.Office.Organisation, null, 50, TempStore.Cancel));
        Assert.Equal((3, 4), (one.Minute, one.Today));
        var directory = Assert.Single(await budgets.DirectoriesAsync(rig.Office.Organisation, TempStore.Cancel));
        Assert.Equal((1, 3L, null), (directory.Apps, directory.External, directory.Limit)); // Bea is inside

        Assert.True(await SayAsync(rig, budgets, new SaidLimit { Subject = rig.Office.App.ToString(), RecipientsPerDay = 4 }));
        var budget = await budgets.OpenAsync(rig.Office.Organisation, rig.Office.App, [], TempStore.Cancel);
        var (taken, wait) = budget.Take(1);
        Assert.Null(taken);
        Assert.True(wait > TimeSpan.FromHours(23));
        Assert.True(await SayAsync(rig, budgets, new SaidLimit { Subject = rig.Office.App.ToString(), RecipientsPerDay = 5 }));
        budget.Limits = await budgets.RefreshAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel);
        Assert.NotNull(budget.Take(1).Taken);

        Assert.True(await SayAsync(rig, budgets, new SaidLimit { Scope = SaidLimit.Directory, Subject = "11111111-2222-4333-8444-555555555555", RecipientsPerDay = 3 }));
        await budgets.RefreshAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel);
        Assert.Null(budget.Take(1).Taken);
        rig.Office.Temp.Time.Advance(TimeSpan.FromHours(25));
        Assert.NotNull(budget.Take(1).Taken);
    }

    [Fact]
    public async Task What_another_node_sent_for_the_directory_counts_here_too()
    {
        await using var rig = await SendingRig.OpenAsync();
        await rig.SetAsync("preset = 'microsoft365', directory_id = '11111111-2222-4333-8444-555555555555'");
        var here = NewBudgets(rig);
        Assert.True(await SayAsync(rig, here, new SaidLimit { Scope = SaidLimit.Directory, Subject = "11111111-2222-4333-8444-555555555555", RecipientsPerDay = 2 }));
        var budget = await here.OpenAsync(rig.Office.Organisation, rig.Office.App, [], TempStore.Cancel);
        await rig.SendOneAsync(letter => letter with { Recipients = ["ann@fabrikam.example", "cid@fabrikam.example"] }); // by a sender that this budget never hears
        Assert.NotNull(budget.Take(1).Taken);
        await here.RecountAsync(TempStore.Cancel);
        Assert.Null(budget.Take(1).Taken);
    }

    [Fact]
    public async Task A_limit_is_said_of_ones_own_and_within_reason_and_the_audit_knows()
    {
        await using var rig = await SendingRig.OpenAsync();
        var budgets = NewBudgets(rig);
        Assert.False(await SayAsync(rig, budgets, new SaidLimit { Subject = Guid.CreateVersion7(Noon).ToString(), PerMinute = 5 }));
        Assert.False(await SayAsync(rig, budgets, new SaidLimit { Scope = SaidLimit.Directory, Subject = "another", RecipientsPerDay = 5 }));
        Assert.False(await SayAsync(rig, budgets, new SaidLimit { Subject = rig.Office.App.ToString(), PerMinute = 0 }));
        Assert.Equal(0, await AuditedAsync(rig));
        Assert.True(await SayAsync(rig, budgets, new SaidLimit { Subject = rig.Office.App.ToString(), PerMinute = 5 }));
        Assert.True(await SayAsync(rig, budgets, new SaidLimit { Subject = rig.Office.App.ToString() })); // back to the preset
        Assert.Equal(2, await AuditedAsync(rig));
        Assert.Equal(30, Assert.Single(await budgets.ListAsync(rig.Office.Organisation, null, 50, TempStore.Cancel)).Limits.PerMinute);
    }

    /// <summary>Each app waits for its own budget only, and in it an answer overtakes all that is no answer.</summary>
    [Fact]
    public async Task The_flood_of_one_app_delays_neither_anothers_answer_nor_its_own()
    {
        await using var rig = await SendingRig.OpenAsync();
        var other = Assert.Single(await rig.MoreAppsAsync(1, TimeSpan.FromHours(1)));
        var time = rig.Office.Temp.Time;
        for (var number = 0; number < 20; number++)
            await rig.Office.LetterAsync(await rig.Office.ConversationAsync(), letter => letter with { Lane = LetterLane.Bulk, Recipients = [$"bulk-{number}@fabrikam.example"] });
        using var flooding = await SenderAsync(rig, rig.Office.App);
        flooding.Start(LetterLane.Ordinary, _ => { }, TempStore.Cancel);
        while (rig.Server.Mails.Count < 2) // then its minute is full
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(2, TempStore.Cancel); // the wire's time is real
        }

        await rig.Office.LetterAsync(await rig.Office.ConversationAsync(other.Id), letter => letter with { Recipients = ["customer@fabrikam.example"] }, other.Id);
        await rig.GrantAsync("token-2", TimeSpan.FromHours(1), "refresh-2", other.Id);
        using var quiet = await SenderAsync(rig, other.Id);
        quiet.Start(LetterLane.Ordinary, _ => { }, TempStore.Cancel);
        while (!rig.Server.Commands.Any(line => line.Contains("customer@", StringComparison.Ordinal))) await Task.Delay(2, TempStore.Cancel); // the clock stands

        await rig.Office.LetterAsync(await rig.Office.ConversationAsync(), letter => letter with { Lane = LetterLane.Answer, Recipients = ["answer@fabrikam.example"] });
        while (rig.Server.Mails.Count < 5)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(2, TempStore.Cancel); // the wire's time is real
        }
        Assert.Contains(rig.Server.Commands.Where(line => line.StartsWith("RCPT", StringComparison.Ordinal)).Take(5), line => line.Contains("answer@", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_left_is_counted_by_the_hour()
    {
        await using var rig = await SendingRig.OpenAsync();
        await rig.SendOneAsync();
        rig.Office.Temp.Time.Advance(TimeSpan.FromHours(2));
        await rig.SendOneAsync();
        await rig.SendOneAsync();
        var slots = await new SendingHistory(rig.Office.Temp.Store, rig.Office.Temp.Time).SinceAsync(rig.Office.Organisation, TimeSpan.FromDays(1), 24, TempStore.Cancel);
        Assert.Equal((24, 3, 2, 1), (slots.Count, slots.Sum(slot => slot.Letters), slots[^1].Letters, slots[^3].Letters));
        Assert.Equal(TimeSpan.Zero, slots[^1].Slowest); // the clock stood still
        Assert.Null(slots[0].Mean);
        Assert.All(await new SendingHistory(rig.Office.Temp.Store, rig.Office.Temp.Time).SinceAsync(Guid.CreateVersion7(Noon), TimeSpan.FromDays(1), 24, TempStore.Cancel), slot => Assert.Equal(0, slot.Letters));
    }

    private static SendingBudgets NewBudgets(SendingRig rig) => new(rig.Office.Temp.Store, Options.Create(new SendingOptions()), rig.Office.Temp.Time);

    private static Task<bool> SayAsync(SendingRig rig, SendingBudgets budgets, SaidLimit said) => budgets.SayAsync(
        rig.Office.Organisation, said, null,
        (tx, _) => Audit.Insert(tx, rig.Office.Organisation, null, Audit.ByItself, new Deed("app-limits-changed", AuditKinds.App, said.Subject), rig.Office.Temp.Time.GetUtcNow()),
        TempStore.Cancel);

    private static Task<long> AuditedAsync(SendingRig rig) => rig.Office.Temp.Store.ReadAsync(
        tx => tx.For(rig.Office.Organisation).One<long>("SELECT COUNT(*) FROM audit WHERE organisation_id = @organisation AND action = 'app-limits-changed'"), TempStore.Cancel);

    /// <summary>Two letters a minute.</summary>
    private static async Task<AppSender> SenderAsync(SendingRig rig, Guid app) => new(
        await rig.Office.OwnerAsync(app), rig.Dispatch, rig.NewPool(),
        new SendingBudget(new BudgetLimits(1, 2, null), [], new DayUse([], rig.Office.Temp.Time), null, rig.Office.Temp.Time),
        null, rig.Office.Temp.Time);
}
