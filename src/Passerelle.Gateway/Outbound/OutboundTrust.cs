using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Outbound;

/// <summary>Whom TLS believes: the system's authorities, and the operator's file when the chain is all that is wrong.</summary>
internal sealed class OutboundTrust(IOptions<OutboundOptions> options)
{
    private readonly Lazy<X509Certificate2Collection?> _authorities = new(() => Read(options.Value.CaFile));

    public bool Accepts(X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors) => errors switch
    {
        SslPolicyErrors.None => true,
        SslPolicyErrors.RemoteCertificateChainErrors when certificate is not null && _authorities.Value is { } authorities
            => ChainsTo(authorities, certificate, sent),
        _ => false, // another name, or no certificate at all: no authority makes that right
    };

    private static bool ChainsTo(X509Certificate2Collection authorities, X509Certificate certificate, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent.ChainElements.Select(element => element.Certificate).ToArray());
        // Asking a revocation address that the other side chose would be a connection nobody judged.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var copy = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(copy);
    }

    private static X509Certificate2Collection? Read(string? file)
    {
        if (string.IsNullOrEmpty(file)) return null;
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities;
    }
}
