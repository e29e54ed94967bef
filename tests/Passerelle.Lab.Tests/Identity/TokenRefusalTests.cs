using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Identity;

public sealed class TokenRefusalTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Shows("2.2:700009")]
    public async Task A_redirect_uri_that_was_sent_at_authorize_must_be_sent_again()
    {
        Contoso contoso = await lab.NewLabAsync();
        var code = (await lab.SignInAsync(contoso)).Field("code")!; // a failed sign-in fails here
        (await lab.RedeemAsync(contoso, code, ("redirect_uri", null), ("client_secret", "wrong"))).IsRefused(401, 7000215, "invalid_client");
        (await lab.RedeemAsync(contoso, code, ("redirect_uri", null))).IsRefused(400, 700009, "invalid_request");
    }

    [Fact]
    [Shows("2.3:7000215", "1.9:Value-is-shown-once.-Columns-Description")]
    public async Task A_wrong_secret_is_a_401_with_7000215()
    {
        Contoso contoso = await lab.NewLabAsync();
        (await lab.AppTokenAsync(contoso, ("client_secret", "wrong"))).IsRefused(401, 7000215, "invalid_client");
        (await lab.AppTokenAsync(contoso, ("client_secret", contoso.SecretId.ToString()))).IsRefused(401, 7000215, "invalid_client");
        (await lab.AppTokenAsync(contoso, ("client_secret", contoso.ClientSecret[..^1]))).IsRefused(401, 7000215, "invalid_client");
    }

    [Fact]
    [Shows("2.3:7000222", "1.9:Rotation-add-the-second-deploy-remove")]
    public async Task A_secret_expires_on_lab_time()
    {
        Contoso contoso = await lab.NewLabAsync();
        Assert.Equal(200, (await lab.AppTokenAsync(contoso)).Status);
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromDays(181), Cancel);
        (await lab.AppTokenAsync(contoso)).IsRefused(401, 7000222, "invalid_client");
    }

    [Fact]
    public async Task A_secret_has_the_form_that_people_know()
    {
        Contoso contoso = await lab.NewLabAsync();
        Assert.Matches("^[A-Za-z0-9]{3}8Q~[A-Za-z0-9._~-]{34}$", contoso.ClientSecret);
    }

    [Theory]
    [InlineData("grant_type", null, 400, 900144, "invalid_request")]
    [InlineData("grant_type", "passwort", 400, 70003, "unsupported_grant_type")]
    [InlineData("client_id", null, 400, 900144, "invalid_request")]
    [InlineData("client_id", "0193a000-0000-7000-8000-0000000000ff", 400, 700016, "unauthorized_client")]
    [InlineData("client_id", "00000000-0000-0000-0000-000000000000", 400, 700038, "invalid_request")]
    [InlineData("client_secret", null, 401, 7000216, "invalid_client")]
    [InlineData("client_assertion", "x", 400, 9002324, "invalid_request")]
    [InlineData("scope", null, 400, 900144, "invalid_request")]
    [InlineData("scope", "https://outlook.office.com/SMTP.Send", 400, 1002012, "invalid_scope")]
    [InlineData("scope", "https://outlook.example/.default", 400, 500011, "invalid_resource")]
    [Shows("2.4:900144", "2.4:70003", "2.3:7000216-7000219", "2.3:9002324", "2.5:1002012", "2.5:500011")]
    public async Task A_wrong_app_request_is_named(string field, string? value, int status, int code, string error)
    {
        Contoso contoso = await lab.NewLabAsync();
        (await lab.AppTokenAsync(contoso, (field, value))).IsRefused(status, code, error);
    }

    [Theory]
    [InlineData("nobody.example", 90002, "invalid_request")]
    [InlineData("common", 9001023, "invalid_request")]
    public async Task A_wrong_directory_is_named(string segment, int code, string error) =>
        (await lab.TokenAtAsync(segment, null, ("grant_type", "client_credentials"))).IsRefused(400, code, error);

    [Fact]
    [Shows("12:Validate-in-this-order-at-token")]
    public async Task Checks_come_in_the_observed_order()
    {
        (await lab.TokenAtAsync("nobody.example", null)).IsRefused(400, 900144, "invalid_request");
        Contoso contoso = await lab.NewLabAsync();
        (await lab.AppTokenAsync(contoso, ("scope", "nonsense"), ("client_secret", "wrong"))).IsRefused(401, 7000215, "invalid_client");
    }

    [Fact]
    [Shows("2.2:900561-90056-90116", "1.1:token")]
    public async Task Only_POST_is_a_token_request()
    {
        Contoso contoso = await lab.NewLabAsync();
        using HttpResponseMessage answer = await lab.Fixture.Http.GetAsync(lab.Fixture.Endpoints.TokenEndpoint(contoso.DirectoryId), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("AADSTS900561", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    [Shows("2.3:9002324", "12:Accept-secrets-in-body-or-Basic")]
    public async Task A_client_may_prove_itself_by_Basic_but_not_twice()
    {
        Contoso contoso = await lab.NewLabAsync();
        var basic = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(
            $"{contoso.ClientId}:{Uri.EscapeDataString(contoso.ClientSecret)}")));
        (string, string?)[] fields = [("grant_type", "client_credentials"), ("scope", "https://graph.microsoft.com/.default")];
        Assert.Equal(200, (await lab.TokenAtAsync(contoso.DirectoryId.ToString(), basic, fields)).Status);
        (await lab.TokenAtAsync(contoso.DirectoryId.ToString(), basic, [.. fields, ("client_secret", contoso.ClientSecret)]))
            .IsRefused(400, 9002324, "invalid_request");
    }

    [Fact]
    [Shows("12:Client-credentials-without-any-granted-role", "1.13:app-roles", "12:Randomise-expires-in-between-3600-and-5400")]
    public async Task An_app_without_granted_roles_gets_a_token_without_roles()
    {
        Contoso contoso = await lab.NewLabAsync();
        TokenAnswer bare = await lab.AppTokenAsync(contoso);
        Assert.Equal(3599, bare.Body.GetProperty("expires_in").GetInt32());
        Assert.False(LabUnderTest.Read(bare.Body).TryGetPayloadValue<object>("roles", out _));

        await lab.Fixture.Control.SetPermissionsAsync(contoso.DirectoryId, contoso.ClientId,
            [(LabControl.Exchange, "Mail.Send", "application"), (LabControl.Exchange, "SMTP.SendAsApp", "application")], Cancel);
        Assert.False(LabUnderTest.Read((await lab.AppTokenAsync(contoso)).Body).TryGetPayloadValue<object>("roles", out _)); // listed is not granted
        await lab.Fixture.Control.GrantAdminConsentAsync(contoso.DirectoryId, contoso.ClientId, Cancel);
        TokenAnswer granted = await lab.AppTokenAsync(contoso);
        Assert.Equal(["Mail.Send", "SMTP.SendAsApp"], LabUnderTest.Read(granted.Body).GetPayloadValue<string[]>("roles"));
        TokenAnswer graph = await lab.AppTokenAsync(contoso, ("scope", "https://graph.microsoft.com/.default"));
        Assert.False(LabUnderTest.Read(graph.Body).TryGetPayloadValue<object>("roles", out _)); // Exchange's own roles are not Graph's
    }

    [Fact]
    [Shows("2.3:700025")]
    public async Task A_public_client_must_not_send_a_secret_and_needs_none()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.SetAuthenticationAsync(
            contoso.DirectoryId, contoso.ClientId, [("publicClient", LabUnderTest.Callback)], false, false, true, Cancel);
        var code = (await lab.SignInAsync(contoso)).Field("code")!; // a failed sign-in fails below
        (await lab.RedeemAsync(contoso, code)).IsRefused(401, 700025, "invalid_client");
        TokenAnswer answer = await lab.RedeemAsync(contoso, code, ("client_secret", null));
        Assert.Equal(200, answer.Status);
        Assert.Equal(200, (await lab.RefreshAsync(contoso, answer.Text("refresh_token"), ("client_secret", null))).Status);
    }

    [Fact]
    [Shows("2.2:9002327")]
    public async Task A_single_page_address_is_redeemed_by_a_browser_only()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.SetAuthenticationAsync(
            contoso.DirectoryId, contoso.ClientId, [("spa", LabUnderTest.Callback)], false, false, false, Cancel);
        var code = (await lab.SignInAsync(contoso)).Field("code")!; // as above
        (await lab.RedeemAsync(contoso, code, ("client_secret", null))).IsRefused(400, 9002327, "invalid_request");
    }
}
