using System.Net;
using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Identity;

/// <summary>The smaller endpoints of facts §1.1, and the rules of redirect URIs.</summary>
public sealed class EndpointTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Shows("1.1:v1-authorize-token-use-resource-instead-of-scope", "2.2:901002")]
    public async Task The_old_endpoints_take_a_resource_and_the_new_ones_refuse_it()
    {
        Contoso contoso = await lab.NewLabAsync();
        using HttpResponseMessage answer = await lab.Fixture.Http.PostAsync($"/{contoso.DirectoryId}/oauth2/token", new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["resource"] = "https://outlook.office365.com",
                ["client_id"] = contoso.ClientId.ToString(),
                ["client_secret"] = contoso.ClientSecret,
            }), Cancel);
        JsonElement body = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("3599", body.GetProperty("expires_in").GetString());
        Assert.Equal("https://outlook.office365.com", body.GetProperty("resource").GetString());
        (await lab.AppTokenAsync(contoso, ("resource", "https://outlook.office365.com"))).IsRefused(400, 901002, "invalid_request");
        Assert.StartsWith("AADSTS901002:", (await lab.SignInAsync(contoso, ("resource", "x"))).Field("error_description"), StringComparison.Ordinal);
    }

    [Fact]
    [Shows("1.1:logout", "2.2:700041")]
    public async Task Logout_ends_the_session_and_returns_to_registered_addresses_only()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        Assert.NotNull((await browser.SignInAsync(lab.Authorize(contoso), contoso.Support, Contoso.Password, Cancel)).Field("code"));
        var logout = new Uri(lab.Fixture.Endpoints.Https, $"/{contoso.DirectoryId}/oauth2/v2.0/logout");
        SignInEnd wrong = await browser.OpenAsync(new Uri(logout + "?post_logout_redirect_uri=https%3A%2F%2Fother.example%2F"), Cancel);
        Assert.Contains("AADSTS700041", wrong.Html, StringComparison.Ordinal);
        Assert.NotNull((await browser.OpenAsync(lab.Authorize(contoso), Cancel)).Field("code"));
        SignInEnd end = await browser.OpenAsync(
            new Uri(logout + "?state=s1&post_logout_redirect_uri=" + Uri.EscapeDataString(LabUnderTest.Callback)), Cancel);
        Assert.Equal("s1", end.Field("state"));
        Assert.True((await browser.OpenAsync(lab.Authorize(contoso), Cancel)).Has("signin"));
    }

    [Fact]
    [Shows("1.1:userinfo")]
    public async Task Userinfo_speaks_for_a_Graph_token_and_for_no_other()
    {
        Contoso contoso = await lab.NewLabAsync();
        JsonElement graph = await lab.GrantAsync(contoso, "openid profile email User.Read");
        (HttpStatusCode status, JsonElement body) = await UserInfoAsync(graph.GetProperty("access_token").GetString());
        Assert.Equal((HttpStatusCode.OK, "Contoso Support"), (status, body.GetProperty("name").GetString()));
        Assert.Equal(LabUnderTest.Read(graph, "id_token").Subject, body.GetProperty("sub").GetString());
        JsonElement exchange = await lab.GrantAsync(contoso);
        Assert.Equal(HttpStatusCode.Unauthorized, (await UserInfoAsync(exchange.GetProperty("access_token").GetString())).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await UserInfoAsync("x")).Status);
    }

    [Fact]
    [Shows("1.1:human-error-page")]
    public async Task The_error_page_explains_a_number()
    {
        Assert.Contains("is missing service principal", await lab.Fixture.Http.GetStringAsync("/error?code=7000229", Cancel), StringComparison.Ordinal);
        Assert.DoesNotContain("<dl", await lab.Fixture.Http.GetStringAsync("/error?code=1", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    [Shows("1.7:Not-supported-in-the-URI", "1.7:https-only-http-only-for-localhost", "2.2:500113", "2.2:900971", "2.2:90102")]
    public async Task Redirect_URIs_have_rules_when_they_are_registered_and_when_they_are_sent()
    {
        Contoso contoso = await lab.NewLabAsync();
        foreach (var bad in new[] { "http://gateway.example/cb", "http://127.0.0.1/cb", "https://gateway.example/a;b", "https://*.example/cb", "https://x.example/" + new string('a', 256) })
        {
            await Assert.ThrowsAsync<LabRefusedException>(() => lab.Fixture.Control.SetAuthenticationAsync(
                contoso.DirectoryId, contoso.ClientId, [("web", bad)], false, false, false, Cancel));
        }

        Assert.Contains("AADSTS90102", (await lab.SignInAsync(contoso, ("redirect_uri", "callback"))).Html, StringComparison.Ordinal);
        await lab.Fixture.Control.SetAuthenticationAsync(
            contoso.DirectoryId, contoso.ClientId, [("web", "https://a.example"), ("web", "https://b.example/cb")], false, false, false, Cancel);
        Assert.Contains("AADSTS900971", (await lab.SignInAsync(contoso, ("redirect_uri", null))).Html, StringComparison.Ordinal);
        Assert.Equal("/", (await lab.SignInAsync(contoso, ("redirect_uri", "https://a.example"))).Callback?.AbsolutePath);
        await lab.Fixture.Control.SetAuthenticationAsync(contoso.DirectoryId, contoso.ClientId, [], false, false, false, Cancel);
        Assert.Contains("AADSTS500113", (await lab.SignInAsync(contoso)).Html, StringComparison.Ordinal);
    }

    [Fact]
    [Shows("2.2:90015", "2.2:90100", "2.2:501482", "2.2:700053", "2.3:7000220", "1.4:nonce", "1.12:id-token", "1.12:Access-token")]
    public async Task Odd_parameters_are_named()
    {
        Contoso contoso = await lab.NewLabAsync();
        Assert.Contains("AADSTS90015", (await lab.SignInAsync(contoso, ("state", new string('s', 6500)))).Html, StringComparison.Ordinal);
        Assert.StartsWith("AADSTS90100:", (await lab.SignInAsync(contoso, ("prompt", "login consent"))).Field("error_description"), StringComparison.Ordinal);
        var code = (await lab.SignInAsync(contoso)).Field("code") ?? "";
        (await lab.RedeemAsync(contoso, code, ("code_verifier", "short"))).IsRefused(400, 501482, "invalid_grant");
        Guid other = await lab.Fixture.Control.RegisterAppAsync(contoso.DirectoryId, "Other", LabUnderTest.Callback, Cancel);
        (_, var secret) = await lab.Fixture.Control.AddSecretAsync(contoso.DirectoryId, other, "s", null, Cancel);
        (await lab.RedeemAsync(contoso with { ClientId = other, ClientSecret = secret }, code)).IsRefused(400, 7000220, "invalid_grant");
        TokenAnswer good = await lab.RedeemAsync(contoso, code);
        var id = LabUnderTest.Read(good.Body, "id_token");
        Assert.Equal("n-1", id.GetPayloadValue<string>("nonce"));
        Assert.Equal(TimeSpan.FromHours(1), id.ValidTo - id.IssuedAt);
        Assert.InRange(good.Body.GetProperty("expires_in").GetInt32(), 3600, 5400);

        await lab.Fixture.Control.SetAuthenticationAsync(
            contoso.DirectoryId, contoso.ClientId, [("web", LabUnderTest.Callback)], true, true, false, Cancel);
        SignInEnd end = await lab.SignInAsync(contoso, ("response_type", "id_token"), ("scope", "User.Read"));
        Assert.StartsWith("AADSTS700053:", end.Field("error_description"), StringComparison.Ordinal);
    }

    [Fact]
    [Shows("2.4:700084", "1.12:Refresh-token-SPA", "2.2:9002325", "1.7:Platform-types-web-confidential-spa-CORS")]
    public async Task A_single_page_grant_ends_after_a_day_however_often_it_is_used()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.SetAuthenticationAsync(contoso.DirectoryId, contoso.ClientId, [("spa", LabUnderTest.Callback)], false, false, false, Cancel);
        SignInEnd bare = await lab.SignInAsync(contoso, ("code_challenge", null), ("code_challenge_method", null));
        Assert.StartsWith("AADSTS9002325:", bare.Field("error_description"), StringComparison.Ordinal);
        var code = (await lab.SignInAsync(contoso)).Field("code") ?? "";
        (_, JsonElement first) = await FromBrowserAsync(contoso, new() { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = LabUnderTest.Callback, ["code_verifier"] = LabUnderTest.Verifier });
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromHours(20), Cancel);
        (var allowed, JsonElement second) = await FromBrowserAsync(contoso, Refresh(first));
        Assert.Equal("*", allowed);
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromHours(5), Cancel);
        (_, JsonElement third) = await FromBrowserAsync(contoso, Refresh(second));
        Assert.Equal(700084, third.GetProperty("error_codes")[0].GetInt32());
    }

    [Fact]
    [Shows("2.2:9002326")]
    public async Task A_browser_cannot_redeem_the_code_of_a_web_address()
    {
        Contoso contoso = await lab.NewLabAsync();
        var code = (await lab.SignInAsync(contoso)).Field("code") ?? "";
        (_, JsonElement answer) = await FromBrowserAsync(contoso, new()
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = LabUnderTest.Callback,
            ["code_verifier"] = LabUnderTest.Verifier,
            ["client_secret"] = contoso.ClientSecret,
        });
        Assert.Equal(9002326, answer.GetProperty("error_codes")[0].GetInt32());
    }

    [Fact]
    [Shows("2.4:700081", "2.4:50173", "2.4:50132-50133", "2.4:50089")]
    public async Task A_persons_own_new_password_keeps_the_grant_and_an_administrators_ends_it()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd end = await browser.SignInAsync(lab.Authorize(contoso), contoso.Support, Contoso.Password, Cancel);
        var refresh = (await lab.RedeemAsync(contoso, end.Field("code") ?? "")).Text("refresh_token");
        await lab.Fixture.Control.SendAsync(HttpMethod.Put, $"directories/{contoso.DirectoryId}/users/{contoso.Support}/own-password", new { password = "New-Horse-8" }, Cancel);
        Assert.Equal(200, (await lab.RefreshAsync(contoso, refresh)).Status);
        await lab.SetAsync(contoso, "", new { refreshTokenMaxDays = 30 });
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromDays(31), Cancel);
        (await lab.RefreshAsync(contoso, refresh)).IsRefused(400, 700081, "invalid_grant");
        await lab.SetAsync(contoso, "", new { refreshTokenMaxDays = 0 });
        await lab.Fixture.Control.ResetPasswordAsync(contoso.DirectoryId, contoso.Support, "Admin-Horse-9", Cancel);
        (await lab.RefreshAsync(contoso, refresh)).IsRefused(400, 50173, "invalid_grant");
        SignInEnd silent = await browser.OpenAsync(lab.Authorize(contoso, ("prompt", "none")), Cancel);
        Assert.StartsWith("AADSTS50132:", silent.Field("error_description"), StringComparison.Ordinal);
        using HttpClient stranger = lab.Fixture.Client(followRedirects: false, cookies: true);
        using HttpResponseMessage stale = await stranger.PostAsync(lab.Authorize(contoso), new FormUrlEncodedContent([new("step", "consent")]), Cancel);
        Assert.Contains("AADSTS50089", await stale.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Refresh(JsonElement grant) => new()
    {
        ["grant_type"] = "refresh_token",
        ["refresh_token"] = grant.GetProperty("refresh_token").GetString() ?? "",
    };

    private async Task<(string? AllowedOrigin, JsonElement Body)> FromBrowserAsync(Contoso contoso, Dictionary<string, string> form)
    {
        form["client_id"] = contoso.ClientId.ToString();
        using var request = new HttpRequestMessage(HttpMethod.Post, lab.Fixture.Endpoints.TokenEndpoint(contoso.DirectoryId)) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Add("Origin", "https://gateway.example");
        using HttpResponseMessage answer = await lab.Fixture.Http.SendAsync(request, Cancel);
        answer.Headers.TryGetValues("Access-Control-Allow-Origin", out IEnumerable<string>? allowed);
        return (allowed?.Single(), JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Cancel)));
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> UserInfoAsync(string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/oidc/userinfo");
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage answer = await lab.Fixture.Http.SendAsync(request, Cancel);
        return (answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Cancel)));
    }
}
