using MimeKit;
using MimeKit.Cryptography;

namespace Passerelle.Mail.Verdicts;

/// <summary>One ARC set: seal, message signature, results (RFC 8617 §4.1).</summary>
internal sealed record ArcSet(int Instance, string Sealer, bool SignsFrom, AuthenticationResults Seen)
{
    /// <summary>cv=fail: the sealer found the chain broken and says so.</summary>
    public bool DeclaredDead { get; private init; }

    /// <summary>Whether any header of a chain is there, complete or not.</summary>
    public static bool ClaimedBy(MimeMessage message) =>
        message.Headers.Any(header => header.Id is HeaderId.ArcSeal or HeaderId.ArcMessageSignature or HeaderId.ArcAuthenticationResults);

    /// <summary>Complete sets, i=1 first. Says nothing about their signatures.</summary>
    public static List<ArcSet> In(MimeMessage message)
    {
        var seals = ByInstance(message, HeaderId.ArcSeal);
        var signatures = ByInstance(message, HeaderId.ArcMessageSignature);
        var sets = new List<ArcSet>();
        foreach (Header header in message.Headers.Where(header => header.Id is HeaderId.ArcAuthenticationResults))
        {
            if (!AuthenticationResults.TryParse(header.RawValue, out AuthenticationResults? seen) || seen.Instance is not { } i) continue;
            if (!seals.TryGetValue(i, out var seal) || !signatures.TryGetValue(i, out var signature)) continue;
            bool signsFrom = signature.GetValueOrDefault("h", "").Split(':').Any(name => AddressText.Same(name, "from"));
            sets.Add(new ArcSet(i, seal.GetValueOrDefault("d", "").ToLowerInvariant(), signsFrom, seen) { DeclaredDead = seal.GetValueOrDefault("cv") is "fail" });
        }
        return [.. sets.OrderBy(set => set.Instance)];
    }

    /// <summary>Walks from the newest set down while the sealers are trusted: a stranger's seal in between could have put a
    /// changed mail on top of an old, honest set, and the chain would still pass. The lowest set reached saw the mail first.</summary>
    public static ArcSet? FirstTrusted(List<ArcSet> sets, HashSet<string> trusted) =>
        Enumerable.Reverse(sets).TakeWhile(set => trusted.Contains(set.Sealer) && set.SignsFrom).LastOrDefault();

    public TrustedResults Results()
    {
        return new TrustedResults(
            Instance,
            Sealer,
            Method("dmarc")?.Result?.ToLowerInvariant(),
            Method("spf")?.Result?.ToLowerInvariant(),
            Method("dkim")?.Result?.ToLowerInvariant(),
            DomainOf(Property(Method("dmarc"), "header", "from")))
        {
            MailFrom = DomainOf(Property(Method("spf"), "smtp", "mailfrom")),
            Signer = DomainOf(Property(Method("dkim"), "header", "d") ?? Property(Method("dkim"), "header", "i")),
        };
    }

    private static string? Property(AuthenticationMethodResult? result, string type, string name) =>
        result?.Properties.FirstOrDefault(property => property.PropertyType == type && property.Property == name)?.Value;

    private static string? DomainOf(string? value) => value is null ? null : AddressText.Domain(value.Contains('@') ? value : "@" + value);

    private AuthenticationMethodResult? Method(string name) =>
        Seen.Results.FirstOrDefault(result => string.Equals(result.Method, name, StringComparison.OrdinalIgnoreCase));

    private static Dictionary<int, Dictionary<string, string>> ByInstance(MimeMessage message, HeaderId id)
    {
        var sets = new Dictionary<int, Dictionary<string, string>>();
        foreach (Header header in message.Headers.Where(header => header.Id == id))
        {
            var tags = TagList(header.Value);
            if (int.TryParse(tags.GetValueOrDefault("i"), out int i)) sets[i] = tags;
        }
        return sets;
    }

    /// <summary>tag=value pairs (RFC 6376 §3.2), white space removed.</summary>
    private static Dictionary<string, string> TagList(string value)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in value.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=');
            if (equals > 0) tags[pair[..equals].Trim()] = string.Concat(pair[(equals + 1)..].Where(c => !char.IsWhiteSpace(c)));
        }
        return tags;
    }
}
