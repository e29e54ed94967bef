using System.Net;
using System.Text.RegularExpressions;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Identity;

public sealed class AuthorizeRefusalTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://gateway.example/callback/")]
    [InlineData("https://gateway.example/Callback")]
    [InlineData("http://gateway.example/callback")]
    [InlineData("https://gateway.example:8443/callback")]
    [InlineData("https://gateway.example/callback?x=1")]
    [InlineData("https://gateway.example.evil.example/callback")]
    [InlineData("https://user@gateway.example/callback")]
    [InlineData("https://gateway.example/other/../callback")]
    [InlineData("javascript:alert(1)")]
    [Shows("2.2:50011", "1.4:redirect-uri")]
    public async Task An_unregistered_redirect_URI_is_shown_and_never_followed(string uri)
    {
        Contoso contoso = await lab.NewLabAsync();
        SignInEnd end = await lab.SignInAsync(contoso, ("redirect_uri", uri));
        Assert.Null(end.Callback);
        Assert.Equal(400, end.Status);
        Assert.Contains("AADSTS50011", end.Html, StringComparison.Ordinal);
        Assert.Contains(WebUtility.HtmlEncode(uri), end.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTPS://Gateway.Example/callback")]
    [InlineData("https://gateway.example/callback")]
    public async Task Scheme_and_host_of_a_redirect_URI_ignore_case(string uri)
    {
        Contoso contoso = await lab.NewLabAsync();
        Assert.NotNull((await lab.SignInAsync(contoso, ("redirect_uri", uri))).Callback);
    }

    [Fact]
    [Shows("1.7:https-only-http-only-for-localhost")]
    public async Task On_localhost_the_port_is_ignored()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.SetAuthenticationAsync(
            contoso.DirectoryId, contoso.ClientId, [("web", "http://localhost/back")], false, false, false, Cancel);
        Assert.NotNull((await lab.SignInAsync(contoso, ("redirect_uri", "http://localhost:5123/back"))).Field("code"));
        Assert.Null((await lab.SignInAsync(contoso, ("redirect_uri", "http://localhost:5123/other"))).Callback);
    }

    [Theory]
    [InlineData("client_id", "not-a-guid", "AADSTS700016")]
    [InlineData("client_id", "0193a000-0000-7000-8000-0000000000ff", "AADSTS700016")]
    [InlineData("client_id", "00000000-0000-0000-0000-000000000000", "AADSTS700038")]
    [InlineData("client_id", null, "AADSTS900144")]
    [Shows("2.1:700016", "2.1:700038", "1.4:client-id")]
    public async Task A_wrong_client_is_shown_on_the_page(string name, string? value, string code)
    {
        Contoso contoso = await lab.NewLabAsync();
        SignInEnd end = await lab.SignInAsync(contoso, (name, value));
        Assert.Null(end.Callback);
        Assert.Contains(code, end.Html, StringComparison.Ordinal);
        Assert.Contains("Correlation Id", end.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody.example", "AADSTS90002")]
    [InlineData("0193a000-0000-7000-8000-0000000000aa", "AADSTS90002")]
    [InlineData("common", "AADSTS50194")]
    [InlineData("organizations", "AADSTS50194")]
    [Shows("2.1:90002", "2.1:50194")]
    public async Task A_wrong_directory_is_shown_on_the_page(string segment, string code)
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd end = await browser.OpenAsync(lab.AuthorizeAt(segment, contoso), Cancel);
        Assert.Null(end.Callback);
        Assert.Contains(code, end.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verified_domain_names_the_directory_too()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        Assert.True((await browser.OpenAsync(lab.AuthorizeAt(contoso.Domain, contoso), Cancel)).Has("signin"));
    }

    [Fact]
    public async Task A_multi_tenant_app_finds_the_directory_by_the_account()
    {
        Contoso contoso = await lab.NewLabAsync();
        Guid wide = await lab.Fixture.Control.RegisterAppAsync(contoso.DirectoryId, "Wide", LabUnderTest.Callback, "azureADMultipleOrgs", "web", Cancel);
        using LabBrowser browser = lab.Fixture.Browser();
        Uri address = lab.AuthorizeAt("common", contoso, ("client_id", wide.ToString()));
        SignInEnd who = await browser.OpenAsync(address, Cancel);
        Assert.True(who.Has("who"));
        SignInEnd end = await browser.SubmitAsync(who, "who", new() { ["login"] = contoso.Support }, Cancel);
        Assert.Contains(contoso.DirectoryId.ToString(), end.Address.ToString(), StringComparison.Ordinal);
        Assert.True(end.Has("signin"));
    }

    [Theory]
    [InlineData("response_type", "cod", "unsupported_response_type", 70005)]
    [InlineData("response_type", "token", "unsupported_response_type", 700051)]
    [InlineData("response_type", "id_token", "unsupported_response_type", 700054)]
    [InlineData("response_type", null, "invalid_request", 900144)]
    [InlineData("response_mode", "pigeon", "invalid_request", 70007)]
    [InlineData("code_challenge", "short", "invalid_request", 501491)]
    [InlineData("code_challenge", null, "invalid_request", 501471)]
    [InlineData("code_challenge_method", "S512", "invalid_request", 50149)]
    [InlineData("scope", null, "invalid_request", 900144)]
    [InlineData("scope", "https://outlook.office.com/SMTP.Sent", "invalid_client", 650053)]
    [InlineData("scope", "https://outlook.example/SMTP.Send", "invalid_resource", 500011)]
    [InlineData("scope", "https://outlook.office.com/.default https://outlook.office.com/SMTP.Send", "invalid_scope", 70011)]
    [Shows("2.2:70005", "2.2:700051", "2.2:700054", "2.2:70007", "2.2:50147-501491", "2.2:501471", "2.2:50149", "1.4:response-type",
        "1.4:response-mode", "1.4:state", "1.4:code-challenge-code-challenge-method")]
    public async Task A_wrong_request_of_a_known_app_goes_back_to_it(string name, string? value, string error, int code)
    {
        Contoso contoso = await lab.NewLabAsync();
        SignInEnd end = await lab.SignInAsync(contoso, (name, value));
        Assert.Equal(error, end.Field("error"));
        Assert.StartsWith($"AADSTS{code}:", end.Field("error_description"), StringComparison.Ordinal);
        Assert.Equal("st/ate+1", end.Field("state"));
    }

    [Fact]
    public async Task A_wrong_password_an_unknown_name_and_a_blocked_account_stay_on_the_page()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        Uri address = lab.Authorize(contoso);
        Assert.Contains("AADSTS50126", (await browser.SignInAsync(address, contoso.Support, "wrong", Cancel)).Html, StringComparison.Ordinal);
        Assert.Contains("AADSTS50034", (await browser.SignInAsync(address, "x@" + contoso.Domain, "p", Cancel)).Html, StringComparison.Ordinal);
        await lab.Fixture.Control.SetUserAsync(contoso.DirectoryId, contoso.Support, enabled: false, Cancel);
        Assert.Contains("AADSTS50057", (await browser.SignInAsync(address, contoso.Support, Contoso.Password, Cancel)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_requires_assignment_blocks_others()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.SetEnterpriseAppAsync(contoso.DirectoryId, contoso.ClientId, enabled: true, assignmentRequired: true, Cancel);
        Assert.Contains("AADSTS50105", (await lab.SignInAsync(contoso)).Html, StringComparison.Ordinal);
        await lab.Fixture.Control.SetEnterpriseAppAsync(contoso.DirectoryId, contoso.ClientId, enabled: false, assignmentRequired: false, Cancel);
        Assert.Contains("AADSTS7000116", (await lab.SignInAsync(contoso)).Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("never", "https://outlook.office.com/SMTP.Send", false)]
    [InlineData("lowImpact", "https://outlook.office.com/SMTP.Send", false)]
    [InlineData("lowImpact", "User.Read", true)]
    [InlineData("microsoftManaged", "https://outlook.office.com/SMTP.Send", true)]
    [InlineData("microsoftManaged", "Mail.Read", false)]
    [InlineData("always", "Mail.Read", true)]
    [InlineData("always", "User.Read.All", false)]
    [Shows("3.9:Do-not-allow-user-consent", "3.9:Allow-user-consent-for-apps-old-default",
        "3.9:Let-Microsoft-manage-your-consent-settings-Recom", "2.5:90094")]
    public async Task The_consent_setting_decides_who_needs_an_admin(string setting, string scope, bool allowed)
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.SetUserConsentAsync(contoso.DirectoryId, setting, Cancel);
        SignInEnd end = await lab.SignInAsync(contoso, ("scope", "openid offline_access " + scope));
        if (allowed)
        {
            Assert.NotNull(end.Field("code"));
            return;
        }

        Assert.Contains("AADSTS90094", end.Html, StringComparison.Ordinal);
        using LabBrowser admin = lab.Fixture.Browser();
        Assert.NotNull((await admin.SignInAsync(
            lab.Authorize(contoso, ("scope", "openid offline_access " + scope)), contoso.Administrator, Contoso.Password, Cancel)).Field("code"));
    }

    [Fact]
    public async Task A_post_without_the_pages_own_token_is_refused()
    {
        Contoso contoso = await lab.NewLabAsync();
        using HttpClient client = lab.Fixture.Client(followRedirects: false, cookies: true);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["step"] = "signin",
            ["login"] = contoso.Support,
            ["passwd"] = Contoso.Password,
        });
        using HttpResponseMessage answer = await client.PostAsync(lab.Authorize(contoso), form, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain(answer.Headers, h => h.Key == "Set-Cookie" && h.Value.Any(v => v.StartsWith("lab-session", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_page_never_carries_a_strangers_markup()
    {
        Contoso contoso = await lab.NewLabAsync();
        SignInEnd end = await lab.SignInAsync(contoso, ("redirect_uri", "https://x.example/\"><script>alert(1)</script>"));
        Assert.All(Regex.Matches(end.Html, "<script[^>]*>", RegexOptions.IgnoreCase), // the lab's own file alone
            tag => Assert.StartsWith("<script src=\"/assets/lab.", tag.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("alert(1)</script", end.Html, StringComparison.OrdinalIgnoreCase);
    }
}
