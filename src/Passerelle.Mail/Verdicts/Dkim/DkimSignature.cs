using System.Globalization;
using System.Security.Cryptography;

namespace Passerelle.Mail.Verdicts.Dkim;

/// <summary>One DKIM-Signature field, read and found to be well-formed (RFC 6376 §3.5).</summary>
internal sealed record DkimSignature
{
    public required HeaderField Field { get; init; }

    /// <summary>rsa or ed25519.</summary>
    public required string KeyType { get; init; }
    public required HashAlgorithmName Hash { get; init; }
    public required string Domain { get; init; }
    public required string Selector { get; init; }

    /// <summary>Domain part of i=, or d=.</summary>
    public required string Identity { get; init; }
    public required IReadOnlyList<string> Headers { get; init; }
    public required bool RelaxedHeader { get; init; }
    public required bool RelaxedBody { get; init; }
    public required byte[] BodyHash { get; init; }
    public required byte[] Signature { get; init; }

    /// <summary>l=: octets of the body that are signed; null for all.</summary>
    public long? BodyLength { get; init; }

    /// <summary>x=; null when it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public string Algorithm => $"{KeyType}-{Hash.Name!.ToLowerInvariant()}"; // both algorithms that we make have names

    /// <returns>Null with a sentence when it breaks a MUST of §3.5 or §6.1.1.</returns>
    public static DkimSignature? Read(HeaderField field, out string fault)
    {
        fault = "";
        if (TagList.Parse(field.Value) is not { } tags) return Broken("its tags cannot be read", out fault);
        if (tags["v"] is not "1") return Broken("its version is not 1", out fault);
        if (Algorithms(tags["a"]) is not var (key, hash)) return Broken("its algorithm is unknown", out fault);
        if (tags.Folded("d") is not { Length: > 0 } domain || tags.Folded("s") is not { Length: > 0 } selector) return Broken("it names no key", out fault);
        if (Bytes(tags.Folded("b")) is not { } signature || Bytes(tags.Folded("bh")) is not { } bodyHash) return Broken("b= or bh= is missing or no base64", out fault);
        if (tags.Folded("h") is not { Length: > 0 } names) return Broken("it names no fields", out fault);
        if (Canonicalisation(tags.Folded("c")) is not var (relaxedHeader, relaxedBody)) return Broken("its canonicalisation is unknown", out fault);
        if (!(tags.Folded("q") ?? "dns/txt").Split(':').Contains("dns/txt")) return Broken("its key is not in the DNS", out fault);
        if (!IsNumber(tags["l"], out long? length) || !IsNumber(tags["t"], out long? made) || !IsNumber(tags["x"], out long? ends)) return Broken("l=, t= or x= is no number", out fault);
        if (ends <= made) return Broken("it ends before it begins", out fault);
        string identity = tags.Folded("i") is { } i ? i[(i.LastIndexOf('@') + 1)..] : domain;
        if (!DomainNames.IsSameOrBelow(identity, domain)) return Broken("i= is not below d=", out fault);
        return new DkimSignature
        {
            Field = field,
            KeyType = key,
            Hash = hash,
            Domain = DomainNames.Fold(domain),
            Selector = selector,
            Identity = DomainNames.Fold(identity),
            Headers = names.Split(':'),
            RelaxedHeader = relaxedHeader,
            RelaxedBody = relaxedBody,
            BodyHash = bodyHash,
            Signature = signature,
            BodyLength = length,
            ExpiresAt = ends is { } seconds && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
        };
    }

    private static DkimSignature? Broken(string why, out string fault)
    {
        fault = why;
        return null;
    }

    private static (string Key, HashAlgorithmName Hash)? Algorithms(string? name) => name?.ToLowerInvariant() switch
    {
        "rsa-sha256" => ("rsa", HashAlgorithmName.SHA256),
        "rsa-sha1" => ("rsa", HashAlgorithmName.SHA1),
        "ed25519-sha256" => ("ed25519", HashAlgorithmName.SHA256),
        _ => null,
    };

    private static (bool Header, bool Body)? Canonicalisation(string? name) => (name ?? "simple").ToLowerInvariant() switch
    {
        "simple" or "simple/simple" => (false, false),
        "relaxed" or "relaxed/simple" => (true, false),
        "simple/relaxed" => (false, true),
        "relaxed/relaxed" => (true, true),
        _ => null,
    };

    private static byte[]? Bytes(string? base64)
    {
        if (base64 is not { Length: > 0 }) return null;
        byte[] bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='), bytes, out int length) ? bytes[..length] : null;
    }

    private static bool IsNumber(string? text, out long? number)
    {
        number = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
        return text is null || number is not null;
    }
}
