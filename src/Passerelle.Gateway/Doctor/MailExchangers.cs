using System.Net;
using System.Net.Sockets;
using DnsClient;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Outbound;

namespace Passerelle.Gateway.Doctor;

/// <summary>Finds the server that takes a domain's mail, and dials it, as any sender of the world does (RFC 5321 §5.1).</summary>
internal sealed class MailExchangers(OutboundPolicy policy, IOptions<DoctorOptions> options)
{
    /// <returns>The preferred host; null when the domain has no MX record.</returns>
    /// <exception cref="DnsResponseException">The DNS does not answer.</exception>
    public async Task<string?> OfAsync(string domain, CancellationToken cancel)
    {
        var answer = await Lookup().QueryAsync(domain, QueryType.MX, cancellationToken: cancel);
        return answer.Answers.MxRecords().MinBy(record => record.Preference)?.Exchange.Value.TrimEnd('.');
    }

    /// <returns>A conversation after the greeting.</returns>
    /// <exception cref="OutboundRefused">The policy closes the address that the name leads to.</exception>
    /// <exception cref="SocketException">There is no such host, or nobody answers there.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<SmtpTalk> DialAsync(string exchanger, int port, CancellationToken cancel) =>
        await SmtpTalk.BeginAsync(await policy.ConnectAsync(exchanger, port, AddressesAsync, cancel), cancel);

    private LookupClient Lookup() => options.Value.Resolver.Length == 0 ? new() : new(IPEndPoint.Parse(options.Value.Resolver));

    private async Task<IPAddress[]> AddressesAsync(string host, CancellationToken cancel)
    {
        var lookup = Lookup();
        var old = await lookup.QueryAsync(host, QueryType.A, cancellationToken: cancel);
        var now = await lookup.QueryAsync(host, QueryType.AAAA, cancellationToken: cancel);
        return [.. old.Answers.ARecords().Select(record => record.Address), .. now.Answers.AaaaRecords().Select(record => record.Address)];
    }
}
