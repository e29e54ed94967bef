using Microsoft.Identity.Client;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Identity;

/// <summary>An independent client: MSAL.NET, unchanged, pointed at the lab.</summary>
public sealed class MsalTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MSAL_gets_an_app_token()
    {
        Contoso contoso = await lab.NewLabAsync();
        AuthenticationResult result = await App(contoso, contoso.ClientSecret)
            .AcquireTokenForClient(["https://outlook.office365.com/.default"]).ExecuteAsync(Cancel);
        Assert.NotEmpty(result.AccessToken);
    }

    [Fact]
    public async Task MSAL_names_a_wrong_secret()
    {
        Contoso contoso = await lab.NewLabAsync();
        MsalServiceException error = await Assert.ThrowsAsync<MsalServiceException>(
            () => App(contoso, "wrong").AcquireTokenForClient(["https://graph.microsoft.com/.default"]).ExecuteAsync(Cancel));
        Assert.Equal((401, "invalid_client"), (error.StatusCode, error.ErrorCode));
        Assert.Contains("AADSTS7000215", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Shows("12:If-MSAL.NET-is-used-against-the", "1.5:MSAL-request-headers-client-request-id-guid-retu", "1.4:client-info")]
    public async Task MSAL_redeems_a_code_with_PKCE_and_refreshes_silently()
    {
        Contoso contoso = await lab.NewLabAsync();
        IConfidentialClientApplication app = App(contoso, contoso.ClientSecret);
        string[] scopes = ["https://outlook.office.com/SMTP.Send"];
        Uri address = await app.GetAuthorizationRequestUrl(scopes).WithRedirectUri(LabUnderTest.Callback).WithPkce(out var verifier).ExecuteAsync(Cancel);
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd end = await browser.SignInAsync(address, contoso.Support, Contoso.Password, Cancel);

        AuthenticationResult result = await app.AcquireTokenByAuthorizationCode(scopes, end.Field("code")).WithPkceCodeVerifier(verifier).ExecuteAsync(Cancel);
        Assert.Equal(contoso.Support, result.Account.Username);
        Assert.Equal(contoso.DirectoryId.ToString(), result.TenantId);
        AuthenticationResult renewed = await app.AcquireTokenSilent(scopes, result.Account).WithForceRefresh(true).ExecuteAsync(Cancel);
        Assert.NotEqual(result.AccessToken, renewed.AccessToken);

        await lab.Fixture.Control.RevokeSessionsAsync(contoso.DirectoryId, contoso.Support, Cancel);
        await Assert.ThrowsAsync<MsalUiRequiredException>(
            () => app.AcquireTokenSilent(scopes, result.Account).WithForceRefresh(true).ExecuteAsync(Cancel));
    }

    private IConfidentialClientApplication App(Contoso contoso, string secret) => ConfidentialClientApplicationBuilder
        .Create(contoso.ClientId.ToString())
        .WithAuthority(lab.Fixture.Endpoints.Authority(contoso.DirectoryId).ToString())
        .WithInstanceDiscovery(false)
        .WithClientSecret(secret)
        .WithRedirectUri(LabUnderTest.Callback)
        .WithHttpClientFactory(new Factory(lab.Fixture))
        .Build();

    private sealed class Factory(LabFixture fixture) : IMsalHttpClientFactory
    {
        public HttpClient GetHttpClient() => fixture.Http;
    }
}
