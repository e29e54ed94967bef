using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Identity;

/// <summary>The device code flow (facts §1.6).</summary>
public sealed class DeviceCodeTests(LabUnderTest lab)
{
    private const string LongName = "urn:ietf:params:oauth:grant-type:device_code";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("device_code")]
    [InlineData(LongName)]
    [Shows("1.1:device-code", "1.1:device-login-page", "1.5:urn-ietf-params-oauth-grant-type-device-code-MSA", "2.4:70016-70018-70019-90119-90120",
        "12:Accept-secrets-in-body-or-Basic")]
    public async Task A_person_enters_the_code_and_the_device_gets_its_token(string grant)
    {
        Contoso contoso = await PublicAsync();
        JsonElement device = await lab.DeviceAsync(contoso);
        Assert.Matches("^[A-Z2-9]{9}$", device.GetProperty("user_code").GetString());
        Assert.Equal((900, 5), (device.GetProperty("expires_in").GetInt32(), device.GetProperty("interval").GetInt32()));
        Assert.Contains(device.GetProperty("user_code").GetString() ?? "-", device.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False(device.TryGetProperty("verification_uri_complete", out _));
        (await PollAsync(contoso, device, grant)).IsRefused(400, 70016, "authorization_pending");

        SignInEnd end = await EnterAsync(contoso, device, consent: true);
        Assert.Contains("id=\"device-done\"", end.Html, StringComparison.Ordinal);
        TokenAnswer answer = await PollAsync(contoso, device, grant);
        Assert.Equal(200, answer.Status);
        Assert.Equal("SMTP.Send", LabUnderTest.Read(answer.Body).GetPayloadValue<string>("scp"));
        (await PollAsync(contoso, device, grant)).IsRefused(400, 54005, "invalid_grant");
        Assert.Equal(200, (await lab.RefreshAsync(contoso, answer.Text("refresh_token"), ("client_secret", null))).Status);
    }

    [Fact]
    [Shows("2.4:70016-70018-70019-90119-90120", "1.5:error-values-at-the-token-endpoint", "1.12:Device-code")]
    public async Task A_refusal_an_unknown_code_and_fifteen_minutes_are_told_apart()
    {
        Contoso contoso = await PublicAsync();
        JsonElement device = await lab.DeviceAsync(contoso);
        SignInEnd end = await EnterAsync(contoso, device, consent: false);
        Assert.Contains("id=\"device-declined\"", end.Html, StringComparison.Ordinal);
        TokenAnswer declined = await PollAsync(contoso, device, LongName);
        Assert.Equal((400, "authorization_declined"), (declined.Status, declined.Text("error")));
        (await lab.TokenAsync(contoso, ("grant_type", LongName), ("device_code", "invented"))).IsRefused(400, 70018, "bad_verification_code");

        JsonElement slow = await lab.DeviceAsync(contoso);
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromMinutes(16), Cancel);
        (await PollAsync(contoso, slow, LongName)).IsRefused(400, 70019, "expired_token");
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(new Uri(lab.Fixture.Endpoints.Https, "/devicelogin"), Cancel);
        Assert.Contains("AADSTS90120", (await browser.SubmitAsync(page, "device", new() { ["otc"] = slow.GetProperty("user_code").GetString() ?? "" }, Cancel)).Html, StringComparison.Ordinal);
        Assert.Contains("AADSTS70018", (await browser.SubmitAsync(page, "device", new() { ["otc"] = "ABCDEFGHJ" }, Cancel)).Html, StringComparison.Ordinal);
        Assert.Contains("AADSTS90119", (await browser.SubmitAsync(page, "device", new() { ["otc"] = " " }, Cancel)).Html, StringComparison.Ordinal);
    }

    [Fact]
    [Shows("2.3:7000218", "2.4:90136", "1.1:device-code")]
    public async Task Public_client_flows_must_be_allowed()
    {
        Contoso contoso = await lab.NewLabAsync();
        JsonElement device = await lab.DeviceAsync(contoso);
        (await PollAsync(contoso, device, LongName)).IsRefused(401, 7000218, "invalid_client");
        (await PollAsync(contoso, device, LongName, ("client_secret", contoso.ClientSecret))).IsRefused(400, 90136, "invalid_client");
    }

    [Fact]
    [Shows("2.6:530033")]
    public async Task A_policy_blocks_the_flow_alone()
    {
        Contoso contoso = await PublicAsync();
        await lab.PolicyAsync(contoso, "noDeviceFlow");
        JsonElement device = await lab.DeviceAsync(contoso);
        Assert.Contains("AADSTS530033", (await EnterAsync(contoso, device, consent: true)).Html, StringComparison.Ordinal);
        Assert.NotNull((await lab.SignInAsync(contoso)).Field("code"));
    }

    private async Task<Contoso> PublicAsync()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.SetAuthenticationAsync(
            contoso.DirectoryId, contoso.ClientId, [("web", LabUnderTest.Callback)], false, false, true, Cancel);
        return contoso;
    }

    private Task<TokenAnswer> PollAsync(Contoso contoso, JsonElement device, string grant, params (string, string?)[] more) => lab.TokenAsync(
        contoso, [("grant_type", grant), ("device_code", device.GetProperty("device_code").GetString()), .. more]);

    private async Task<SignInEnd> EnterAsync(Contoso contoso, JsonElement device, bool consent)
    {
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(new Uri(device.GetProperty("verification_uri").GetString() ?? ""), Cancel);
        SignInEnd end = await browser.SubmitAsync(page, "device", new() { ["otc"] = device.GetProperty("user_code").GetString() ?? "" }, Cancel);
        Assert.True(end.Has("signin"));
        end = await browser.SubmitAsync(end, "signin", new() { ["login"] = contoso.Support, ["passwd"] = Contoso.Password }, Cancel);
        return end.Has("consent") ? await browser.SubmitAsync(end, "consent", new() { ["answer"] = consent ? "accept" : "cancel" }, Cancel) : end;
    }
}
