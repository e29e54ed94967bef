using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Receiving;

/// <summary>Section <c>Receiving</c>.</summary>
internal sealed class ReceivingOptions
{
    /// <summary>Where mail is taken: <c>address:port</c> each. Loopback unless told otherwise; port 0 takes any free one.
    /// Empty: 127.0.0.1:2525.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>Where mail is taken by LMTP (RFC 2033), <c>address:port</c> each, for a Postfix or Exim in front; never port 25. Empty: nowhere.</summary>
    public IReadOnlyList<string> LmtpEndpoints { get; init; } = [];

    /// <summary>Proxies that say whom they carry (PROXY protocol, version 1 or 2): addresses or networks such as <c>10.0.0.0/8</c>. A connection
    /// from one of them must begin with it; from anybody else it is not believed. Empty: nobody.</summary>
    public IReadOnlyList<string> ProxyFrom { get; init; } = [];

    /// <summary>Domains whose mail is taken through STARTTLS only (<c>530 5.7.0</c> otherwise); <c>*</c>: all mail. A sender without TLS cannot deliver then.</summary>
    public IReadOnlyList<string> TlsRequiredFor { get; init; } = [];

    /// <summary>What we call ourselves in greeting, trace header and Authentication-Results; empty: the machine's name.</summary>
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

    /// <summary>Connections of one client at a time; the next is told 421. A client is an IPv4 address or an IPv6 network of 64 bits. 0: no bound.</summary>
    [Range(0, 100_000)] public int MaxConnectionsPerClient { get; init; } = 100;

    /// <summary>New connections of one client in a minute; the next is told 421. 0: no bound.</summary>
    [Range(0, 10_000_000)] public int ConnectionsPerMinutePerClient { get; init; } = 1200;

    /// <summary>Mails of one client in a minute; the next is told 450. 0: no bound.</summary>
    [Range(0, 10_000_000)] public int MailsPerMinutePerClient { get; init; } = 6000;

    /// <summary>Mails for one app in a minute; the next is told 450. 0: no bound.</summary>
    [Range(0, 10_000_000)] public int MailsPerMinutePerAddress { get; init; } = 3000;

    /// <summary>Mails of all clients in a minute; the next is told 451. 0: no bound but the disk's speed.</summary>
    [Range(0, 10_000_000)] public int MailsPerMinute { get; init; }

    /// <summary>Refusals that one client hears in a minute at full speed; each further one is said <c>TarpitSeconds</c> later. 0: never.</summary>
    [Range(0, 10_000_000)] public int RefusalsPerMinutePerClient { get; init; } = 30;

    /// <summary>Seconds that a client who is refused again and again waits for each refusal.</summary>
    [Range(0, 60)] public int TarpitSeconds { get; init; } = 5;

    /// <summary>Own relays and load balancers that the bounds of one client do not apply to: addresses or networks such as <c>10.0.0.0/8</c>.
    /// Empty: loopback.</summary>
    public IReadOnlyList<string> UnlimitedFrom { get; init; } = [];

    /// <summary>Seconds for the next command while more than three quarters of the connections are taken; five minutes otherwise (RFC 5321 §4.5.3.2.7).</summary>
    [Range(1, 300)] public int CrowdedCommandSeconds { get; init; } = 20;

    /// <summary>Seconds an owner of an address is remembered after the store was asked.</summary>
    [Range(0, 300)] public int AddressSeconds { get; init; } = 10;

    /// <summary>A name in its own script as its A-labels: greeting and trace are ASCII (RFC 6531 §3.7.1).</summary>
    /// <exception cref="FormatException">It has none.</exception>
    public string Host => HostName.Length == 0 ? Dns.GetHostName() : Ascii.IsValid(HostName) ? HostName : InAscii(HostName);

    public bool TlsRequiredForAll => TlsRequiredFor.Contains("*");

    public bool TlsIsRequiredFor(string domain) => TlsRequiredFor.Any(one => one.Equals(domain, StringComparison.OrdinalIgnoreCase));

    public IEnumerable<IPEndPoint> ListenForLmtp => LmtpEndpoints.Select(LmtpEndpoint);

    public IEnumerable<IPNetwork> ProxyNetworks => ProxyFrom.Select(NetworkOf);

    public IEnumerable<IPNetwork> UnlimitedNetworks => (UnlimitedFrom.Count > 0 ? UnlimitedFrom : ["127.0.0.0/8", "::1/128"]).Select(NetworkOf);

    public IEnumerable<IPEndPoint> Listen => Endpoints.Count > 0 ? Endpoints.Select(IPEndPoint.Parse) : [new(IPAddress.Loopback, 2525)];

    private static string InAscii(string name)
    {
        try
        {
            return new IdnMapping().GetAscii(name);
        }
        catch (ArgumentException)
        {
            throw new FormatException($"Receiving:HostName: {name} is no name of a host");
        }
    }

    /// <summary>"LMTP MUST NOT be used on TCP port 25" (RFC 2033 §5).</summary>
    private static IPEndPoint LmtpEndpoint(string text) => IPEndPoint.Parse(text) is { Port: not 25 } endpoint ? endpoint
        : throw new FormatException("Receiving:LmtpEndpoints: port 25 is SMTP's, choose another for LMTP (24 is usual)");

    /// <exception cref="FormatException">Neither address nor network.</exception>
    private static IPNetwork NetworkOf(string text) => IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new FormatException($"Receiving:ProxyFrom or Receiving:UnlimitedFrom: {text} is no address and no network");
}

[OptionsValidator]
internal sealed partial class ReceivingOptionsValidator : IValidateOptions<ReceivingOptions>;
