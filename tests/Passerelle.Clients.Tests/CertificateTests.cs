using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.Identity.Client;
using Passerelle.Lab.Testing;
using static Passerelle.Clients.Tests.ClientsLab;

namespace Passerelle.Clients.Tests;

/// <summary>A certificate instead of a secret: the assertion is each library's own (facts §1.10).</summary>
public sealed class CertificateTests(ClientsLab lab)
{
    [Fact]
    [Shows("1.10:JWT-header-alg-PS256-typ-JWT-x5t-S256-b64url-SHA", "1.10:Claims-aud-https-login.microsoftonline.com-tenan",
        "1.10:Upload-.cer-.pem-or-.crt-public", "12:Accept-secrets-in-body-or-Basic")]
    public async Task MSAL_and_Azure_Identity_get_an_app_token()
    {
        Contoso contoso = await lab.NewLabAsync();
        using X509Certificate2 certificate = Made();
        await UploadAsync(contoso, certificate);
        AuthenticationResult result = await lab.Confidential(contoso).WithCertificate(certificate).Build()
            .AcquireTokenForClient([AppScope]).ExecuteAsync(Cancel);
        Assert.Equal(3, result.AccessToken.Split('.').Length);

        var credential = new ClientCertificateCredential(contoso.DirectoryId.ToString(), contoso.ClientId.ToString(), certificate,
            new ClientCertificateCredentialOptions
            {
                AuthorityHost = lab.Fixture.Endpoints.Https,
                DisableInstanceDiscovery = true,
                Transport = new HttpClientTransport(lab.Fixture.Http),
            });
        AccessToken token = await credential.GetTokenAsync(new TokenRequestContext([AppScope]), Cancel);
        Assert.Equal(3, token.Token.Split('.').Length);
    }

    [Fact]
    [Shows("2.3:700027", "1.10:Errors-700027-wire-text-in-practice")]
    public async Task A_certificate_that_was_not_uploaded_is_700027()
    {
        Contoso contoso = await lab.NewLabAsync();
        using X509Certificate2 uploaded = Made();
        await UploadAsync(contoso, uploaded);
        using X509Certificate2 other = Made();
        MsalServiceException error = await Assert.ThrowsAsync<MsalServiceException>(() => lab.Confidential(contoso)
            .WithCertificate(other).Build().AcquireTokenForClient([AppScope]).ExecuteAsync(Cancel));
        Assert.Equal((401, "invalid_client"), (error.StatusCode, error.ErrorCode));
        Assert.Contains("AADSTS700027", error.Message, StringComparison.Ordinal);
    }

    private Task UploadAsync(Contoso contoso, X509Certificate2 certificate) => lab.Control.SendAsync(HttpMethod.Post,
        $"directories/{contoso.DirectoryId}/apps/{contoso.ClientId}/certificates",
        new { displayName = "client", certificate = certificate.ExportCertificatePem() }, Cancel);

    private static X509Certificate2 Made()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
    }
}
