using System.Security.Cryptography;
using System.Text;

namespace Passerelle.Gateway.Receiving;

/// <summary>One line of a zone.</summary>
/// <param name="Name">With its final dot.</param>
/// <param name="Type">MX or TXT.</param>
/// <param name="Value">As a zone file writes it.</param>
internal sealed record DomainRecord(string Name, string Type, string Value)
{
    public override string ToString() => $"{Name} IN {Type} {Value}";
}

/// <summary>What the operator of an inbound domain publishes: where its mail goes (RFC 5321 §5.1), that it goes through TLS with a certificate that can be
/// checked (MTA-STS, RFC 8461), and where senders report when that fails (TLS-RPT, RFC 8460).</summary>
/// <param name="Zone">In the order in which to make them.</param>
/// <param name="PolicyUrl">Where <paramref name="Policy"/> must be found, over HTTPS with a certificate of that name.</param>
/// <param name="Policy">The file, its lines ending in CR LF.</param>
internal sealed record DomainRecords(IReadOnlyList<DomainRecord> Zone, string PolicyUrl, string Policy)
{
    /// <summary>A week, in seconds: RFC 8461 §3.2 asks for "weeks or greater" once it is proven, and a mistake is remembered as long.</summary>
    private const int MaxAge = 604_800;

    /// <param name="domain">The inbound domain, as the DNS has it.</param>
    /// <param name="host">What the MX record names, and the certificate must.</param>
    /// <param name="mode">enforce, testing or none.</param>
    /// <param name="reportsTo">An address, or <c>https://…</c>.</param>
    public static DomainRecords Of(string domain, string host, string mode, string reportsTo)
    {
        var policy = $"version: STSv1\r\nmode: {mode}\r\nmx: {host}\r\nmax_age: {MaxAge}\r\n";
        var destination = reportsTo.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? reportsTo : $"mailto:{reportsTo}";
        return new DomainRecords(
            [
                new($"{domain}.", "MX", $"10 {host}."),
                new($"_mta-sts.{domain}.", "TXT", $"\"v=STSv1; id={IdOf(policy)}\""),
                new($"_smtp._tls.{domain}.", "TXT", $"\"v=TLSRPTv1; rua={destination}\""),
            ],
            $"https://mta-sts.{domain}/.well-known/mta-sts.txt",
            policy);
    }

    /// <summary>"1*32(ALPHA / DIGIT)", another one for another policy: that is how senders learn of the change.</summary>
    private static string IdOf(string policy) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(policy)))[..20];
}
