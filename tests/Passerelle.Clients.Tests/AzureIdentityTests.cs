using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.Identity.Client;
using Passerelle.Lab.Testing;
using static Passerelle.Clients.Tests.ClientsLab;

namespace Passerelle.Clients.Tests;

/// <summary>Azure.Identity, as every Azure and Graph client uses it.</summary>
public sealed class AzureIdentityTests(ClientsLab lab)
{
    [Fact]
    [Shows("1.5:client-credentials", "1.1:token")]
    public async Task A_secret_gets_an_app_token()
    {
        Contoso contoso = await lab.NewLabAsync();
        AccessToken token = await Credential(contoso, contoso.ClientSecret).GetTokenAsync(new TokenRequestContext([AppScope]), Cancel);
        Assert.Equal(3, token.Token.Split('.').Length);
    }

    [Fact]
    [Shows("2.3:7000215")]
    public async Task A_wrong_secret_is_named_in_its_exception()
    {
        Contoso contoso = await lab.NewLabAsync();
        AuthenticationFailedException error = await Assert.ThrowsAsync<AuthenticationFailedException>(
            async () => await Credential(contoso, "wrong").GetTokenAsync(new TokenRequestContext([AppScope]), Cancel));
        MsalServiceException cause = Assert.IsType<MsalServiceException>(error.GetBaseException());
        Assert.Equal((401, "invalid_client"), (cause.StatusCode, cause.ErrorCode));
        Assert.Contains("AADSTS7000215", cause.Message, StringComparison.Ordinal);
    }

    private ClientSecretCredential Credential(Contoso contoso, string secret) => new(
        contoso.DirectoryId.ToString(), contoso.ClientId.ToString(), secret, new ClientSecretCredentialOptions
        {
            AuthorityHost = lab.Fixture.Endpoints.Https,
            DisableInstanceDiscovery = true, // the lab is no cloud that it knows
            Transport = new HttpClientTransport(lab.Fixture.Http),
        });
}
