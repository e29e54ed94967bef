using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;

namespace Passerelle.Lab.Exchange;

/// <summary>The one RSA key with which a lab host signs mail: DKIM of every domain and the ARC sets. Kept in a file, so that
/// mail signed before a restart still verifies.</summary>
internal sealed class MailKey
{
    public const string ArcDomain = "microsoft.com";
    public const string ArcSelector = "arcselector10001";
    public const string DkimSelector = "selector1";
    private const int Bits = 2048;

    /// <param name="path">PEM file; made (0600) when absent.</param>
    public MailKey(string path)
    {
        using var rsa = RSA.Create(Bits);
        if (File.Exists(path)) rsa.ImportFromPem(File.ReadAllText(path));
        else Keep(rsa, path);
        Private = PrivateKeyFactory.CreateKey(rsa.ExportPkcs8PrivateKey());
        Public = PublicKeyFactory.CreateKey(rsa.ExportSubjectPublicKeyInfo());
        PublicRecord = $"v=DKIM1; k=rsa; p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}";
        SrsKey = SHA256.HashData(rsa.ExportPkcs8PrivateKey());
    }

    public AsymmetricKeyParameter Private { get; }

    public AsymmetricKeyParameter Public { get; }

    /// <summary>The TXT record of every selector (RFC 6376 §3.6.1); longer than 255 bytes.</summary>
    public string PublicRecord { get; }

    public byte[] SrsKey { get; }

    private static void Keep(RSA rsa, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!); // a full path of a file has a folder
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write(rsa.ExportPkcs8PrivateKeyPem());
    }
}
