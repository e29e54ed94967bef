using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace Passerelle.Mail.Verdicts.Dkim;

/// <summary>One key record (RFC 6376 §3.6.1), parsed once.</summary>
/// <param name="Type">rsa or ed25519.</param>
/// <param name="Hashes">h=; empty allows all.</param>
/// <param name="ForMail">s= allows e-mail.</param>
/// <param name="Strict">t=s: i= must be d= itself.</param>
internal sealed record DkimKey(string Type, AsymmetricKeyParameter Key, IReadOnlyList<string> Hashes, bool ForMail, bool Strict)
{
    /// <summary>RFC 8301 §3.2: shorter ones prove nothing.</summary>
    private const int LeastBits = 1024;

    public bool IsWeak => Key is RsaKeyParameters rsa && rsa.Modulus.BitLength < LeastBits;

    /// <exception cref="FormatException">It is no key, or was withdrawn; the sentence says which.</exception>
    public static DkimKey Parse(string record)
    {
        TagList tags = TagList.Parse(record) ?? throw new FormatException("the key record cannot be read");
        if (tags["v"] is { } version && (version != "DKIM1" || tags.First != "v")) throw new FormatException("the key record is of an unknown version");
        string data = tags.Folded("p") ?? throw new FormatException("the key record holds no key");
        if (data.Length == 0) throw new FormatException("the key was withdrawn");
        string type = (tags["k"] ?? "rsa").ToLowerInvariant();
        return new DkimKey(
            type,
            KeyOf(type, data),
            (tags.Folded("h") ?? "").ToLowerInvariant().Split(':', StringSplitOptions.RemoveEmptyEntries),
            (tags.Folded("s") ?? "*").Split(':').Any(service => service is "*" or "email"),
            (tags.Folded("t") ?? "").Split(':').Contains("s"));
    }

    /// <param name="signed">Canonical header bytes.</param>
    public bool Verifies(byte[] signed, byte[] signature, string hash)
    {
        if (Key is Ed25519PublicKeyParameters ed)
        {
            byte[] digest = System.Security.Cryptography.SHA256.HashData(signed); // RFC 8463 §3: signed is the hash
            return signature.Length == Ed25519PublicKeyParameters.KeySize * 2 && ed.Verify(Org.BouncyCastle.Math.EC.Rfc8032.Ed25519.Algorithm.Ed25519, null, digest, 0, digest.Length, signature, 0);
        }
        var verifier = new RsaDigestSigner(hash == "sha1" ? new Sha1Digest() : new Sha256Digest());
        verifier.Init(forSigning: false, Key);
        verifier.BlockUpdate(signed, 0, signed.Length);
        return verifier.VerifySignature(signature);
    }

    private static AsymmetricKeyParameter KeyOf(string type, string base64)
    {
        try
        {
            byte[] data = Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='));
            return type switch
            {
                "ed25519" => new Ed25519PublicKeyParameters(data.Length == Ed25519PublicKeyParameters.KeySize ? data : throw new FormatException("the key has a wrong length")),
                "rsa" => RsaOf(data),
                _ => throw new FormatException("the key is of an unknown type"),
            };
        }
        catch (Exception failure) when (failure is not (FormatException or OutOfMemoryException))
        {
            throw new FormatException("the key cannot be read", failure);
        }
    }

    /// <summary>SubjectPublicKeyInfo as everybody publishes it, or the bare RSAPublicKey that RFC 6376 §3.6.1 names.</summary>
    private static RsaKeyParameters RsaOf(byte[] data)
    {
        var sequence = (Asn1Sequence)Asn1Object.FromByteArray(data);
        if (sequence[0] is not DerInteger) return (RsaKeyParameters)PublicKeyFactory.CreateKey(data);
        RsaPublicKeyStructure bare = RsaPublicKeyStructure.GetInstance(sequence);
        return new RsaKeyParameters(isPrivate: false, bare.Modulus, bare.PublicExponent);
    }
}
