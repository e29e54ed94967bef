using System.Security.Cryptography;
using System.Text;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace Passerelle.Mail.Tests.Verdicts;

/// <summary>A domain that signs its mail with MimeKit, which knows nothing of our reading; its key is in a zone.</summary>
internal sealed class Signing
{
    private readonly AsymmetricKeyParameter _key;
    private readonly string _domain;
    private readonly DkimSignatureAlgorithm _algorithm;

    public Signing(string domain, Zone zone, DkimSignatureAlgorithm algorithm = DkimSignatureAlgorithm.RsaSha256, int bits = 1024, string flags = "")
    {
        (_domain, _algorithm) = (domain, algorithm);
        if (algorithm is DkimSignatureAlgorithm.Ed25519Sha256)
        {
            var generator = new Ed25519KeyPairGenerator();
            generator.Init(new Ed25519KeyGenerationParameters(new SecureRandom()));
            AsymmetricCipherKeyPair pair = generator.GenerateKeyPair();
            _key = pair.Private;
            zone.Records[$"s1._domainkey.{domain}"] = $"v=DKIM1; k=ed25519; {flags}p={Convert.ToBase64String(((Ed25519PublicKeyParameters)pair.Public).GetEncoded())}";
            return;
        }
        using var rsa = RSA.Create(bits);
        _key = DotNetUtilities.GetRsaKeyPair(rsa).Private;
        zone.Records[$"s1._domainkey.{domain}"] = $"v=DKIM1; {flags}p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}";
    }

    public byte[] Sign(byte[] raw, DkimCanonicalizationAlgorithm header = DkimCanonicalizationAlgorithm.Relaxed, DkimCanonicalizationAlgorithm body = DkimCanonicalizationAlgorithm.Relaxed, string identity = "")
    {
        using var stream = new MemoryStream(raw);
        using MimeMessage message = MimeMessage.Load(stream);
        var signer = new DkimSigner(_key, _domain, "s1", _algorithm)
        {
            HeaderCanonicalizationAlgorithm = header,
            BodyCanonicalizationAlgorithm = body,
            AgentOrUserIdentifier = identity.Length > 0 ? identity : null,
        };
        FormatOptions wire = FormatOptions.Default.Clone();
        wire.NewLineFormat = NewLineFormat.Dos;
        signer.Sign(wire, message, [HeaderId.From, HeaderId.Subject, HeaderId.To]);
        // The rest stays byte by byte as it was: only the new field comes on top.
        Header made = message.Headers.First(one => one.Id is HeaderId.DkimSignature);
        return [.. Encoding.Latin1.GetBytes($"{made.Field}:{Encoding.Latin1.GetString(made.RawValue).ReplaceLineEndings("\r\n").TrimEnd()}\r\n"), .. raw];
    }
}
