using System.Security.Cryptography;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;

namespace Passerelle.Mail.Tests.Verdicts;

/// <summary>A server that seals mail (RFC 8617), with its key in a zone.</summary>
internal sealed class Sealer : IDisposable
{
    private readonly RSA _key = RSA.Create(1024);
    private readonly string _domain;

    public Sealer(string domain, Zone zone)
    {
        _domain = domain;
        zone.Records[$"arc._domainkey.{domain}"] = $"v=DKIM1; k=rsa; p={Convert.ToBase64String(_key.ExportSubjectPublicKeyInfo())}";
    }

    /// <param name="seen">The text behind "i=1; ": "mx.microsoft.com 1; dmarc=pass …".</param>
    public byte[] Seal(byte[] raw, string seen)
    {
        using var stream = new MemoryStream(raw);
        using MimeMessage message = MimeMessage.Load(stream);
        AsymmetricCipherKeyPair pair = DotNetUtilities.GetRsaKeyPair(_key);
        new Signer(pair.Private, _domain, seen).Sign(message, [HeaderId.From, HeaderId.Subject, HeaderId.Date, HeaderId.MessageId]);
        using var bytes = new MemoryStream();
        message.WriteTo(bytes);
        return bytes.ToArray();
    }

    public void Dispose() => _key.Dispose();

    private sealed class Signer(AsymmetricKeyParameter key, string domain, string seen) : ArcSigner(key, domain, "arc")
    {
        protected override AuthenticationResults GenerateArcAuthenticationResults(FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
            AuthenticationResults.Parse(System.Text.Encoding.UTF8.GetBytes(seen));

        protected override Task<AuthenticationResults> GenerateArcAuthenticationResultsAsync(FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
            Task.FromResult(GenerateArcAuthenticationResults(options, message, cancellationToken));
    }
}
