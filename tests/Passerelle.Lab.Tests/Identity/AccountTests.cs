using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Identity;

/// <summary>Account types against endpoints (facts §1.8): several directories, and personal accounts.</summary>
public sealed class AccountTests(LabUnderTest lab)
{
    private const string Person = "ann.person@outlook.example";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("common")]
    [InlineData("consumers")]
    [InlineData("9188040d-6c67-4c5b-b112-36a304b66dad")]
    [Shows("1.8:and-personal-Microsoft-accounts", "1.1:consumers", "1.1:common")]
    public async Task A_personal_account_signs_in_where_it_is_admitted(string segment)
    {
        (Contoso contoso, Contoso app) = await WideAsync("azureADandPersonalMicrosoftAccount");
        SignInEnd end = await SignInAsync(segment, app, Person);
        TokenAnswer answer = await lab.TokenAtAsync(segment, null, Redemption(app, end.Field("code")));
        Assert.Equal(200, answer.Status);
        Assert.Equal("9188040d-6c67-4c5b-b112-36a304b66dad", LabUnderTest.Read(answer.Body, "id_token").GetPayloadValue<string>("tid"));
        Assert.NotEqual(contoso.DirectoryId.ToString(), LabUnderTest.Read(answer.Body).GetPayloadValue<string>("tid"));
    }

    [Theory]
    [InlineData("azureADMultipleOrgs", "organizations", "AADSTS500200")]
    [InlineData("azureADMultipleOrgs", "common", "AADSTS500202")]
    [InlineData("azureADMultipleOrgs", "consumers", "AADSTS9002332")]
    [InlineData("azureADMyOrg", "consumers", "AADSTS9002332")]
    [InlineData("personalMicrosoftAccount", "common", "AADSTS9002331")]
    [InlineData("personalMicrosoftAccount", "organizations", "AADSTS9002331")]
    [InlineData("personalMicrosoftAccount", "home", "AADSTS9002331")]
    [InlineData("azureADMultipleOrgs", "home", "AADSTS500200")]
    [InlineData("azureADandPersonalMicrosoftAccount", "home", "AADSTS50020")]
    [Shows("2.1:9002331-9002332", "2.5:500200", "2.5:500202-500204-500207-500208", "2.5:90072-50020-50177-50178",
        "1.8:Personal-Microsoft-accounts-only", "1.1:organizations")]
    public async Task A_personal_account_elsewhere_is_told_why(string audience, string segment, string code)
    {
        (Contoso contoso, Contoso app) = await WideAsync(audience);
        SignInEnd end = await SignInAsync(segment == "home" ? contoso.DirectoryId.ToString() : segment, app, Person);
        Assert.Null(end.Callback);
        Assert.Contains(code, end.Html, StringComparison.Ordinal);
    }

    [Fact]
    [Shows("1.8:Accounts-in-any-organizational-directory-Any-Mic", "2.1:7000229", "2.1:700016")]
    public async Task Another_directory_gets_its_enterprise_application_at_the_first_consent()
    {
        (Contoso contoso, Contoso app) = await WideAsync("azureADMultipleOrgs");
        Guid tailspin = await lab.Fixture.Control.AddDirectoryAsync(contoso.Lab, "Tailspin", [$"tailspin-{contoso.Lab}.example"], Cancel);
        var tom = $"tom@tailspin-{contoso.Lab}.example";
        await lab.Fixture.Control.AddUserAsync(tailspin, tom, "Tom", Contoso.Password, true, Cancel);
        await lab.Fixture.Control.SetSecurityDefaultsAsync(tailspin, false, Cancel);
        (string, string?)[] own =
        [
            ("grant_type", "client_credentials"), ("scope", "https://graph.microsoft.com/.default"),
            ("client_id", app.ClientId.ToString()), ("client_secret", app.ClientSecret),
        ];
        (await lab.TokenAtAsync(tailspin.ToString(), null, own)).IsRefused(401, 7000229, "invalid_client");
        (await lab.TokenAtAsync(tailspin.ToString(), null, [.. own, ("client_id", contoso.ClientId.ToString())])).IsRefused(400, 700016, "unauthorized_client");

        SignInEnd end = await SignInAsync("common", app, tom);
        Assert.Equal(200, (await lab.TokenAtAsync("common", null, Redemption(app, end.Field("code")))).Status);
        TokenAnswer answer = await lab.TokenAtAsync(tailspin.ToString(), null, own);
        Assert.Equal(tailspin.ToString(), LabUnderTest.Read(answer.Body).GetPayloadValue<string>("tid"));
    }

    [Fact]
    [Shows("2.5:90072-50020-50177-50178", "2.5:500212-500213-500021-500022")]
    public async Task A_stranger_from_another_directory_is_not_let_in()
    {
        (Contoso contoso, Contoso app) = await WideAsync("azureADMultipleOrgs");
        Guid tailspin = await lab.Fixture.Control.AddDirectoryAsync(contoso.Lab, "Tailspin", [$"tailspin-{contoso.Lab}.example"], Cancel);
        var tom = $"tom@tailspin-{contoso.Lab}.example";
        await lab.Fixture.Control.AddUserAsync(tailspin, tom, "Tom", Contoso.Password, false, Cancel);
        var home = contoso.DirectoryId.ToString();
        Assert.Contains("AADSTS50020", (await SignInAsync(home, app, tom)).Html, StringComparison.Ordinal);
        await lab.SetAsync(contoso, "", new { blocksInboundAccess = true });
        Assert.Contains("AADSTS500213", (await SignInAsync(home, app, tom)).Html, StringComparison.Ordinal);
        await lab.SetAsync(contoso with { DirectoryId = tailspin }, "", new { blocksOutboundAccess = true });
        Assert.Contains("AADSTS500212", (await SignInAsync(home, app, tom)).Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("common", 9001023)]
    [InlineData("consumers", 9001023)]
    [InlineData("organizations", 90019)]
    [Shows("2.1:9001023", "2.1:90019-50059-50128", "1.5:client-credentials")]
    public async Task Client_credentials_need_a_directory(string segment, int code)
    {
        (_, Contoso app) = await WideAsync("azureADMultipleOrgs");
        (await lab.TokenAtAsync(segment, null, ("grant_type", "client_credentials"), ("scope", "https://graph.microsoft.com/.default"),
            ("client_id", app.ClientId.ToString()), ("client_secret", app.ClientSecret))).IsRefused(400, code, "invalid_request");
    }

    [Fact]
    [Shows("2.1:50194", "1.8:Accounts-in-this-organizational-directory-only-n")]
    public async Task A_single_tenant_application_is_not_for_the_shared_endpoint()
    {
        Contoso contoso = await lab.NewLabAsync();
        var code = (await lab.SignInAsync(contoso)).Field("code");
        (await lab.TokenAtAsync("common", null, Redemption(contoso, code))).IsRefused(400, 50194, "invalid_request");
    }

    [Fact]
    [Shows("2.1:90027-500201")]
    public async Task The_old_endpoint_does_not_know_personal_accounts()
    {
        (_, Contoso app) = await WideAsync("azureADandPersonalMicrosoftAccount");
        using LabBrowser browser = lab.Fixture.Browser();
        Uri address = lab.AuthorizeAt("consumers", app);
        SignInEnd end = await browser.OpenAsync(new Uri(address.ToString().Replace("/v2.0", "", StringComparison.Ordinal)), Cancel);
        Assert.Contains("AADSTS90027", end.Html, StringComparison.Ordinal);
    }

    [Fact]
    [Shows("1.4:domain-hint", "1.4:login-hint")]
    public async Task Hints_skip_the_question_for_the_account()
    {
        (Contoso contoso, Contoso app) = await WideAsync("azureADandPersonalMicrosoftAccount");
        using LabBrowser browser = lab.Fixture.Browser();
        Assert.True((await browser.OpenAsync(lab.AuthorizeAt("common", app), Cancel)).Has("who"));
        Assert.True((await browser.OpenAsync(lab.AuthorizeAt("common", app, ("domain_hint", contoso.Domain)), Cancel)).Has("signin"));
        Assert.True((await browser.OpenAsync(lab.AuthorizeAt("common", app, ("domain_hint", "consumers")), Cancel)).Has("signin"));
        SignInEnd hinted = await browser.OpenAsync(lab.AuthorizeAt("common", app, ("login_hint", contoso.Support)), Cancel);
        Assert.True(hinted.Has("signin"));
        Assert.Contains($"value=\"{contoso.Support}\"", hinted.Html, StringComparison.Ordinal);
    }

    [Fact]
    [Shows("2.1:90038", "2.1:7000112", "2.1:7000116", "2.1:7000110")]
    public async Task Switches_of_directory_and_application_are_named()
    {
        Contoso contoso = await lab.NewLabAsync();
        (await lab.TokenAtAsync(contoso.DirectoryId.ToString(),
            new System.Net.Http.Headers.AuthenticationHeaderValue("Basic", Convert.ToBase64String("0193a000-0000-7000-8000-0000000000ff:x"u8)),
            ("grant_type", "client_credentials"), ("client_id", contoso.ClientId.ToString()))).IsRefused(400, 7000110, "invalid_request");
        await lab.Fixture.Control.SetEnterpriseAppAsync(contoso.DirectoryId, contoso.ClientId, enabled: false, assignmentRequired: false, Cancel);
        (await lab.AppTokenAsync(contoso)).IsRefused(400, 7000116, "unauthorized_client");
        await lab.SetAsync(contoso, $"/apps/{contoso.ClientId}", new { deactivated = true });
        (await lab.AppTokenAsync(contoso)).IsRefused(400, 7000112, "unauthorized_client");
        await lab.SetAsync(contoso, "", new { nationalCloud = "login.microsoftonline.us" });
        (await lab.AppTokenAsync(contoso)).IsRefused(400, 90038, "invalid_request");
    }

    private async Task<(Contoso Home, Contoso App)> WideAsync(string audience)
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.SendAsync(HttpMethod.Post, $"labs/{contoso.Lab}/personal-accounts",
            new { address = Person, displayName = "Ann Person", password = Contoso.Password }, Cancel);
        Guid wide = await lab.Fixture.Control.RegisterAppAsync(contoso.DirectoryId, "Wide", LabUnderTest.Callback, audience, "web", Cancel);
        (_, var secret) = await lab.Fixture.Control.AddSecretAsync(contoso.DirectoryId, wide, "s", null, Cancel);
        return (contoso, contoso with { ClientId = wide, ClientSecret = secret });
    }

    private async Task<SignInEnd> SignInAsync(string segment, Contoso app, string login)
    {
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd end = await browser.OpenAsync(lab.AuthorizeAt(segment, app, ("scope", "openid offline_access User.Read")), Cancel);
        if (end.Has("who")) end = await browser.SubmitAsync(end, "who", new() { ["login"] = login }, Cancel);
        if (end.Has("signin")) end = await browser.SubmitAsync(end, "signin", new() { ["login"] = login, ["passwd"] = Contoso.Password }, Cancel);
        return end.Has("consent") ? await browser.SubmitAsync(end, "consent", new() { ["answer"] = "accept" }, Cancel) : end;
    }

    private static (string, string?)[] Redemption(Contoso app, string? code) =>
    [
        ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", LabUnderTest.Callback), ("code_verifier", LabUnderTest.Verifier),
        ("client_id", app.ClientId.ToString()), ("client_secret", app.ClientSecret),
    ];
}
