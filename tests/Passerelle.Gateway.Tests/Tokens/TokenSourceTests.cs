using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Tests.Sending;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Tokens;

public sealed class TokenSourceTests
{
    [Fact]
    public async Task A_hundred_callers_cost_one_request()
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false);
        await rig.GrantAsync("old", TimeSpan.FromMinutes(1), "refresh-1");
        var app = await rig.AppAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => rig.Tokens.GetAsync(app, TempStore.Cancel))));
        Assert.All(answers, answer => Assert.Equal("token-2", Token(answer)));
        var asked = Assert.Single(rig.Authority.Asked);
        Assert.Equal("refresh_token", asked["grant_type"]);
        Assert.Equal("refresh-1", asked["refresh_token"]);
        Assert.Equal("a1B8Q~not-a-real-secret-0123456789abcdef", asked["client_secret"]);
    }

    [Fact]
    public async Task The_newest_refresh_token_is_on_disk_before_the_token_is_used_and_survives_a_restart()
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false);
        await rig.GrantAsync("old", TimeSpan.FromMinutes(1), "refresh-1");
        await rig.Tokens.GetAsync(await rig.AppAsync(), TempStore.Cancel);
        Assert.Equal("refresh-2", await rig.StoredRefreshTokenAsync());

        rig.Tokens.Forget(rig.Office.Organisation, rig.Office.App); // what a new process knows: nothing
        Assert.Equal("token-2", Token(await rig.Tokens.GetAsync(await rig.AppAsync(), TempStore.Cancel)));
        Assert.Single(rig.Authority.Asked);
    }

    /// <summary>A provider that rotates refresh tokens revokes the whole family when an old one comes again (RFC 9700 §4.14.2).</summary>
    [Fact]
    public async Task A_refresh_token_is_never_sent_a_second_time_once_another_has_come()
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false);
        await rig.GrantAsync("old", TimeSpan.FromMinutes(1), "refresh-0");
        var spent = new HashSet<string>();
        var issued = 0;
        rig.Authority.Answer = asked => Task.FromResult<(int, object)>(spent.Add(asked["refresh_token"])
            ? (200, new { access_token = $"token-{++issued}", expires_in = 3600, refresh_token = $"refresh-{issued}" })
            : (400, new { error = "invalid_grant", error_description = "AADSTS50173: reused", error_codes = new[] { 50173 } }));
        for (var hour = 0; hour < 5; hour++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => rig.Tokens.GetAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel)));
            Assert.All(answers, answer => Assert.IsType<TokenAnswer.Ready>(answer));
            if (hour % 2 == 1) rig.Tokens.Forget(rig.Office.Organisation, rig.Office.App); // a restart
            rig.Office.Temp.Time.Advance(TimeSpan.FromHours(1));
        }
        Assert.Equal(["refresh-0", "refresh-1", "refresh-2", "refresh-3", "refresh-4"], rig.Authority.Asked.Select(asked => asked["refresh_token"]));
    }

    [Fact]
    public async Task A_provider_that_saw_a_refresh_token_twice_has_the_mailbox_sign_in_again()
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false);
        await rig.GrantAsync("old", TimeSpan.FromMinutes(-1), "refresh-1");
        rig.Authority.Fail(400, "invalid_grant", "The refresh token was already used");
        var broken = Assert.IsType<TokenAnswer.Broken>(await rig.Tokens.GetAsync(await rig.AppAsync(), TempStore.Cancel));
        Assert.Equal(("G3", Cause.Mailbox), (broken.Finding.SetupStep, broken.Finding.Owner));
    }

    [Fact]
    public async Task A_token_is_renewed_ahead_of_its_end_and_not_before()
    {
        await using var rig = await SendingRig.OpenAsync();
        var app = await rig.AppAsync();
        await rig.Tokens.GetAsync(app, TempStore.Cancel);
        rig.Office.Temp.Time.Advance(TimeSpan.FromMinutes(49));
        await rig.Tokens.GetAsync(app, TempStore.Cancel);
        Assert.Empty(rig.Authority.Asked);
        rig.Office.Temp.Time.Advance(TimeSpan.FromMinutes(6.5));
        Assert.Equal("token-2", Token(await rig.Tokens.GetAsync(app, TempStore.Cancel)));
    }

    [Fact]
    public async Task While_the_provider_is_down_the_old_token_serves_its_life_and_nobody_storms()
    {
        await using var rig = await SendingRig.OpenAsync();
        var app = await rig.AppAsync();
        await rig.Tokens.GetAsync(app, TempStore.Cancel);
        rig.Authority.Fail(503, "temporarily_unavailable", "AADSTS90033: A transient error", 90033);
        rig.Office.Temp.Time.Advance(TimeSpan.FromMinutes(56));
        for (var i = 0; i < 20; i++) Assert.Equal("token-1", Token(await rig.Tokens.GetAsync(app, TempStore.Cancel)));
        Assert.Single(rig.Authority.Asked);

        rig.Office.Temp.Time.Advance(TimeSpan.FromMinutes(3.5)); // within the clock skew of its end
        Assert.IsType<TokenAnswer.Later>(await rig.Tokens.GetAsync(app, TempStore.Cancel));
        Assert.Equal(AppState.Connected, await rig.Office.AppStateAsync());
    }

    [Fact]
    public async Task A_broken_grant_marks_the_app_and_is_not_asked_again()
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false);
        await rig.GrantAsync("old", TimeSpan.FromMinutes(-1), "refresh-1");
        rig.Authority.Fail(401, "invalid_client", "AADSTS7000222: The provided client secret keys are expired", 7000222);
        var app = await rig.AppAsync();
        for (var i = 0; i < 3; i++)
        {
            var broken = Assert.IsType<TokenAnswer.Broken>(await rig.Tokens.GetAsync(app, TempStore.Cancel));
            Assert.Equal(("E4", Cause.Entra), (broken.Finding.SetupStep, broken.Finding.Owner));
            Assert.Contains("HTTP 401", broken.Finding.Detail, StringComparison.Ordinal);
        }
        Assert.Single(rig.Authority.Asked);
        Assert.Equal(AppState.Broken, await rig.Office.AppStateAsync());
    }

    [Fact]
    public async Task What_a_newer_grant_replaced_while_we_asked_is_not_overwritten()
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false);
        await rig.GrantAsync("old", TimeSpan.FromMinutes(-1), "refresh-1");
        rig.Authority.Answer = async _ =>
        {
            await rig.GrantAsync("newer", TimeSpan.FromHours(1), "refresh-newer");
            return (400, new { error = "invalid_grant", error_codes = new[] { 50173 } });
        };
        Assert.Equal("newer", Token(await rig.Tokens.GetAsync(await rig.AppAsync(), TempStore.Cancel)));
        Assert.Equal("refresh-newer", await rig.StoredRefreshTokenAsync());
        Assert.Equal(AppState.Connected, await rig.Office.AppStateAsync());
    }

    [Fact]
    public async Task Edited_settings_forget_the_token_that_was_kept_for_the_older_ones()
    {
        await using var rig = await SendingRig.OpenAsync();
        await rig.Tokens.GetAsync(await rig.AppAsync(), TempStore.Cancel);
        await rig.Office.WriteAsync(tx =>
        {
            AppRows.DropGrant(tx, rig.Office.Organisation, rig.Office.App, rig.Office.Temp.Time.GetUtcNow());
            tx.For(rig.Office.Organisation).Execute("UPDATE app SET version = version + 1 WHERE organisation_id = @organisation");
        });
        Assert.IsType<TokenAnswer.Broken>(await rig.Tokens.GetAsync(await rig.AppAsync(), TempStore.Cancel));
    }

    [Theory]
    [InlineData(90002, "E8")]
    [InlineData(700016, "E8")]
    [InlineData(50011, "E2")]
    [InlineData(9002327, "E3")]
    [InlineData(7000215, "E4")]
    [InlineData(65001, "E6")]
    [InlineData(90094, "E7")]
    [InlineData(50105, "E9")]
    [InlineData(53003, "E10")]
    [InlineData(50057, "X1")]
    [InlineData(700082, "G3")]
    public void A_number_alone_names_the_step(long number, string step) =>
        Assert.Equal(step, Causes.Of(new OAuthError { Error = "anything", Codes = [number] }).Step);

    [Theory]
    [InlineData("535 5.7.139 whatever", false, "X2")]
    [InlineData("535 5.7.139 whatever", true, "G1")]
    [InlineData("535: 5.7.3 whatever", false, "G3")]
    [InlineData("554 5.2.252 whatever", false, "X5")]
    [InlineData("432 4.3.2 whatever", false, "X6")]
    [InlineData("535 no enhanced code", true, "G2")]
    public void A_reply_code_alone_names_the_step(string reply, bool isPassword, string step) =>
        Assert.Equal(step, Causes.OfSmtp(reply, isPassword).Step);

    private static string Token(TokenAnswer answer) => Assert.IsType<TokenAnswer.Ready>(answer).Secret.Reveal();
}
