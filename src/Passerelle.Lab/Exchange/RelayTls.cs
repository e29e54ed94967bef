using System.Security.Cryptography.X509Certificates;

namespace Passerelle.Lab.Exchange;

/// <summary>How much the lab wants of a receiver's TLS.</summary>
internal enum RelayTlsPolicy
{
    /// <summary>STARTTLS when offered, with whatever certificate.</summary>
    Opportunistic,

    /// <summary>As if the domain published MTA-STS or DANE: a failure is temporary, and after a day the writer is told
    /// (5.7.321 to 5.7.325, facts/microsoft365.md §5.5).</summary>
    Required,
}

/// <summary>The words about TLS that a receiver does not give.</summary>
internal static class RelayTls
{
    public const string NoStartTls = "451 4.7.321 starttls-not-supported: Destination mail server must support TLS to receive mail.";
    public const string ExpiredCertificate = "451 4.7.322 certificate-expired: Destination mail server's certificate is expired.";
    public const string OtherName = "451 4.7.325 certificate-host-mismatch: Destination mail server's certificate does not match the domain.";

    /// <summary>What is wrong with a certificate, or null. Who signed it does not matter in a lab.</summary>
    public static string? FaultOf(X509Certificate2 certificate, string host, DateTimeOffset now) =>
        certificate.NotAfter.ToUniversalTime() < now.UtcDateTime ? ExpiredCertificate
        : !certificate.MatchesHostname(host) ? OtherName
        : null;

    /// <summary>The refusal that such a temporary answer becomes when the mail expires, or null.</summary>
    public static string? FinalOf(string reason) =>
        reason is NoStartTls or ExpiredCertificate or OtherName ? "550 5" + reason["451 4".Length..] : null;
}
