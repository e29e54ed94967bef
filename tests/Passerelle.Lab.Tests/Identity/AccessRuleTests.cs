using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Identity;

/// <summary>The state of accounts, and the stand-ins for MFA and conditional access (facts §2.6).</summary>
public sealed class AccessRuleTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("block", 53003, "invalid_grant")]
    [InlineData("mfa", 50079, "invalid_grant")]
    [InlineData("compliantDevice", 53000, "interaction_required")]
    [InlineData("domainJoinedDevice", 53001, "interaction_required")]
    [InlineData("approvedApp", 53002, "interaction_required")]
    [InlineData("managedDevice", 530003, "interaction_required")]
    [InlineData("otherProvider", 50158, "interaction_required")]
    [Shows("2.6:53003", "2.6:50072-50079", "2.6:50097-50129-50131-50155-50187-53000-53001-53002-", "2.6:50158",
        "1.5:MSAL.NET-mapping-invalid-grant-or-interaction-re", "1.4:claims")]
    public async Task A_policy_made_later_stops_the_refresh_with_a_challenge(string demand, int code, string error)
    {
        Contoso contoso = await lab.NewLabAsync();
        var refresh = (await lab.GrantAsync(contoso)).GetProperty("refresh_token").GetString() ?? "";
        await lab.PolicyAsync(contoso, demand);
        TokenAnswer answer = await lab.RefreshAsync(contoso, refresh);
        answer.IsRefused(400, code, error);
        using var claims = JsonDocument.Parse(answer.Text("claims"));
        Assert.True(claims.RootElement.GetProperty("access_token").GetProperty("capolids").GetProperty("essential").GetBoolean());
    }

    [Fact]
    [Shows("2.6:50076", "2.6:50074", "2.6:50078", "2.6:50072-50079", "2.6:500121", "1.5:suberror-values-MSAL-knows-basic-action-addition")]
    public async Task MFA_is_registered_then_asked_then_runs_out()
    {
        Contoso contoso = await lab.NewLabAsync();
        var old = (await lab.GrantAsync(contoso)).GetProperty("refresh_token").GetString() ?? "";
        await lab.PolicyAsync(contoso, "mfa", hours: 12);
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.SignInAsync(lab.Authorize(contoso), contoso.Support, Contoso.Password, Cancel);
        Assert.True(page.Has("enroll"));
        Assert.Contains("AADSTS50079", page.Html, StringComparison.Ordinal);
        SignInEnd end = await browser.SubmitAsync(page, "enroll", [], Cancel);
        TokenAnswer strong = await lab.RedeemAsync(contoso, end.Field("code") ?? "");
        Assert.Equal(["pwd", "mfa"], LabUnderTest.Read(strong.Body).GetPayloadValue<string[]>("amr"));

        TokenAnswer weak = await lab.RefreshAsync(contoso, old);
        weak.IsRefused(400, 50076, "invalid_grant");
        Assert.Equal("basic_action", weak.Text("suberror"));
        Assert.Equal(200, (await lab.RefreshAsync(contoso, strong.Text("refresh_token"))).Status);
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromHours(13), Cancel);
        (await lab.RefreshAsync(contoso, strong.Text("refresh_token"))).IsRefused(400, 50078, "invalid_grant");

        using LabBrowser again = lab.Fixture.Browser();
        SignInEnd asked = await again.SignInAsync(lab.Authorize(contoso), contoso.Support, Contoso.Password, Cancel);
        Assert.Contains("AADSTS50074", asked.Html, StringComparison.Ordinal);
        Assert.Contains("AADSTS500121", (await again.SubmitAsync(asked, "mfa", new() { ["answer"] = "deny" }, Cancel)).Html, StringComparison.Ordinal);
        Assert.NotNull((await again.SubmitAsync(asked, "mfa", new() { ["answer"] = "approve" }, Cancel)).Field("code"));
    }

    [Fact]
    [Shows("2.4:70043", "2.4:70044-70045-70046")]
    public async Task Sign_in_frequency_ends_grants_and_silent_sessions()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd end = await browser.SignInAsync(lab.Authorize(contoso), contoso.Support, Contoso.Password, Cancel);
        TokenAnswer grant = await lab.RedeemAsync(contoso, end.Field("code") ?? "");
        await lab.PolicyAsync(contoso, "signInFrequency", hours: 4);
        Assert.Equal(200, (await lab.RefreshAsync(contoso, grant.Text("refresh_token"))).Status);
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromHours(5), Cancel);
        (await lab.RefreshAsync(contoso, grant.Text("refresh_token"))).IsRefused(400, 70043, "invalid_grant");
        SignInEnd silent = await browser.OpenAsync(lab.Authorize(contoso, ("prompt", "none")), Cancel);
        Assert.Equal("interaction_required", silent.Field("error"));
        Assert.StartsWith("AADSTS70044:", silent.Field("error_description"), StringComparison.Ordinal);
        Assert.True((await browser.OpenAsync(lab.Authorize(contoso), Cancel)).Has("signin"));
    }

    [Fact]
    [Shows("2.6:530035", "2.6:50072-50079", "1.5:password-ROPC")]
    public async Task Security_defaults_block_the_password_grant_and_ask_for_registration()
    {
        Contoso contoso = await lab.NewLabAsync();
        await ConsentAsync(contoso);
        Assert.Equal(200, (await RopcAsync(contoso)).Status);
        await lab.SetAsync(contoso, "", new { securityDefaults = true });
        (await RopcAsync(contoso)).IsRefused(400, 530035, "invalid_grant");
        SignInEnd page = await lab.SignInAsync(contoso);
        Assert.True(page.Has("enroll"));
        Assert.Contains("AADSTS50072", page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"passwordExpired\":true}", 50055)]
    [InlineData("{\"passwordless\":true}", 50056)]
    [InlineData("{\"atRisk\":true}", 50135)]
    [Shows("2.6:50055-50144", "2.6:50056", "2.6:50135")]
    public async Task The_state_of_an_account_is_named_on_the_page_and_at_the_token_endpoint(string order, int code)
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.SetAsync(contoso, $"/users/{contoso.Support}/sign-in", JsonSerializer.Deserialize<JsonElement>(order));
        Assert.Contains($"AADSTS{code}:", (await lab.SignInAsync(contoso)).Html, StringComparison.Ordinal);
        (await RopcAsync(contoso)).IsRefused(400, code, "invalid_grant");
    }

    [Fact]
    [Shows("2.6:50053", "2.6:50126", "2.6:50034", "2.6:50057")]
    public async Task Ten_wrong_passwords_lock_the_account_for_a_minute()
    {
        Contoso contoso = await lab.NewLabAsync();
        await ConsentAsync(contoso);
        for (var i = 0; i < 10; i++) (await RopcAsync(contoso, ("password", "wrong"))).IsRefused(400, 50126, "invalid_grant");
        (await RopcAsync(contoso)).IsRefused(400, 50053, "invalid_grant");
        Assert.Contains("AADSTS50053", (await lab.SignInAsync(contoso)).Html, StringComparison.Ordinal);
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromMinutes(2), Cancel);
        Assert.Equal(200, (await RopcAsync(contoso)).Status);
        (await RopcAsync(contoso, ("username", "x@" + contoso.Domain))).IsRefused(400, 50034, "invalid_grant");
        await lab.Fixture.Control.SetUserAsync(contoso.DirectoryId, contoso.Support, enabled: false, Cancel);
        (await RopcAsync(contoso)).IsRefused(400, 50057, "invalid_grant");
    }

    [Fact]
    [Shows("2.6:50105")]
    public async Task A_person_who_was_assigned_and_no_longer_is_is_refused_at_the_refresh()
    {
        Contoso contoso = await lab.NewLabAsync();
        var refresh = (await lab.GrantAsync(contoso)).GetProperty("refresh_token").GetString() ?? "";
        await lab.Fixture.Control.SetEnterpriseAppAsync(contoso.DirectoryId, contoso.ClientId, enabled: true, assignmentRequired: true, Cancel);
        (await lab.RefreshAsync(contoso, refresh)).IsRefused(400, 50105, "invalid_grant");
    }

    [Fact]
    [Shows("2.5:7000113-7000114", "2.4:900144", "2.3:7000216-7000219", "1.5:urn-ietf-params-oauth-grant-type-jwt-bearer", "2.3:50013-500133")]
    public async Task On_behalf_of_is_for_applications_with_an_API_of_their_own()
    {
        Contoso contoso = await lab.NewLabAsync();
        (string, string?)[] obo = [("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("client_secret", contoso.ClientSecret)];
        (await lab.TokenAsync(contoso, obo)).IsRefused(400, 900144, "invalid_request");
        (await lab.TokenAsync(contoso, [.. obo, ("assertion", "x"), ("client_secret", null)])).IsRefused(401, 7000219, "invalid_client");
        (await lab.TokenAsync(contoso, [.. obo, ("assertion", "x")])).IsRefused(400, 50013, "invalid_grant");
        var token = (await lab.GrantAsync(contoso, "openid User.Read")).GetProperty("access_token").GetString();
        (await lab.TokenAsync(contoso, [.. obo, ("assertion", token)])).IsRefused(400, 7000114, "unauthorized_client");
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromHours(2), Cancel);
        (await lab.TokenAsync(contoso, [.. obo, ("assertion", token)])).IsRefused(400, 500133, "invalid_grant");
    }

    private Task ConsentAsync(Contoso contoso) => lab.GrantAsync(contoso);

    private Task<TokenAnswer> RopcAsync(Contoso contoso, params (string, string?)[] changes) => lab.TokenAsync(contoso,
        [("grant_type", "password"), ("username", contoso.Support), ("password", Contoso.Password), ("scope", LabUnderTest.SmtpScope),
            ("client_secret", contoso.ClientSecret), .. changes]);
}
