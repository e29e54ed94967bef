using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Outbound;

/// <summary>Section <c>Outbound</c>: what connections to hosts that people name may do.</summary>
internal sealed class OutboundOptions
{
    /// <summary>Exact <c>host:port</c>, as people type the host, that may lead to private addresses. No wildcards.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>PEM file of certificate authorities trusted besides the system's, for HTTPS and SMTP; null: none.</summary>
    public string? CaFile { get; init; }

    /// <summary>Seconds to connect, and to finish TLS.</summary>
    [Range(1, 300)] public int ConnectSeconds { get; init; } = 15;

    /// <summary>Seconds for a whole HTTP request, body included.</summary>
    [Range(1, 300)] public int RequestSeconds { get; init; } = 30;

    /// <summary>A longer HTTP answer is an error.</summary>
    [Range(1024, 64 * 1024 * 1024)] public int MaxResponseBytes { get; init; } = 1024 * 1024;
}

[OptionsValidator]
internal sealed partial class OutboundOptionsValidator : IValidateOptions<OutboundOptions>;
