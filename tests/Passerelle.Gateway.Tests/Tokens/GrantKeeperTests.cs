using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Sending;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Tokens;

/// <summary>What keeps a grant alive for two years: simulated days pass in a second.</summary>
public sealed class GrantKeeperTests
{
    private const int Revoked = 50173;
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task A_grant_that_nobody_uses_is_renewed_every_day_each_app_at_a_moment_of_its_own()
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false);
        await rig.MoreAppsAsync(20, TimeSpan.FromHours(1));
        rig.Authority.Answer = form => Task.FromResult<(int, object)>((
            200, new { token_type = "Bearer", access_token = "kept", expires_in = 3600, refresh_token = form["refresh_token"] }));
        var asked = new Dictionary<string, List<TimeSpan>>();
        await PassAsync(rig, TimeSpan.FromDays(3), passed =>
        {
            while (rig.Authority.Asked.TryDequeue(out var form)) (asked.TryGetValue(form["refresh_token"], out var at) ? at : asked[form["refresh_token"]] = []).Add(passed);
        });

        Assert.Equal(20, asked.Count);
        Assert.All(asked.Values, times =>
        {
            Assert.InRange(times.Count, 3, 4);
            foreach (var (before, after) in times.Prepend(TimeSpan.Zero).Zip(times)) Assert.InRange(after - before, TimeSpan.FromHours(18), TimeSpan.FromHours(24) + Step);
        });
        Assert.InRange(asked.Values.Select(times => times[0]).Distinct().Count(), 8, 20);
    }

    [Fact]
    public async Task A_grant_lives_past_ninety_idle_days()
    {
        await using var rig = await SendingRig.OpenAsync();
        var usedAt = rig.Office.Temp.Time.GetUtcNow();
        rig.Authority.Answer = form =>
        {
            var now = rig.Office.Temp.Time.GetUtcNow();
            var idle = now - usedAt;
            usedAt = now;
            return Task.FromResult<(int, object)>(idle > TimeSpan.FromDays(90)
                ? (400, new { error = "invalid_grant", error_codes = new[] { 700082 } })
                : (200, new { token_type = "Bearer", access_token = "kept", expires_in = 3600, refresh_token = form["refresh_token"] }));
        };
        await PassAsync(rig, TimeSpan.FromDays(200), _ => { }, TimeSpan.FromHours(3));
        Assert.Equal(LetterState.Settled, (await rig.SendOneAsync()).State);
    }

    [Fact]
    public async Task What_was_revoked_on_an_app_that_nobody_uses_is_known_within_a_day_and_its_letters_wait_and_burn_nothing()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Authority.Fail(400, "invalid_grant", "AADSTS50173: The provided grant has expired due to it being revoked", Revoked);
        await PassAsync(rig, TimeSpan.FromHours(24) + Step, _ => { });
        Assert.Equal(AppState.Broken, await rig.Office.AppStateAsync());

        var letter = await rig.SendOneAsync();
        Assert.Equal((LetterState.Blocked, 0L), (letter.State, letter.Attempts));
        Assert.Equal(0, rig.Server.Connections);
        var finding = await new Breakages(rig.Office.Temp.Store).FindAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel);
        Assert.Equal(("G3", Cause.Mailbox, "Authorise again as the mailbox"), (finding?.SetupStep, finding?.Owner, finding?.Fix));

        rig.Authority.Answer = _ => Task.FromResult<(int, object)>((200, new { token_type = "Bearer", access_token = "token-3", expires_in = 3600, refresh_token = "refresh-3" }));
        await rig.GrantAsync("token-new", TimeSpan.FromHours(1), "refresh-new"); // somebody has authorised again
        Assert.Equal(1, Assert.IsType<ConnectOutcome.Connected>(await rig.Connect.ProveAgainAsync(await rig.AppAsync(), TempStore.Cancel)).Freed);
        Assert.True(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel));
        Assert.Equal(LetterState.Settled, await rig.Office.StateAsync(letter.Id));
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_asked_again_later_and_breaks_nothing()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Authority.Fail(503, "temporarily_unavailable", "AADSTS90033: A transient error", 90033);
        await PassAsync(rig, TimeSpan.FromHours(36), _ => { });
        Assert.Equal(AppState.Connected, await rig.Office.AppStateAsync());
        Assert.InRange(rig.Authority.Asked.Count, 12, 60); // every half hour or so once it is due, not every minute
    }

    [Fact]
    public async Task After_an_outage_everybody_returns_in_a_queue_of_eight_and_each_asks_once()
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false);
        var apps = await rig.MoreAppsAsync(60, TimeSpan.FromMinutes(-1));
        var authority = new RotatingAuthority();
        rig.Authority.Answer = authority.AnswerAsync;
        await Task.WhenAll(apps.SelectMany(app => Enumerable.Range(0, 5).Select(_ => rig.Tokens.GetAsync(app, TempStore.Cancel))));
        Assert.Equal(60, rig.Authority.Asked.Count);
        Assert.InRange(authority.MostAtOnce, 1, new TokensOptions().Concurrent);
    }

    [Fact]
    public async Task A_token_refused_before_its_time_is_replaced_within_the_same_attempt()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.TokenReply = token => token == "token-2" ? "235 2.7.0 Authentication successful" : "535 5.7.3 Authentication unsuccessful";
        var letter = await rig.SendOneAsync();
        Assert.Equal((LetterState.Settled, 1L), (letter.State, letter.Attempts));
        Assert.Equal(AppState.Connected, await rig.Office.AppStateAsync());
        Assert.Single(rig.Authority.Asked);
    }

    [Fact]
    public async Task A_refused_token_makes_the_provider_say_that_it_was_revoked_at_once()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.AuthReply = "535 5.7.3 Authentication unsuccessful";
        rig.Authority.Fail(400, "invalid_grant", "AADSTS50173: The provided grant has expired due to it being revoked", Revoked);
        var letter = await rig.SendOneAsync();
        Assert.Equal((LetterState.Blocked, 0L), (letter.State, letter.Attempts));
        Assert.Contains("AADSTS50173", letter.StateReason, StringComparison.Ordinal);
        Assert.Contains("Authorise again", (await rig.AppAsync()).StateReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_535_stands_and_costs_no_third_try()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.AuthReply = "535 5.7.3 Authentication unsuccessful";
        var letter = await rig.SendOneAsync();
        Assert.Equal((LetterState.Blocked, 0L), (letter.State, letter.Attempts));
        Assert.Single(rig.Authority.Asked);
        Assert.Equal(2, rig.Server.Connections);
    }

    [Fact]
    public async Task A_refused_token_while_the_provider_is_down_puts_the_letter_off_and_breaks_nothing()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.AuthReply = "535 5.7.3 Authentication unsuccessful";
        rig.Authority.Fail(503, "temporarily_unavailable", "AADSTS90033: A transient error", 90033);
        Assert.Equal(LetterState.Waiting, (await rig.SendOneAsync()).State);
        Assert.Equal(AppState.Connected, await rig.Office.AppStateAsync());

        rig.Server.AuthReply = "235 2.7.0 Authentication successful";
        rig.Authority.Answer = _ => Task.FromResult<(int, object)>((200, new { token_type = "Bearer", access_token = "token-2", expires_in = 3600 }));
        rig.Office.Temp.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.True(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel));
        Assert.Equal(2, rig.Authority.Asked.Count); // the refused one is not tried again, though its time is not up
    }

    /// <summary>The server's clock runs ahead of ours: our token is over there before it is over here.</summary>
    [Theory]
    [InlineData(-10)]
    [InlineData(-3)]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(10)]
    public async Task Clocks_that_differ_by_minutes_cost_no_letter_and_no_app(int minutesAhead)
    {
        await using var rig = await SendingRig.OpenAsync();
        var time = rig.Office.Temp.Time;
        var issued = new Dictionary<string, DateTimeOffset> { ["token-1"] = time.GetUtcNow() };
        var (number, refused) = (1, 0);
        rig.Authority.Answer = _ =>
        {
            issued[$"token-{++number}"] = time.GetUtcNow();
            return Task.FromResult<(int, object)>((200, new { token_type = "Bearer", access_token = $"token-{number}", expires_in = 3600 }));
        };
        rig.Server.TokenReply = token =>
        {
            // The provider's clock writes the end into the token, the server's own clock judges it.
            if (time.GetUtcNow().AddMinutes(minutesAhead) < issued[token].AddHours(1)) return "235 2.7.0 Authentication successful";
            refused++;
            return "535 5.7.3 Authentication unsuccessful";
        };
        for (var sent = 0; sent < 60; sent++)
        {
            using var fresh = rig.NewPool(); // every letter signs in
            var letter = await rig.Office.LetterAsync(await rig.Office.ConversationAsync());
            Assert.True(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), fresh, TempStore.Cancel));
            Assert.Equal((LetterState.Settled, 1L), ((await rig.Office.RowAsync(letter)).State, (await rig.Office.RowAsync(letter)).Attempts));
            time.Advance(TimeSpan.FromMinutes(4.5));
        }
        Assert.Equal(AppState.Connected, await rig.Office.AppStateAsync());
        if (minutesAhead <= 4) Assert.Equal(0, refused); // renewed five minutes ahead at the latest: nobody notices
    }

    [Fact]
    public async Task Our_own_clock_set_back_an_hour_costs_no_letter()
    {
        await using var rig = await SendingRig.OpenAsync();
        await rig.GrantAsync("token-1", TimeSpan.FromHours(2), "refresh-1"); // as it looks once the clock was set back
        rig.Server.TokenReply = token => token == "token-2" ? "235 2.7.0 Authentication successful" : "535 5.7.3 Authentication unsuccessful";
        Assert.Equal(LetterState.Settled, (await rig.SendOneAsync()).State);
    }

    [Fact]
    public async Task Two_processes_that_renew_at_once_present_no_refresh_token_twice_and_keep_the_newest()
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false);
        await rig.GrantAsync("token-1", TimeSpan.FromMinutes(-1), "refresh-1");
        var authority = new RotatingAuthority();
        rig.Authority.Answer = authority.AnswerAsync;
        var (temp, options) = (rig.Office.Temp, Options.Create(new TokensOptions()));
        using var renewal = rig.NewRenewal();
        var other = new TokenSource(temp.Store, temp.Sealer, renewal, options, temp.Time);
        for (var hour = 0; hour < 12; hour++)
        {
            var app = await rig.AppAsync();
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(caller => Task.Run(() => (caller % 2 == 0 ? rig.Tokens : other).RenewAsync(app, TempStore.Cancel))));
            Assert.Contains(answers, answer => answer is TokenAnswer.Ready);
            Assert.DoesNotContain(answers, answer => answer is TokenAnswer.Broken);
            Assert.Equal(authority.Newest, await rig.StoredRefreshTokenAsync());
            temp.Time.Advance(TimeSpan.FromHours(1));
        }
        Assert.Equal(0, authority.Reuses);
    }

    [Fact]
    public async Task A_worker_that_died_while_it_asked_is_waited_for_a_minute_and_no_longer()
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false);
        await rig.GrantAsync("token-1", TimeSpan.FromMinutes(-1), "refresh-1");
        var temp = rig.Office.Temp;
        var now = temp.Time.GetUtcNow();
        var grant = await temp.Store.ReadAsync(tx => Grants.Find(tx, rig.Office.Organisation, rig.Office.App), TempStore.Cancel);
        Assert.NotNull(await temp.Store.WriteAsync(Lane.Work, tx => Grants.Claim(tx, grant!, now, now.AddMinutes(1)), TempStore.Cancel)); // put above

        Assert.IsType<TokenAnswer.Later>(await rig.Tokens.GetAsync(await rig.AppAsync(), TempStore.Cancel));
        Assert.Empty(rig.Authority.Asked);
        temp.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<TokenAnswer.Ready>(await rig.Tokens.GetAsync(await rig.AppAsync(), TempStore.Cancel));
        Assert.Equal("refresh-1", Assert.Single(rig.Authority.Asked)["refresh_token"]);
    }

    [Fact]
    public async Task A_reused_refresh_token_that_the_provider_punishes_is_a_finding_and_not_a_loop()
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false);
        await rig.GrantAsync("token-1", TimeSpan.FromMinutes(-1), "refresh-1");
        var authority = new RotatingAuthority();
        await authority.AnswerAsync(new() { ["refresh_token"] = "refresh-1" }); // somebody else has it
        rig.Authority.Answer = authority.AnswerAsync;
        for (var ask = 0; ask < 5; ask++)
        {
            var broken = Assert.IsType<TokenAnswer.Broken>(await rig.Tokens.GetAsync(await rig.AppAsync(), TempStore.Cancel));
            Assert.Equal(("sign-in", Cause.Mailbox), (broken.Finding.Check, broken.Finding.Owner));
        }
        Assert.Equal(1, authority.Reuses);
    }

    private static async Task PassAsync(SendingRig rig, TimeSpan time, Action<TimeSpan> look, TimeSpan? step = null)
    {
        for (var passed = TimeSpan.Zero; passed < time;)
        {
            rig.Office.Temp.Time.Advance(step ?? Step);
            passed += step ?? Step;
            await rig.Keeper.LookAsync(TempStore.Cancel);
            look(passed);
        }
    }
}
