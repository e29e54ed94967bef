using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Passerelle.Lab.State;

/// <summary>The public half of a certificate that an application proves itself with (facts §1.10).</summary>
internal sealed record KeyCredential
{
    public required Guid KeyId { get; init; }
    public required string DisplayName { get; init; }

    /// <summary>Base64 of the certificate's DER.</summary>
    public required string Key { get; init; }

    public required DateTimeOffset StartsAt { get; init; }
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>SHA-1 of the DER: <c>x5t</c> and <c>customKeyIdentifier</c>.</summary>
    public byte[] Thumbprint()
    {
        using X509Certificate2 certificate = Open();
        return certificate.GetCertHash();
    }

    /// <summary>SHA-256 of the DER: <c>x5t#S256</c>.</summary>
    public byte[] Sha256Thumbprint() => SHA256.HashData(Convert.FromBase64String(Key));

    public X509Certificate2 Open() => X509CertificateLoader.LoadCertificate(Convert.FromBase64String(Key));
}

/// <summary>A federated identity credential (facts §1.11): compared case-sensitively.</summary>
internal sealed record FederatedCredential
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string Issuer { get; init; }
    public required string Subject { get; init; }
    public string? Description { get; init; }
    public ImmutableArray<string> Audiences { get; init; } = ["api://AzureADTokenExchange"];
}

/// <summary>An issuer outside that applications may federate with.</summary>
/// <param name="Jwks">Its key set as JSON, so that nothing is fetched.</param>
internal sealed record OutsideIssuer(string Issuer, string Jwks);
