using System.Text.RegularExpressions;
using Microsoft.Identity.Client;
using Passerelle.Lab.Testing;
using static Passerelle.Clients.Tests.ClientsLab;

namespace Passerelle.Clients.Tests;

/// <summary>MSAL.NET, and the exceptions by which its users know what happened.</summary>
public sealed class MsalTests(ClientsLab lab)
{
    [Fact]
    [Shows("1.5:client-credentials", "1.1:token", "12:If-MSAL.NET-is-used-against-the")]
    public async Task A_secret_gets_an_app_token()
    {
        AuthenticationResult result = await lab.Msal(await lab.NewLabAsync()).AcquireTokenForClient([AppScope]).ExecuteAsync(Cancel);
        Assert.Equal(3, result.AccessToken.Split('.').Length);
        Assert.Equal("Bearer", result.TokenType);
    }

    [Fact]
    [Shows("2.3:7000215", "1.5:error-values-at-the-token-endpoint", "12:Emit-trace-id-correlation-id-client-request-id-w")]
    public async Task A_wrong_secret_is_a_service_exception_with_7000215()
    {
        Contoso contoso = await lab.NewLabAsync();
        MsalServiceException error = await Assert.ThrowsAsync<MsalServiceException>(
            () => lab.Msal(contoso, "wrong").AcquireTokenForClient([AppScope]).ExecuteAsync(Cancel));
        Assert.Equal((401, "invalid_client"), (error.StatusCode, error.ErrorCode));
        Assert.StartsWith("A configuration issue is preventing authentication", error.Message, StringComparison.Ordinal);
        Assert.Contains("AADSTS7000215", error.Message, StringComparison.Ordinal);
        Assert.Matches(new Regex("^[0-9a-f-]{36}$"), error.CorrelationId);
    }

    [Fact]
    [Shows("1.5:MSAL-retries-once-after-1-s")]
    public async Task A_server_that_is_down_once_is_asked_again()
    {
        Contoso contoso = await lab.NewLabAsync();
        await new LabFaults(lab.Control, contoso.Lab).ArmAsync(new LabFault("token") { Http = new LabHttpReply(503) }, Cancel);
        AuthenticationResult result = await lab.Msal(contoso).AcquireTokenForClient([AppScope]).ExecuteAsync(Cancel);
        Assert.NotEmpty(result.AccessToken);

        await new LabFaults(lab.Control, contoso.Lab).ArmAsync(new LabFault("token") { Http = new LabHttpReply(503), Times = 2 }, Cancel);
        MsalServiceException error = await Assert.ThrowsAsync<MsalServiceException>(
            () => lab.Msal(contoso).AcquireTokenForClient([AppScope]).WithForceRefresh(true).ExecuteAsync(Cancel));
        Assert.Equal(503, error.StatusCode);
    }

    [Fact]
    [Shows("2.3:7000215", "1.9:Value-is-shown-once.-Columns-Description")]
    public async Task The_Secret_ID_is_no_secret()
    {
        Contoso contoso = await lab.NewLabAsync();
        MsalServiceException error = await Assert.ThrowsAsync<MsalServiceException>(
            () => lab.Msal(contoso, contoso.SecretId.ToString()).AcquireTokenForClient([AppScope]).ExecuteAsync(Cancel));
        Assert.Contains("AADSTS7000215", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Shows("2.3:7000222", "1.9:Rotation-add-the-second-deploy-remove")]
    public async Task An_expired_secret_is_7000222_and_the_second_one_still_works()
    {
        Contoso contoso = await lab.NewLabAsync();
        DateTimeOffset soon = TimeProvider.System.GetUtcNow().AddDays(30);
        (_, var old) = await lab.Control.AddSecretAsync(contoso.DirectoryId, contoso.ClientId, "old", soon, Cancel);
        Assert.NotEmpty((await lab.Msal(contoso, old).AcquireTokenForClient([AppScope]).ExecuteAsync(Cancel)).AccessToken);
        await lab.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromDays(31), Cancel);

        MsalServiceException error = await Assert.ThrowsAsync<MsalServiceException>(
            () => lab.Msal(contoso, old).AcquireTokenForClient([AppScope]).ExecuteAsync(Cancel));
        Assert.Equal((401, "invalid_client"), (error.StatusCode, error.ErrorCode));
        Assert.Contains("AADSTS7000222", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty((await lab.Msal(contoso).AcquireTokenForClient([AppScope]).ExecuteAsync(Cancel)).AccessToken);
    }

    [Fact]
    [Shows("1.5:authorization-code", "1.5:refresh-token", "1.5:refresh-token-only-if-offline-access-was-request", "1.4:client-info",
        "1.4:code-challenge-code-challenge-method", "1.4:redirect-uri", "1.5:scope-lists-the-granted-scopes-for")]
    public async Task A_code_with_PKCE_gives_an_account_that_is_refreshed_silently()
    {
        Contoso contoso = await lab.NewLabAsync();
        IConfidentialClientApplication app = lab.Msal(contoso);
        AuthenticationResult result = await lab.SignInAsync(contoso, app, SmtpScopes);

        Assert.Equal((contoso.Support, contoso.DirectoryId.ToString()), (result.Account.Username, result.TenantId));
        Assert.Equal(contoso.DirectoryId.ToString(), result.Account.HomeAccountId.TenantId);
        Assert.Equal(result.UniqueId, result.Account.HomeAccountId.ObjectId);
        Assert.Contains(SmtpScopes[0], result.Scopes, StringComparer.OrdinalIgnoreCase);
        AuthenticationResult cached = await app.AcquireTokenSilent(SmtpScopes, result.Account).ExecuteAsync(Cancel);
        Assert.Equal(result.AccessToken, cached.AccessToken);
        AuthenticationResult renewed = await app.AcquireTokenSilent(SmtpScopes, result.Account).WithForceRefresh(true).ExecuteAsync(Cancel);
        Assert.NotEqual(result.AccessToken, renewed.AccessToken);
        Assert.Equal(TokenSource.IdentityProvider, renewed.AuthenticationResultMetadata.TokenSource);
    }

    [Fact]
    [Shows("1.4:code-challenge-code-challenge-method")]
    public async Task A_code_with_another_verifier_is_refused()
    {
        Contoso contoso = await lab.NewLabAsync();
        IConfidentialClientApplication app = lab.Msal(contoso);
        Uri address = await app.GetAuthorizationRequestUrl(SmtpScopes).WithRedirectUri(Callback).WithPkce(out _).ExecuteAsync(Cancel);
        var code = await lab.CodeAsync(contoso, address);
        MsalUiRequiredException error = await Assert.ThrowsAsync<MsalUiRequiredException>(() => app
            .AcquireTokenByAuthorizationCode(SmtpScopes, code).WithPkceCodeVerifier(new string('a', 43)).ExecuteAsync(Cancel));
        Assert.Contains("AADSTS501481", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Shows("1.5:MSAL.NET-mapping-invalid-grant-or-interaction-re")]
    public async Task Revoked_sessions_are_UI_required_with_50173()
    {
        Contoso contoso = await lab.NewLabAsync();
        IConfidentialClientApplication app = lab.Msal(contoso);
        AuthenticationResult result = await lab.SignInAsync(contoso, app, SmtpScopes);
        await lab.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromMinutes(1), Cancel);
        await lab.Control.RevokeSessionsAsync(contoso.DirectoryId, contoso.Support, Cancel);
        MsalUiRequiredException error = await Assert.ThrowsAsync<MsalUiRequiredException>(
            () => app.AcquireTokenSilent(SmtpScopes, result.Account).WithForceRefresh(true).ExecuteAsync(Cancel));
        Assert.Equal((400, "invalid_grant"), (error.StatusCode, error.ErrorCode));
        Assert.Contains("AADSTS50173", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Shows("1.5:MSAL.NET-mapping-invalid-grant-or-interaction-re")]
    public async Task A_withdrawn_consent_is_UI_required_with_65001()
    {
        Contoso contoso = await lab.NewLabAsync();
        IConfidentialClientApplication app = lab.Msal(contoso);
        AuthenticationResult result = await lab.SignInAsync(contoso, app, SmtpScopes);
        await lab.Control.RevokeGrantsAsync(contoso.DirectoryId, contoso.ClientId, Cancel);
        MsalUiRequiredException error = await Assert.ThrowsAsync<MsalUiRequiredException>(
            () => app.AcquireTokenSilent(SmtpScopes, result.Account).WithForceRefresh(true).ExecuteAsync(Cancel));
        Assert.Equal((400, "invalid_grant"), (error.StatusCode, error.ErrorCode));
        Assert.Contains("AADSTS65001", error.Message, StringComparison.Ordinal);
        Assert.Equal(UiRequiredExceptionClassification.ConsentRequired, error.Classification);
    }
}
