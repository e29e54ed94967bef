using System.Net;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Identity;

public sealed class DiscoveryTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tokens_verify_with_the_published_keys()
    {
        Contoso contoso = await lab.NewLabAsync();
        var document = JsonSerializer.Deserialize<JsonElement>(
            await lab.Fixture.Http.GetStringAsync($"/{contoso.DirectoryId}/v2.0/.well-known/openid-configuration", Cancel));
        Assert.Equal(lab.Fixture.Endpoints.TokenEndpoint(contoso.DirectoryId).ToString(), document.GetProperty("token_endpoint").GetString());
        var keys = new JsonWebKeySet(await lab.Fixture.Http.GetStringAsync(document.GetProperty("jwks_uri").GetString(), Cancel));

        TokenAnswer answer = await lab.AppTokenAsync(contoso);
        TokenValidationResult result = await new JsonWebTokenHandler().ValidateTokenAsync(answer.Text("access_token"), new TokenValidationParameters
        {
            IssuerSigningKeys = keys.GetSigningKeys(),
            ValidIssuer = $"https://sts.windows.net/{contoso.DirectoryId}/",
            ValidAudience = "https://outlook.office365.com",
        });
        Assert.True(result.IsValid, result.Exception?.Message);
    }

    [Fact]
    public async Task An_unknown_directory_is_an_invalid_tenant()
    {
        using HttpResponseMessage answer = await lab.Fixture.Http.GetAsync("/nobody.example/v2.0/.well-known/openid-configuration", Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var body = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("\"invalid_tenant\"", body, StringComparison.Ordinal);
        Assert.Contains("AADSTS90002", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_shared_endpoint_has_a_template_for_an_issuer() =>
        Assert.Contains("/{tenantid}/v2.0", await lab.Fixture.Http.GetStringAsync("/common/v2.0/.well-known/openid-configuration", Cancel), StringComparison.Ordinal);

    [Fact]
    public async Task Instance_discovery_names_the_lab_itself() =>
        Assert.Contains(lab.Fixture.Endpoints.Https.Authority, await lab.Fixture.Http.GetStringAsync("/common/discovery/instance?api-version=1.1", Cancel), StringComparison.Ordinal);
}
