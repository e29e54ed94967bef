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
    [Shows("2.1:90002")]
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

    [Theory]
    [InlineData("common", "{tenantid}")]
    [InlineData("organizations", "{tenantid}")]
    [InlineData("consumers", "9188040d-6c67-4c5b-b112-36a304b66dad")]
    [InlineData(null, null)]
    [Shows("1.1:common", "1.1:organizations", "1.1:consumers", "1.1:tenant-GUID-or-verified-domain-contoso.onmicroso", "1.1:discovery-document",
        "1.1:v1-discovery", "1.2:For-common-organizations-the-issuer")]
    public async Task Both_documents_name_their_issuer(string? segment, string? issuer)
    {
        Contoso contoso = await lab.NewLabAsync();
        var named = segment ?? contoso.Domain;
        var id = issuer ?? contoso.DirectoryId.ToString();
        var document = JsonSerializer.Deserialize<JsonElement>(
            await lab.Fixture.Http.GetStringAsync($"/{named}/v2.0/.well-known/openid-configuration", Cancel));
        Assert.EndsWith($"/{id}/v2.0", document.GetProperty("issuer").GetString(), StringComparison.Ordinal);
        Assert.Equal(23, document.EnumerateObject().Count());
        Assert.EndsWith($"/{segment ?? id}/oauth2/v2.0/devicecode", document.GetProperty("device_authorization_endpoint").GetString(), StringComparison.Ordinal);
        var old = JsonSerializer.Deserialize<JsonElement>(await lab.Fixture.Http.GetStringAsync($"/{named}/.well-known/openid-configuration", Cancel));
        Assert.Equal($"https://sts.windows.net/{id}/", old.GetProperty("issuer").GetString());
        Assert.EndsWith($"/{segment ?? id}/oauth2/token", old.GetProperty("token_endpoint").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Shows("1.2:Recorded-response-headers-Cache-Control-max-age-", "1.2:Keys-document-unverified-detail-keys-kty-RSA-use", "1.1:signing-keys")]
    public async Task The_documents_come_with_the_recorded_headers_and_keys()
    {
        Contoso contoso = await lab.NewLabAsync();
        using HttpResponseMessage answer = await lab.Fixture.Http.GetAsync($"/{contoso.DirectoryId}/v2.0/.well-known/openid-configuration", Cancel);
        Assert.Equal("max-age=86400, private", answer.Headers.CacheControl?.ToString());
        Assert.Equal(["*"], answer.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["CP=\"DSP CUR OTPi IND OTRi ONL FIN\""], answer.Headers.GetValues("P3P"));
        Assert.True(Guid.TryParse(answer.Headers.GetValues("x-ms-request-id").Single(), out _));
        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), c => c.StartsWith("x-ms-gateway-slice=estsfd", StringComparison.Ordinal));
        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType?.ToString());

        var keys = JsonSerializer.Deserialize<JsonElement>(await lab.Fixture.Http.GetStringAsync($"/{contoso.DirectoryId}/discovery/v2.0/keys", Cancel));
        JsonElement key = keys.GetProperty("keys")[0];
        Assert.Equal(["kty", "use", "kid", "x5t", "n", "e", "x5c", "issuer"], key.EnumerateObject().Select(p => p.Name));
        Assert.Equal(key.GetProperty("kid").GetString(), key.GetProperty("x5t").GetString());
    }
}
