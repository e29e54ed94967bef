using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Hosting;

/// <summary>Section <c>Http</c>: where browsers are answered. Loopback unless told otherwise.</summary>
internal sealed class HttpOptions
{
    [Required] public string Address { get; init; } = "127.0.0.1";

    /// <summary>0: any free one.</summary>
    [Range(0, 65535)] public int Port { get; init; } = 8080;

    /// <summary>PEM file with the certificate and its chain; null: plain http, for loopback or a proxy in front.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file with the private key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Addresses of proxies whose X-Forwarded-For is believed.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];
}

[OptionsValidator]
internal sealed partial class HttpOptionsValidator : IValidateOptions<HttpOptions>;
