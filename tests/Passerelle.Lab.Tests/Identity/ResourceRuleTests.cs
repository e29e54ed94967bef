using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Identity;

/// <summary>Scopes and resources (facts §1.14, §2.5).</summary>
public sealed class ResourceRuleTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("disabled", 7000117, "unauthorized_client", 7000117, "unauthorized_client")]
    [InlineData("lapsed", 500014, "invalid_resource", 500014, "invalid_resource")]
    [InlineData("absent", 500011, "invalid_resource", 650052, "invalid_client")]
    [InlineData("removed", 650054, "invalid_resource", 650054, "invalid_resource")]
    [Shows("2.1:7000117", "2.5:500014", "2.5:500011", "2.5:650052", "2.5:650054")]
    public async Task A_resource_that_does_not_stand_is_named(string standing, int alone, string aloneError, int person, string personError)
    {
        Contoso contoso = await lab.NewLabAsync();
        var refresh = (await lab.GrantAsync(contoso)).GetProperty("refresh_token").GetString() ?? "";
        await StandAsync(contoso, new { standing });
        (await lab.AppTokenAsync(contoso)).IsRefused(400, alone, aloneError);
        (await lab.RefreshAsync(contoso, refresh)).IsRefused(400, person, personError);
        SignInEnd end = await lab.SignInAsync(contoso);
        Assert.StartsWith($"AADSTS{person}:", end.Field("error_description"), StringComparison.Ordinal);
        await StandAsync(contoso, new { standing = "active" });
        Assert.Equal(200, (await lab.AppTokenAsync(contoso)).Status);
    }

    [Fact]
    [Shows("2.5:501051")]
    public async Task A_resource_that_requires_assignment_gives_no_empty_token()
    {
        Contoso contoso = await lab.NewLabAsync();
        await StandAsync(contoso, new { standing = "active", assignmentRequired = true });
        (await lab.AppTokenAsync(contoso)).IsRefused(400, 501051, "invalid_grant");
        await lab.Fixture.Control.SetPermissionsAsync(contoso.DirectoryId, contoso.ClientId, [(LabControl.Exchange, "SMTP.SendAsApp", "application")], Cancel);
        await lab.Fixture.Control.GrantAdminConsentAsync(contoso.DirectoryId, contoso.ClientId, Cancel);
        Assert.Equal(200, (await lab.AppTokenAsync(contoso)).Status);
    }

    [Theory]
    [InlineData("https://outlook.office.com/.default", 650057, "invalid_resource")]
    [InlineData("https://outlook.office.com/.default User.Read", 70011, "invalid_scope")]
    [InlineData("https://outlook.office.com/Mail.SendAs", 650053, "invalid_client")]
    [InlineData("https://outlook.office.com/SMTP.SendAsApp", 650053, "invalid_client")]
    [InlineData("https://outlook.example/SMTP.Send", 500011, "invalid_resource")]
    [InlineData("https://outlook.office.com/", 70011, "invalid_scope")]
    [InlineData("self", 90009, "invalid_resource")]
    [Shows("2.5:650057", "2.5:70011", "2.5:650053", "2.5:500011", "2.5:90009", "1.14:.default-all-permissions-registered-for")]
    public async Task A_wrong_scope_goes_back_to_the_application(string scope, int code, string error)
    {
        Contoso contoso = await lab.NewLabAsync();
        SignInEnd end = await lab.SignInAsync(contoso, ("scope", "openid " + (scope == "self" ? contoso.ClientId.ToString() : scope)));
        Assert.Equal(error, end.Field("error"));
        Assert.StartsWith($"AADSTS{code}:", end.Field("error_description"), StringComparison.Ordinal);
    }

    [Fact]
    [Shows("2.5:90008", "2.5:28002-28003")]
    public async Task An_application_without_User_Read_and_an_empty_scope_are_named()
    {
        Contoso contoso = await lab.NewLabAsync();
        var code = (await lab.SignInAsync(contoso)).Field("code") ?? "";
        (await lab.RedeemAsync(contoso, code, ("scope", ""))).IsRefused(400, 28003, "invalid_scope");
        await lab.Fixture.Control.SetPermissionsAsync(contoso.DirectoryId, contoso.ClientId, [], Cancel);
        SignInEnd end = await lab.SignInAsync(contoso, ("scope", "openid " + contoso.ClientId));
        Assert.StartsWith("AADSTS90008:", end.Field("error_description"), StringComparison.Ordinal);
    }

    [Fact]
    [Shows("1.14:A-bare-name-Mail.Send-means-Microsoft", "1.14:openid-profile-email-offline-access-are-Graph-le", "1.5:scope-lists-the-granted-scopes-for",
        "1.5:refresh-token-only-if-offline-access-was-request", "1.13:delegated-scopes", "1.13:user", "1.13:issuer", "1.13:version", "1.13:other", "1.4:scope")]
    public async Task A_bare_name_is_Graph_and_a_full_one_its_resource()
    {
        Contoso contoso = await lab.NewLabAsync();
        var graph = await lab.GrantAsync(contoso, "openid Mail.Send");
        var jwt = LabUnderTest.Read(graph);
        Assert.Equal(["https://graph.microsoft.com"], jwt.Audiences);
        Assert.False(graph.TryGetProperty("refresh_token", out _));
        Assert.True(graph.TryGetProperty("id_token", out _));

        var exchange = await lab.GrantAsync(contoso, "offline_access https://outlook.office.com/SMTP.Send");
        jwt = LabUnderTest.Read(exchange);
        Assert.Equal("https://outlook.office.com/SMTP.Send", exchange.GetProperty("scope").GetString());
        Assert.True(exchange.TryGetProperty("refresh_token", out _));
        Assert.False(exchange.TryGetProperty("id_token", out _));
        Assert.Equal(("SMTP.Send", "1.0", $"https://sts.windows.net/{contoso.DirectoryId}/"),
            (jwt.GetPayloadValue<string>("scp"), jwt.GetPayloadValue<string>("ver"), jwt.Issuer));
        Assert.Equal(contoso.ClientId.ToString(), jwt.GetPayloadValue<string>("appid"));
        Assert.All(new[] { "upn", "unique_name", "oid", "puid", "name", "acr", "ipaddr", "tid", "sub", "aio", "rh", "uti" },
            name => Assert.True(jwt.TryGetPayloadValue<string>(name, out var value) && value.Length > 0, name));
        Assert.Equal("RS256", jwt.Alg);
        Assert.Equal(jwt.Kid, jwt.X5t);
    }

    [Theory]
    [InlineData("9e5f94bc-e8a4-4e73-b8be-63364c29d753", true)]
    [InlineData(null, false)]
    [Shows("3.9:companion-policy-for-popular-mail-clients")]
    public async Task A_popular_mail_client_passes_the_managed_setting(string? known, bool passes)
    {
        Contoso contoso = await lab.NewLabAsync();
        // a well-known id belongs to one lab of the host: only this test takes it
        Guid app = (await lab.Fixture.Control.SendAsync(HttpMethod.Post, $"directories/{contoso.DirectoryId}/apps",
            new { displayName = "Mail", clientId = known, redirectUris = new[] { new { platform = "publicClient", uri = LabUnderTest.Callback } } }, Cancel))
            .GetProperty("clientId").GetGuid();
        SignInEnd end = await lab.SignInAsync(contoso with { ClientId = app }, ("scope", "openid https://outlook.office.com/IMAP.AccessAsUser.All"));
        Assert.Equal(passes, end.Field("code") is not null);
    }

    [Fact]
    [Shows("2.5:90095-90096", "2.5:90094")]
    public async Task The_approval_page_says_whether_a_request_can_be_sent()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.SetUserConsentAsync(contoso.DirectoryId, "never", Cancel);
        Assert.Contains("AADSTS90094", (await lab.SignInAsync(contoso)).Html, StringComparison.Ordinal);
        await lab.SetAsync(contoso, "", new { adminConsentRequests = true });
        Assert.Contains("AADSTS90095", (await lab.SignInAsync(contoso)).Html, StringComparison.Ordinal);
    }

    [Fact]
    [Shows("3.9:Allow-user-consent-for-apps-from-verified-publis")]
    public async Task Classified_permissions_count_for_verified_publishers_and_own_applications()
    {
        Contoso contoso = await lab.NewLabAsync();
        Guid tailspin = await lab.Fixture.Control.AddDirectoryAsync(contoso.Lab, "Tailspin", [$"tailspin-{contoso.Lab}.example"], Cancel);
        Guid wide = await lab.Fixture.Control.RegisterAppAsync(tailspin, "Wide", LabUnderTest.Callback, "azureADMultipleOrgs", "web", Cancel);
        Contoso foreign = contoso with { ClientId = wide };
        await lab.Fixture.Control.SetUserConsentAsync(contoso.DirectoryId, "lowImpact", Cancel);
        Assert.Contains("AADSTS90094", (await lab.SignInAsync(contoso)).Html, StringComparison.Ordinal); // SMTP.Send is not classified
        await lab.SetAsync(contoso, "", new { lowImpactScopes = new[] { "openid", "profile", "offline_access", "SMTP.Send" } });
        Assert.NotNull((await lab.SignInAsync(contoso)).Field("code"));
        Assert.Contains("AADSTS90094", (await lab.SignInAsync(foreign)).Html, StringComparison.Ordinal);
        await lab.SetAsync(contoso with { DirectoryId = tailspin }, $"/apps/{wide}", new { verifiedPublisher = true });
        Assert.NotNull((await lab.SignInAsync(foreign)).Field("code"));
    }

    private Task StandAsync(Contoso contoso, object order) => lab.Fixture.Control.SendAsync(
        HttpMethod.Put, $"directories/{contoso.DirectoryId}/resources/{LabControl.Exchange}", order, Cancel);
}
