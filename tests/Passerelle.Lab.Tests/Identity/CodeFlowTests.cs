using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Identity;

public sealed class CodeFlowTests(LabUnderTest lab)
{
    [Fact]
    public async Task A_code_becomes_a_token_that_Exchange_reads_as_the_mailbox()
    {
        Contoso contoso = await lab.NewLabAsync();
        SignInEnd end = await lab.SignInAsync(contoso, ("client_info", "1"));
        Assert.Equal("st/ate+1", end.Field("state"));
        TokenAnswer answer = await lab.RedeemAsync(contoso, end.Field("code")!, ("client_info", "1")); // asserted by the status
        Assert.Equal(200, answer.Status);
        Assert.Equal("https://outlook.office.com/SMTP.Send", answer.Text("scope"));
        Assert.InRange(answer.Body.GetProperty("expires_in").GetInt32(), 3600, 5400);

        JsonWebToken token = LabUnderTest.Read(answer.Body);
        Assert.Equal("RS256", token.Alg);
        Assert.Equal($"https://sts.windows.net/{contoso.DirectoryId}/", token.Issuer);
        Assert.Equal(["https://outlook.office.com"], token.Audiences);
        Assert.Equal("SMTP.Send", token.GetPayloadValue<string>("scp"));
        Assert.Equal(contoso.Support, token.GetPayloadValue<string>("upn"));
        Assert.Equal(contoso.ClientId.ToString(), token.GetPayloadValue<string>("appid"));
        Assert.Equal("1.0", token.GetPayloadValue<string>("ver"));
        Assert.Equal(token.Kid, token.X5t);

        JsonWebToken id = LabUnderTest.Read(answer.Body, "id_token");
        Assert.Equal("n-1", id.GetPayloadValue<string>("nonce"));
        Assert.Equal(contoso.Support, id.GetPayloadValue<string>("preferred_username"));
        Assert.Equal($"{lab.Fixture.Endpoints.Authority(contoso.DirectoryId)}/v2.0", id.Issuer);
        Assert.NotEqual("", answer.Text("client_info"));
    }

    [Fact]
    [Shows("1.4:prompt", "1.12:Session-cookie")]
    public async Task Consent_is_asked_once()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.SignInAsync(contoso);
        using LabBrowser browser = lab.Fixture.Browser();
        CancellationToken cancel = TestContext.Current.CancellationToken;
        SignInEnd page = await browser.OpenAsync(lab.Authorize(contoso), cancel);
        SignInEnd end = await browser.SubmitAsync(page, "signin", new() { ["login"] = contoso.Support, ["passwd"] = Contoso.Password }, cancel);
        Assert.NotNull(end.Callback);

        SignInEnd again = await browser.OpenAsync(lab.Authorize(contoso), cancel); // the session is enough now
        Assert.NotNull(again.Callback);
        Assert.True((await browser.OpenAsync(lab.Authorize(contoso, ("prompt", "consent")), cancel)).Has("consent"));
        Assert.True((await browser.OpenAsync(lab.Authorize(contoso, ("prompt", "login")), cancel)).Has("signin"));
        Assert.True((await browser.OpenAsync(lab.Authorize(contoso, ("login_hint", contoso.Sales)), cancel)).Has("signin"));
        Assert.NotNull((await browser.OpenAsync(lab.Authorize(contoso, ("prompt", "none")), cancel)).Field("code"));
    }

    [Fact]
    public async Task Consent_asked_anew_is_for_whoever_may_give_it_today()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.SignInAsync(contoso);
        await lab.Fixture.Control.SetUserConsentAsync(contoso.DirectoryId, "never", TestContext.Current.CancellationToken);

        Assert.Contains("AADSTS90094", (await lab.SignInAsync(contoso, ("prompt", "consent"))).Html, StringComparison.Ordinal);
        Assert.NotNull((await lab.SignInAsync(contoso)).Field("code")); // the old grant still stands
    }

    [Fact]
    public async Task Cancelled_consent_goes_back_as_access_denied()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd end = await browser.SignInAsync(
            lab.Authorize(contoso), contoso.Support, Contoso.Password, consent: false, TestContext.Current.CancellationToken);
        Assert.Equal("access_denied", end.Field("error"));
        Assert.StartsWith("AADSTS65004:", end.Field("error_description"), StringComparison.Ordinal);
        Assert.Equal("st/ate+1", end.Field("state"));
    }

    [Fact]
    public async Task A_silent_request_without_a_session_asks_for_nothing()
    {
        Contoso contoso = await lab.NewLabAsync();
        SignInEnd end = await lab.SignInAsync(contoso, ("prompt", "none"));
        Assert.Equal("login_required", end.Field("error"));
    }

    [Fact]
    [Shows("2.4:54005", "1.12:Authorization-code", "1.5:authorization-code")]
    public async Task A_code_works_once()
    {
        Contoso contoso = await lab.NewLabAsync();
        var code = (await lab.SignInAsync(contoso)).Field("code")!; // a failed sign-in fails the redemption
        Assert.Equal(200, (await lab.RedeemAsync(contoso, code)).Status);
        (await lab.RedeemAsync(contoso, code)).IsRefused(400, 54005, "invalid_grant");
    }

    [Fact]
    public async Task Of_twenty_redemptions_at_once_one_succeeds()
    {
        Contoso contoso = await lab.NewLabAsync();
        var code = (await lab.SignInAsync(contoso)).Field("code")!; // as above
        TokenAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => lab.RedeemAsync(contoso, code)));
        Assert.Single(answers, a => a.Status == 200);
    }

    [Fact]
    [Shows("2.4:70008", "1.12:Authorization-code")]
    public async Task A_code_lives_ten_minutes()
    {
        Contoso contoso = await lab.NewLabAsync();
        var code = (await lab.SignInAsync(contoso)).Field("code")!; // as above
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromMinutes(11), TestContext.Current.CancellationToken);
        (await lab.RedeemAsync(contoso, code)).IsRefused(400, 70008, "invalid_grant");
    }

    [Fact]
    [Shows("2.2:501481-50148", "2.4:9002313", "1.7:Token-redemption-with-another-redirect-uri-than")]
    public async Task A_code_is_bound_to_verifier_address_and_form()
    {
        Contoso contoso = await lab.NewLabAsync();
        var code = (await lab.SignInAsync(contoso)).Field("code")!; // as above
        (await lab.RedeemAsync(contoso, code, ("code_verifier", new string('x', 43)))).IsRefused(400, 501481, "invalid_grant");
        (await lab.RedeemAsync(contoso, code, ("code_verifier", null))).IsRefused(400, 501481, "invalid_grant");
        (await lab.RedeemAsync(contoso, code, ("redirect_uri", LabUnderTest.Callback + "/"))).IsRefused(400, 500112, "invalid_grant");
        (await lab.RedeemAsync(contoso, code[..^4])).IsRefused(400, 9002313, "invalid_grant");
        Assert.Equal(200, (await lab.RedeemAsync(contoso, code)).Status); // what was refused did not use it up
    }

    [Fact]
    [Shows("12:Validate-in-this-order-at-token")]
    public async Task The_form_of_a_code_is_judged_before_the_secret()
    {
        Contoso contoso = await lab.NewLabAsync();
        (await lab.RedeemAsync(contoso, "1.AXinvented", ("client_secret", "wrong"))).IsRefused(400, 9002313, "invalid_grant");
        var code = (await lab.SignInAsync(contoso)).Field("code")!; // as above
        (await lab.RedeemAsync(contoso, code, ("client_secret", "wrong"))).IsRefused(401, 7000215, "invalid_client");
    }

    [Fact]
    public async Task A_plain_challenge_is_compared_as_it_is()
    {
        Contoso contoso = await lab.NewLabAsync();
        SignInEnd end = await lab.SignInAsync(contoso, ("code_challenge", LabUnderTest.Verifier), ("code_challenge_method", null));
        Assert.Equal(200, (await lab.RedeemAsync(contoso, end.Field("code")!)).Status);
    }

    [Fact]
    [Shows("1.4:response-mode")]
    public async Task Fragment_and_form_post_carry_the_same_fields()
    {
        Contoso contoso = await lab.NewLabAsync();
        SignInEnd fragment = await lab.SignInAsync(contoso, ("response_mode", "fragment"));
        Assert.StartsWith("#", fragment.Callback!.Fragment, StringComparison.Ordinal); // a callback, or Field fails too
        Assert.NotNull(fragment.Field("code"));
        SignInEnd form = await lab.SignInAsync(contoso, ("response_mode", "form_post"));
        Assert.Contains($"action=\"{LabUnderTest.Callback}\"", form.Html, StringComparison.Ordinal);
        Assert.Contains("name=\"code\"", form.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ticked_implicit_tokens_come_in_the_fragment_and_change_nothing_for_a_code()
    {
        Contoso contoso = await lab.NewLabAsync();
        Assert.Equal("unsupported_response_type", (await lab.SignInAsync(contoso, ("response_type", "token"))).Field("error"));
        await lab.Fixture.Control.SetAuthenticationAsync(
            contoso.DirectoryId, contoso.ClientId, [("web", LabUnderTest.Callback)], true, true, false, TestContext.Current.CancellationToken);
        SignInEnd token = await lab.SignInAsync(contoso, ("response_type", "id_token token"));
        Assert.NotNull(token.Field("access_token"));
        Assert.NotNull(new JsonWebToken(token.Field("id_token")).GetPayloadValue<string>("at_hash"));
        SignInEnd code = await lab.SignInAsync(contoso);
        Assert.Null(code.Field("access_token"));
        Assert.Equal(200, (await lab.RedeemAsync(contoso, code.Field("code")!)).Status); // as above
    }

    [Fact]
    [Shows("1.5:refresh-token", "2.5:70011")]
    public async Task The_same_refresh_token_serves_every_consented_resource()
    {
        Contoso contoso = await lab.NewLabAsync();
        JsonElement grant = await lab.GrantAsync(contoso, LabUnderTest.SmtpScope + " https://graph.microsoft.com/Mail.Send");
        var refresh = grant.GetProperty("refresh_token").GetString()!; // asked offline_access
        TokenAnswer graph = await lab.RefreshAsync(contoso, refresh, ("scope", "Mail.Send"));
        Assert.Equal(["https://graph.microsoft.com"], LabUnderTest.Read(graph.Body).Audiences);
        (await lab.RefreshAsync(contoso, refresh, ("scope", "Mail.Send https://outlook.office.com/SMTP.Send"))).IsRefused(400, 70011, "invalid_scope");
    }
}
