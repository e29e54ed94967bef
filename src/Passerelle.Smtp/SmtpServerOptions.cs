using System.Net.Security;

namespace Passerelle.Smtp;

/// <summary>What one listener says about itself; shared by its connections.</summary>
public sealed record SmtpServerOptions
{
    /// <summary>The name in the greeting and in the answer to EHLO (RFC 5321 §4.1.1.1).</summary>
    public required string HostName { get; init; }

    public SmtpLimits Limits { get; init; } = new();

    public SmtpExtensions Extensions { get; init; }

    /// <summary>LMTP (RFC 2033) instead of SMTP: LHLO greets, and the end of a message is answered once for each recipient.
    /// </summary>
    public bool Lmtp { get; init; }

    /// <summary>Null: STARTTLS is not offered. Read at each STARTTLS; its certificate or selection callback may
    /// change between connections.</summary>
    public SslServerAuthenticationOptions? Tls { get; init; }
}
