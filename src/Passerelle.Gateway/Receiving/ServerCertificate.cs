using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Receiving;

/// <summary>
/// What STARTTLS shows: the operator's files, read again when they change, or a self-made certificate. Exchange takes any
/// unless the domain publishes MTA-STS or DANE, and a clear line would be worse.
/// </summary>
internal sealed class ServerCertificate(
    IOptions<ReceivingOptions> options, TimeProvider time, ILogger<ServerCertificate> log) : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private X509Certificate2? _certificate;
    private SslServerAuthenticationOptions? _tls;
    private byte[] _seen = [];
    private DateTimeOffset _lookAt;

    /// <exception cref="Exception">The files cannot be read and never could: a start with them must fail.</exception>
    public SslServerAuthenticationOptions Current
    {
        get
        {
            lock (_gate)
            {
                if (_tls is null || time.GetUtcNow() >= _lookAt) LookAtFiles();
                return _tls!; // LookAtFiles has set it or thrown
            }
        }
    }

    public void Dispose() => _certificate?.Dispose();

    private void LookAtFiles()
    {
        _lookAt = time.GetUtcNow() + LookAgain;
        if (options.Value.CertificateFile is not { } file)
        {
            if (_tls is null) Use(SelfMade(options.Value.Host, time.GetUtcNow()), null);
            return;
        }
        try
        {
            var certificate = File.ReadAllText(file);
            var key = options.Value.KeyFile is { } own ? File.ReadAllText(own) : certificate;
            var seen = SHA256.HashData(Encoding.UTF8.GetBytes(certificate + key)); // what they hold: links are swapped without a new time
            if (_tls is not null && seen.AsSpan().SequenceEqual(_seen)) return;
            Use(X509Certificate2.CreateFromPem(certificate, key), ChainIn(certificate));
            _seen = seen;
            log.CertificateRead(_certificate!.NotAfter); // Use has set it
        }
        catch (Exception failure) when (_tls is not null)
        {
            log.CertificateUnreadable(failure); // half-written files: the one we have still works, look again soon
        }
    }

    private void Use(X509Certificate2 certificate, X509Certificate2Collection? chain)
    {
        // Connections in their handshake may still read the former one: it is left to the collector, not disposed.
        _certificate = certificate;
        _tls = new SslServerAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
        };
    }

    private static X509Certificate2Collection ChainIn(string pem)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(pem);
        return chain;
    }

    private static X509Certificate2 SelfMade(string host, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(2));
    }
}
