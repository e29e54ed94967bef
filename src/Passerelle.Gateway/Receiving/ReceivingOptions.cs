using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Receiving;

/// <summary>Section <c>Receiving</c>.</summary>
internal sealed class ReceivingOptions
{
    /// <summary>Where mail is taken: <c>address:port</c> each. Loopback unless told otherwise; port 0 takes any free one.
    /// Empty: 127.0.0.1:2525.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>What we call ourselves in greeting and trace header; empty: the machine's name.</summary>
    [MaxLength(253)] public string HostName { get; init; } = "";

    /// <summary>PEM, with the chain; read again when it changes. Null: a self-made one, for opportunistic STARTTLS.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM of the certificate's private key; null: it stands in the certificate's file.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Bytes of one mail; what SIZE announces.</summary>
    [Range(64 * 1024, 150 * 1024 * 1024)] public long MaxBytes { get; init; } = 50 * 1024 * 1024;

    [Range(1, 1000)] public int MaxRecipients { get; init; } = 100;

    /// <summary>Connections at a time; the next is told 421.</summary>
    [Range(1, 100_000)] public int MaxConnections { get; init; } = 12_000;

    /// <summary>Seconds an owner of an address is remembered after the store was asked.</summary>
    [Range(0, 300)] public int AddressSeconds { get; init; } = 10;

    public string Host => HostName.Length > 0 ? HostName : Dns.GetHostName();

    public IEnumerable<IPEndPoint> Listen => Endpoints.Count > 0 ? Endpoints.Select(IPEndPoint.Parse) : [new(IPAddress.Loopback, 2525)];
}

[OptionsValidator]
internal sealed partial class ReceivingOptionsValidator : IValidateOptions<ReceivingOptions>;
