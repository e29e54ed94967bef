using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Passerelle.Mail.Verdicts.Dkim;

namespace Passerelle.Mail.Tests.Verdicts;

/// <summary>Seals a mail (RFC 8617 §5.1) with the product's canonicalisation. The signature of RSA with PKCS #1 v1.5 is always
/// the same, so one wrong octet in what is signed shows against the vectors.</summary>
internal static partial class ArcSealing
{
    /// <returns>Values of the three new fields; null when the chain is dead and gets no further set.</returns>
    public static (string Results, string Signature, string Seal)? Seal(Stream raw, RSA key, string domain, string selector, string[] names, long at, string ours)
    {
        HeaderSection header = HeaderSection.Read(raw, 1024 * 1024);
        if (header.Named("ARC-Seal").Any(seal => TagList.Parse(seal.Value)?["cv"] is "fail")) return null;
        int instance = header.Named("ARC-Seal").Count() + 1;
        string seen = string.Join("; ", header.Named("Authentication-Results").Select(field => WhiteSpace().Replace(field.Value, " ").Trim())
            .Where(value => value.StartsWith(ours + ";", StringComparison.Ordinal)).Select(value => value[(ours.Length + 1)..].Trim()));
        string chain = instance == 1 ? "none" : seen.Contains("arc=fail", StringComparison.Ordinal) ? "fail" : "pass";
        string time = at.ToString(CultureInfo.InvariantCulture);

        var results = new HeaderField("ARC-Authentication-Results", $"ARC-Authentication-Results: i={instance}; {ours}; {seen}");
        (byte[] body, _) = BodyHash.Of(raw, header, HashAlgorithmName.SHA256, relaxed: true, null);
        HeaderField signature = Signed(key, "ARC-Message-Signature",
            $"bh={Convert.ToBase64String(body)}; c=relaxed/relaxed; d={domain}; h={string.Join(':', names)}; i={instance}; s={selector}; t={time}",
            open => Canonical.Signed(header.Fields, names, open, relaxed: true));
        HeaderField seal = Signed(key, "ARC-Seal", $"cv={chain}; d={domain}; i={instance}; s={selector}; t={time}", open =>
        {
            IEnumerable<HeaderField> earlier = chain is "fail" ? [] : Enumerable.Range(1, instance - 1).SelectMany(i => SetOf(header, i));
            return Encoding.Latin1.GetBytes(string.Join("\r\n", earlier.Append(results).Append(signature).Append(open).Select(field => Canonical.Field(field, relaxed: true))));
        });
        return (results.Value, signature.Value, seal.Value);
    }

    private static IEnumerable<HeaderField> SetOf(HeaderSection header, int instance) =>
        new[] { "ARC-Authentication-Results", "ARC-Message-Signature", "ARC-Seal" }.Select(name =>
            header.Named(name).Single(field => Instance().Match(field.Value).Groups[1].Value == instance.ToString(CultureInfo.InvariantCulture)));

    private static HeaderField Signed(RSA key, string name, string tags, Func<HeaderField, byte[]> what)
    {
        var open = new HeaderField(name, $"{name}: a=rsa-sha256; b=; {tags}");
        string signature = Convert.ToBase64String(key.SignData(what(open), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return open with { Raw = $"{name}: a=rsa-sha256; b={signature}; {tags}" };
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"(?:^|;)\s*i\s*=\s*(\d+)")]
    private static partial Regex Instance();
}
