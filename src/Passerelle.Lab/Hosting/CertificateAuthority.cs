using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Hosting;

/// <summary>The host's own CA and its server certificate (HTTPS and STARTTLS). The CA is handed to our own processes by
/// file; nothing is installed in any trust store.</summary>
internal sealed class CertificateAuthority
{
    private static readonly string[] SystemBundles = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];

    public CertificateAuthority(DataFolder folder)
    {
        var authorityPath = Path.Combine(folder.Keys, "ca.pfx");
        var serverPath = Path.Combine(folder.Keys, "server.pfx");
        RootPath = folder.File("ca.pem");
        BundlePath = folder.File("ca-bundle.pem");

        DateTimeOffset now = TimeProvider.System.GetUtcNow(); // whoever checks a certificate does it on the real clock
        if (!File.Exists(authorityPath)) folder.Replace(authorityPath, MakeRoot(now));
        Root = Load(authorityPath);
        if (!File.Exists(serverPath)) folder.Replace(serverPath, MakeServer(Root, now));
        Server = Load(serverPath);

        folder.Replace(RootPath, Encoding.ASCII.GetBytes(Root.ExportCertificatePem()));
        folder.Replace(BundlePath, Bundle());
    }

    public X509Certificate2 Root { get; }

    /// <summary>For localhost, 127.0.0.1 and ::1, issued by <see cref="Root"/>.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>The root alone, PEM.</summary>
    public string RootPath { get; }

    /// <summary>The system's roots and ours in one PEM file, as SSL_CERT_FILE wants it.</summary>
    public string BundlePath { get; }

    private static byte[] MakeRoot(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Passerelle lab CA (this machine only)", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        return made.Export(X509ContentType.Pfx);
    }

    private static byte[] MakeServer(X509Certificate2 root, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        foreach (var host in Exchange.SubmissionHost.All) names.AddDnsName(host);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, true, false));
        using X509Certificate2 issued = request.Create(root, now.AddDays(-1), now.AddYears(9), RandomNumberGenerator.GetBytes(16));
        using X509Certificate2 made = issued.CopyWithPrivateKey(key);
        return made.Export(X509ContentType.Pfx);
    }

    private static X509Certificate2 Load(string path) => X509CertificateLoader.LoadPkcs12FromFile(path, null);

    private byte[] Bundle()
    {
        var system = SystemBundles.FirstOrDefault(File.Exists) is { } path ? File.ReadAllText(path) : "";
        return Encoding.UTF8.GetBytes(system + "\n" + Root.ExportCertificatePem() + "\n");
    }
}
