using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Passerelle.Gateway.Apps.Certificates;

/// <summary>What an uploaded file turned out to be.</summary>
internal abstract record CertificateFile
{
    /// <summary>A certificate with its key is a few kilobytes; a chain of them still fits.</summary>
    public const int MostBytes = 64 * 1024;

    private const int FewestBits = 2048;

    private CertificateFile() { }

    /// <param name="Key">PKCS #8.</param>
    public sealed record Pair(X509Certificate2 Certificate, byte[] Key) : CertificateFile;

    /// <param name="Code">Its words are the resource <c>problem.{Code}</c>.</param>
    public sealed record Wrong(string Code) : CertificateFile;

    /// <summary>Reads PFX (PKCS #12) or PEM with both halves, its key encrypted or not.</summary>
    /// <param name="password">Empty when the file has none.</param>
    public static CertificateFile Read(byte[] file, string password, DateTimeOffset now)
    {
        if (file.Length > MostBytes) return new Wrong("certificate-file-large");
        try
        {
            using var certificate = IsPem(file) ? FromPem(Encoding.ASCII.GetString(file), password) : FromPfx(file, password);
            using var rsa = certificate.GetRSAPrivateKey();
            return (certificate.HasPrivateKey, rsa) switch
            {
                (false, _) => new Wrong("certificate-without-key"),
                (_, null) => new Wrong("certificate-not-rsa"), // Entra: 700027, unsupported asymmetric signing algorithm
                (_, { KeySize: < FewestBits }) => new Wrong("certificate-key-short"),
                _ when certificate.NotAfter.ToUniversalTime() <= now.UtcDateTime => new Wrong("certificate-ended"),
                _ => new Pair(X509CertificateLoader.LoadCertificate(certificate.RawData), rsa.ExportPkcs8PrivateKey()),
            };
        }
        catch (CryptographicException)
        {
            return new Wrong(password.Length == 0 ? "certificate-unreadable" : "certificate-password");
        }
        catch (ArgumentException)
        {
            return new Wrong("certificate-unreadable");
        }
    }

    private static bool IsPem(byte[] file) => file.AsSpan().IndexOf("-----BEGIN "u8) >= 0;

    private static X509Certificate2 FromPem(string text, string password) => text switch
    {
        _ when !text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) => X509Certificate2.CreateFromPem(text),
        _ when text.Contains("ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal) => X509Certificate2.CreateFromEncryptedPem(text, text, password),
        _ => X509Certificate2.CreateFromPem(text, text),
    };

    private static X509Certificate2 FromPfx(byte[] file, string password) =>
        X509CertificateLoader.LoadPkcs12(file, password, X509KeyStorageFlags.EphemeralKeySet | X509KeyStorageFlags.Exportable);
}
