using Microsoft.AspNetCore.Http;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Sending.Devices;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Sending.Devices;

/// <summary>RFC 8628: a code here, a sign-in elsewhere, and polling in the provider's time.</summary>
public sealed class DevicePollingTests
{
    [Fact]
    public async Task A_sign_in_elsewhere_connects_the_app_and_the_device_code_is_forgotten()
    {
        await using var rig = await OpenAsync();
        var started = await StartAsync(rig);
        Assert.Equal(("ABCD2345", "https://login.contoso.example/device", 5L), (started.UserCode, started.VerificationUrl, started.IntervalSeconds));
        Assert.DoesNotContain("device-1", started.DeviceCode, StringComparison.Ordinal);
        Answer(rig, 400, new { error = "authorization_pending", error_codes = new[] { 70016 } });
        await PollAsync(rig, 5);
        Assert.Equal(DeviceSignIn.Waiting, (await NowAsync(rig)).State);

        var idToken = rig.Authority.IdToken((await rig.AppAsync()).ClientId, null, "support@contoso.example", rig.Office.Temp.Time.GetUtcNow());
        Answer(rig, 200, new { access_token = "token-9", expires_in = 3600, refresh_token = "refresh-9", id_token = idToken });
        await PollAsync(rig, 5);
        Assert.Equal((DeviceSignIn.Connected, ""), ((await NowAsync(rig)).State, (await NowAsync(rig)).DeviceCode));
        Assert.Equal("refresh-9", await rig.StoredRefreshTokenAsync());
        Assert.Equal(AppState.Connected, await rig.Office.AppStateAsync());
        Assert.All(rig.Authority.Asked, asked => Assert.Equal(("urn:ietf:params:oauth:grant-type:device_code", "device-1"), (asked["grant_type"], asked["device_code"])));
    }

    [Fact]
    public async Task Nobody_is_asked_before_the_interval_and_slow_down_makes_it_longer_for_good()
    {
        await using var rig = await OpenAsync();
        await StartAsync(rig);
        Answer(rig, 400, new { error = "slow_down" });
        await PollAsync(rig, 4.9);
        Assert.Empty(rig.Authority.Asked);
        await PollAsync(rig, 0.1);
        Assert.Equal(10, (await NowAsync(rig)).IntervalSeconds);

        Answer(rig, 400, new { error = "authorization_pending" });
        await PollAsync(rig, 9.9);
        Assert.Single(rig.Authority.Asked);
        await PollAsync(rig, 0.1);
        await PollAsync(rig, 10);
        Assert.Equal(3, rig.Authority.Asked.Count);
        Assert.Equal(10, (await NowAsync(rig)).IntervalSeconds);
    }

    [Fact]
    public async Task A_provider_that_is_down_is_asked_half_as_often_each_time()
    {
        await using var rig = await OpenAsync();
        await StartAsync(rig);
        rig.Authority.Fail(503, "temporarily_unavailable", "AADSTS90033: A transient error", 90033);
        await PollAsync(rig, 5);
        await PollAsync(rig, 10);
        Assert.Equal((DeviceSignIn.Waiting, 20L), ((await NowAsync(rig)).State, (await NowAsync(rig)).IntervalSeconds));
    }

    [Theory]
    [InlineData("authorization_declined", 65004, DeviceSignIn.Declined, null)]
    [InlineData("access_denied", 0, DeviceSignIn.Declined, null)]
    [InlineData("expired_token", 70019, DeviceSignIn.Expired, null)]
    [InlineData("invalid_client", 7000218, DeviceSignIn.Refused, "E3")]
    [InlineData("invalid_request", 90136, DeviceSignIn.Refused, "E3")]
    [InlineData("unauthorized_client", 700016, DeviceSignIn.Refused, "E8")]
    [InlineData("invalid_grant", 53003, DeviceSignIn.Refused, "E10")]
    public async Task What_ends_it_is_named(string error, long number, string state, string? step)
    {
        await using var rig = await OpenAsync();
        await StartAsync(rig);
        rig.Authority.Fail(400, error, $"AADSTS{number}: whatever", number);
        await PollAsync(rig, 5);
        await PollAsync(rig, 60);
        Assert.Single(rig.Authority.Asked);
        var ended = await NowAsync(rig);
        Assert.Equal((state, step), (ended.State, ended.Finding?.SetupStep));
    }

    [Theory]
    [InlineData("invalid_client", 7000218, "E3")]
    [InlineData("invalid_grant", 53003, "E10")]
    [InlineData("authorization_declined", 65004, "G3")]
    public async Task What_refused_it_is_kept_for_who_looks_for_the_cause_later(string error, long number, string step)
    {
        await using var rig = await OpenAsync();
        await StartAsync(rig);
        rig.Authority.Fail(400, error, $"AADSTS{number}: whatever", number);
        await PollAsync(rig, 5);
        var app = await rig.AppAsync();
        Assert.Equal(step, (await rig.Office.Temp.Store.ReadAsync(tx => RefusedSignIns.Find(tx, app), TempStore.Cancel))?.Why?.SetupStep);
    }

    [Fact]
    public async Task A_code_that_is_not_handed_out_is_kept_as_refused_too()
    {
        await using var rig = await OpenAsync();
        rig.Authority.Strange = ("/devicecode", http => Results.Json(
            new { error = "unauthorized_client", error_description = "AADSTS700016: no such application", error_codes = new[] { 700016 } }, statusCode: 400).ExecuteAsync(http));
        Assert.IsType<DeviceStart.Refused>(await rig.DeviceSignIns.StartAsync(await rig.AppAsync(), TempStore.Cancel));
        var app = await rig.AppAsync();
        Assert.Equal("E8", (await rig.Office.Temp.Store.ReadAsync(tx => RefusedSignIns.Find(tx, app), TempStore.Cancel))?.Why?.SetupStep);
    }

    [Fact]
    public async Task After_its_time_the_code_is_not_asked_about_any_more()
    {
        await using var rig = await OpenAsync();
        await StartAsync(rig);
        await PollAsync(rig, 900);
        Assert.Equal(DeviceSignIn.Expired, (await NowAsync(rig)).State);
        Assert.Empty(rig.Authority.Asked);
    }

    [Fact]
    public async Task A_stopped_one_and_one_of_older_settings_are_not_asked_about()
    {
        await using var rig = await OpenAsync();
        await rig.DeviceSignIns.StopAsync(await StartAsync(rig), TempStore.Cancel);
        await PollAsync(rig, 5);
        Assert.Equal(DeviceSignIn.Stopped, (await NowAsync(rig)).State);

        await StartAsync(rig);
        await rig.SetAsync("client_id = 'another'");
        await PollAsync(rig, 5);
        Assert.Equal(DeviceSignIn.Stopped, (await NowAsync(rig)).State);
        Assert.Empty(rig.Authority.Asked);
    }

    [Fact]
    public async Task Two_rounds_at_once_ask_once()
    {
        await using var rig = await OpenAsync();
        await StartAsync(rig);
        Answer(rig, 400, new { error = "authorization_pending" });
        rig.Office.Temp.Time.Advance(TimeSpan.FromSeconds(5));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => rig.DevicePolling.LookAsync(TempStore.Cancel)));
        Assert.Single(rig.Authority.Asked);
    }

    [Fact]
    public async Task It_knows_when_the_next_poll_is_due_and_that_none_is()
    {
        await using var rig = await OpenAsync();
        Assert.Null(await rig.Office.Temp.Store.ReadAsync(DeviceSignIn.NextDue, TempStore.Cancel));
        var started = await StartAsync(rig);
        Assert.Equal(started.NextPollAt, await rig.DevicePolling.LookAsync(TempStore.Cancel));
        await rig.DeviceSignIns.StopAsync(started, TempStore.Cancel);
        Assert.Null(await rig.Office.Temp.Store.ReadAsync(DeviceSignIn.NextDue, TempStore.Cancel));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    [InlineData("")]
    public async Task A_page_that_is_no_web_address_is_never_shown(string page)
    {
        await using var rig = await OpenAsync();
        rig.Authority.Device = new { device_code = "device-1", user_code = "ABCD2345", verification_uri = page, expires_in = 900, interval = 5 };
        Assert.IsType<DeviceStart.Later>(await rig.DeviceSignIns.StartAsync(await rig.AppAsync(), TempStore.Cancel));
    }

    private static async Task<SendingRig> OpenAsync()
    {
        var rig = await SendingRig.OpenAsync(withGrant: false);
        await rig.SetAsync("way = 'device-code', proof = 'none'");
        return rig;
    }

    private static async Task<DeviceSignIn> StartAsync(SendingRig rig) => Assert.IsType<DeviceStart.Started>(
        await rig.DeviceSignIns.StartAsync(await rig.AppAsync(), TempStore.Cancel)).SignIn;

    private static async Task PollAsync(SendingRig rig, double seconds)
    {
        rig.Office.Temp.Time.Advance(TimeSpan.FromSeconds(seconds));
        await rig.DevicePolling.LookAsync(TempStore.Cancel);
    }

    private static async Task<DeviceSignIn> NowAsync(SendingRig rig) =>
        (await rig.DeviceSignIns.FindAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel))!; // started by the test

    private static void Answer(SendingRig rig, int status, object body) => rig.Authority.Answer = _ => Task.FromResult((status, body));
}
