using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.Tokens;

namespace Passerelle.Lab.State;

/// <summary>The host's pool of RSA keys, made once and shared by all directories, so that a new lab costs no key.</summary>
internal sealed class SigningKeys
{
    private const int PoolSize = 2;

    public SigningKeys(DataFolder folder, TimeProvider time) =>
        All = [.. Enumerable.Range(0, PoolSize).Select(i => Open(folder, Path.Combine(folder.Keys, $"signing-{i}.pfx"), time))];

    public ImmutableArray<SigningKey> All { get; }

    public SigningKey Of(LabDirectory directory) => All[directory.SigningKey % All.Length];

    private static SigningKey Open(DataFolder folder, string path, TimeProvider time)
    {
        if (!File.Exists(path))
        {
            using var rsa = RSA.Create(2048);
            var request = new CertificateRequest(
                "CN=accounts.accesscontrol.windows.net", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            DateTimeOffset now = time.GetUtcNow();
            using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(20));
            folder.Replace(path, made.Export(X509ContentType.Pfx));
        }

        return new SigningKey(X509CertificateLoader.LoadPkcs12FromFile(path, null, X509KeyStorageFlags.EphemeralKeySet));
    }
}

/// <summary>One key with its certificate; <c>kid</c> and <c>x5t</c> are the certificate's thumbprint, as Entra does it.</summary>
internal sealed class SigningKey
{
    public SigningKey(X509Certificate2 certificate)
    {
        Certificate = certificate;
        Id = Base64UrlEncoder.Encode(certificate.GetCertHash());
        Key = new X509SecurityKey(certificate, Id);
        Credentials = new SigningCredentials(Key, SecurityAlgorithms.RsaSha256);
    }

    public string Id { get; }
    public X509Certificate2 Certificate { get; }
    public SecurityKey Key { get; }
    public SigningCredentials Credentials { get; }
}
