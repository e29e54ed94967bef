using System.Text.Json.Nodes;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Identity;

/// <summary>private_key_jwt with a certificate (facts §1.10) and with a federated token (§1.11).</summary>
public sealed class ClientAssertionTests(LabUnderTest lab) : IDisposable
{
    private readonly Signer _signer = new(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(150));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _signer.Dispose();

    [Theory]
    [InlineData("PS256", true)]
    [InlineData("PS256", false)]
    [InlineData("RS256", true)]
    [InlineData("RS256", false)]
    [Shows("1.10:Upload-.cer-.pem-or-.crt-public", "1.10:JWT-header-alg-PS256-typ-JWT-x5t-S256-b64url-SHA",
        "1.10:Claims-aud-https-login.microsoftonline.com-tenan", "12:Accept-secrets-in-body-or-Basic", "1.13:client")]
    public async Task A_certificate_proves_the_client_with_times_as_numbers_or_strings(string algorithm, bool strings)
    {
        Contoso contoso = await CertifiedAsync();
        JsonObject claims = Claims(contoso);
        if (strings)
        {
            foreach (var name in new[] { "nbf", "exp" }) claims[name] = claims[name]!.ToString(); // set in Claims
        }

        TokenAnswer answer = await AskAsync(contoso, _signer.Sign(_signer.Header(algorithm), claims));
        Assert.Equal(200, answer.Status);
        Assert.Equal("2", LabUnderTest.Read(answer.Body).GetPayloadValue<string>("appidacr"));
        Assert.Equal("1", LabUnderTest.Read((await lab.AppTokenAsync(contoso)).Body).GetPayloadValue<string>("appidacr"));
    }

    [Theory]
    [InlineData("sub", null, 700022)]
    [InlineData("sub", "somebody", 50048)]
    [InlineData("iss+sub", "0193a000-0000-7000-8000-0000000000ff", 700021)]
    [InlineData("aud", "https://login.microsoftonline.com/0193a000-0000-7000-8000-0000000000ff/oauth2/v2.0/token", 700023)]
    [InlineData("aud", "https://graph.microsoft.com", 700023)]
    [InlineData("exp", "1000", 700024)]
    [InlineData("nbf", "9999999999", 700024)]
    [InlineData("exp", "soon", 50027)]
    [Shows("2.3:700021-700022-700023-700024", "2.3:50048", "2.3:50027", "1.10:Errors-700027-wire-text-in-practice")]
    public async Task A_statement_about_something_else_is_named(string names, string? value, int code)
    {
        Contoso contoso = await CertifiedAsync();
        JsonObject claims = Claims(contoso);
        foreach (var name in names.Split('+')) claims[name] = value;
        if (value is null) claims.Remove(names);
        (await AskAsync(contoso, _signer.Sign(_signer.Header("PS256"), claims))).IsRefused(401, code, "invalid_client");
    }

    [Fact]
    [Shows("2.3:700027", "2.3:50027", "1.10:Errors-700027-wire-text-in-practice")]
    public async Task A_key_that_is_not_registered_and_a_forged_signature_are_700027()
    {
        Contoso contoso = await CertifiedAsync();
        var good = _signer.Sign(_signer.Header("PS256"), Claims(contoso));
        using var other = new Signer(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(150));
        TokenAnswer unknown = await AskAsync(contoso, other.Sign(other.Header("PS256"), Claims(contoso)));
        unknown.IsRefused(401, 700027, "invalid_client");
        Assert.Contains("[Reason - The key was not found.,", unknown.Text("error_description"), StringComparison.Ordinal);
        (await AskAsync(contoso, other.Sign(_signer.Header("PS256"), Claims(contoso)))).IsRefused(401, 700027, "invalid_client");
        JsonObject none = _signer.Header("RS256");
        none["alg"] = "none";
        (await AskAsync(contoso, _signer.Sign(none, Claims(contoso)))).IsRefused(401, 700027, "invalid_client");
        (await AskAsync(contoso, "not.a.token")).IsRefused(401, 50027, "invalid_client");
        (await lab.AppTokenAsync(contoso, ("client_secret", null), ("client_assertion", good))).IsRefused(400, 900144, "invalid_request");
        (await AskAsync(contoso, good, ("client_secret", contoso.ClientSecret))).IsRefused(400, 9002324, "invalid_request");
    }

    [Fact]
    [Shows("2.3:1000502", "2.3:700026")]
    public async Task An_expired_certificate_and_an_application_without_any_key_are_named()
    {
        Contoso contoso = await CertifiedAsync();
        Guid bare = await lab.Fixture.Control.RegisterAppAsync(contoso.DirectoryId, "Bare", null, Cancel);
        Contoso other = contoso with { ClientId = bare };
        (await AskAsync(other, _signer.Sign(_signer.Header("PS256"), Claims(other)))).IsRefused(401, 700026, "invalid_client");

        using var old = new Signer(DateTimeOffset.UnixEpoch.AddYears(40), DateTimeOffset.UnixEpoch.AddYears(50));
        await RegisterAsync(contoso, old);
        (await AskAsync(contoso, old.Sign(old.Header("PS256"), Claims(contoso)))).IsRefused(401, 1000502, "invalid_client");
    }

    [Fact]
    public async Task An_elliptic_key_is_not_supported()
    {
        Contoso contoso = await lab.NewLabAsync();
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=client.contoso.example", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(150));
        await lab.Fixture.Control.SendAsync(HttpMethod.Post, $"directories/{contoso.DirectoryId}/apps/{contoso.ClientId}/certificates",
            new { displayName = "c", certificate = certificate.ExportCertificatePem() }, Cancel);
        JsonObject header = _signer.Header("PS256");
        header["x5t#S256"] = System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.SHA256.HashData(certificate.RawData));
        TokenAnswer answer = await AskAsync(contoso, _signer.Sign(header, Claims(contoso)));
        answer.IsRefused(401, 700027, "invalid_client");
        Assert.Contains("Unsupported asymmetric signing algorithm", answer.Text("error_description"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://issuer.example", "repo:contoso/app", "api://AzureADTokenExchange", 200, 0)]
    [InlineData("https://Issuer.example", "repo:contoso/app", "api://AzureADTokenExchange", 401, 700211)]
    [InlineData("https://issuer.example", "repo:contoso/app", "api://other", 401, 700212)]
    [InlineData("https://issuer.example", "repo:contoso/other", "api://AzureADTokenExchange", 401, 700213)]
    [InlineData("https://issuer.example", "repo:Contoso/app", "api://AzureADTokenExchange", 401, 7002138)]
    [Shows("2.3:700211-700212-700213-7002138-70021")]
    public async Task A_federated_token_fits_letter_by_letter(string issuer, string subject, string audience, int status, int code)
    {
        Contoso contoso = await FederatedAsync();
        TokenAnswer answer = await AskAsync(contoso, _signer.Sign(new JsonObject { ["alg"] = "RS256", ["kid"] = "k1" }, Outside(contoso, issuer, subject, audience)));
        Assert.Equal(status, answer.Status);
        if (code != 0) answer.IsRefused(401, code, "invalid_client");
    }

    [Fact]
    [Shows("2.3:7000226-7000227", "2.3:50013-500133")]
    public async Task A_federated_token_needs_a_federation_and_the_issuer_s_key()
    {
        Contoso contoso = await FederatedAsync();
        using var other = new Signer(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(150));
        JsonObject claims = Outside(contoso, "https://issuer.example", "repo:contoso/app", "api://AzureADTokenExchange");
        (await AskAsync(contoso, other.Sign(new JsonObject { ["alg"] = "RS256", ["kid"] = "k1" }, claims))).IsRefused(400, 50013, "invalid_grant");
        Contoso bare = await lab.NewLabAsync();
        (await AskAsync(bare, _signer.Sign(new JsonObject { ["alg"] = "RS256", ["kid"] = "k1" }, claims))).IsRefused(401, 7000226, "invalid_client");
    }

    private async Task<Contoso> CertifiedAsync()
    {
        Contoso contoso = await lab.NewLabAsync();
        await RegisterAsync(contoso, _signer);
        return contoso;
    }

    private Task RegisterAsync(Contoso contoso, Signer signer) => lab.AddCertificateAsync(contoso, signer.Pem);

    private async Task<Contoso> FederatedAsync()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.SendAsync(HttpMethod.Post, $"directories/{contoso.DirectoryId}/apps/{contoso.ClientId}/federations",
            new { name = "ci", issuer = "https://issuer.example", subject = "repo:contoso/app" }, Cancel);
        await lab.Fixture.Control.SendAsync(HttpMethod.Put, $"labs/{contoso.Lab}/issuers",
            new { issuer = "https://issuer.example", jwks = _signer.Jwks }, Cancel);
        return contoso;
    }

    private JsonObject Claims(Contoso contoso) =>
        Signer.Claims(lab.Fixture.Endpoints.TokenEndpoint(contoso.DirectoryId), contoso.ClientId, lab.Now);

    private JsonObject Outside(Contoso _, string issuer, string subject, string audience) => new()
    {
        ["iss"] = issuer,
        ["sub"] = subject,
        ["aud"] = audience,
        ["iat"] = lab.Now.ToUnixTimeSeconds(),
        ["exp"] = lab.Now.ToUnixTimeSeconds() + 300,
    };

    private Task<TokenAnswer> AskAsync(Contoso contoso, string assertion, params (string, string?)[] more) =>
        lab.AssertedTokenAsync(contoso, assertion, more);
}
