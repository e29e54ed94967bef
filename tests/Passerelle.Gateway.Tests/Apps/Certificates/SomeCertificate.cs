using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Passerelle.Gateway.Tests.Apps.Certificates;

/// <summary>What somebody might upload.</summary>
internal static class SomeCertificate
{
    public static byte[] Pfx(string password)
    {
        using var rsa = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=contoso", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(90));
        return certificate.Export(X509ContentType.Pkcs12, password);
    }
}
