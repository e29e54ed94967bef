using System.Net;
using System.Net.Sockets;
using DnsClient;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;

namespace Passerelle.Gateway.Doctor;

/// <summary>Looks at our own door as a stranger would: MX of the inbound domain, connect, <c>RCPT TO</c> the address.</summary>
internal sealed class InboundProbe(OutboundPolicy policy, IOptions<DoctorOptions> options)
{
    private const string Operator = "Operator of Passerelle and of its domain";

    public async Task<Finding> DeliverableAsync(string address, CancellationToken cancel)
    {
        var domain = address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..];
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.ProbeSeconds));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            return await ExchangerOfAsync(domain, either.Token) is { } exchanger
                ? await AskAsync(exchanger, address, either.Token)
                : Wrong($"{domain} has no MX record", "Create the MX record that the first run printed");
        }
        catch (DnsResponseException failure)
        {
            return Unseen($"The MX of {domain} could not be looked up from here: {failure.Message}");
        }
        catch (Exception failure) when (failure is SocketException or IOException or TimeoutException // a refusal of the policy is an IOException
            || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return Unseen($"The MX of {domain} did not answer from here: {failure.Message}. Many networks block port 25 on the way out");
        }
    }

    /// <returns>The preferred host; null when the domain has no MX record.</returns>
    /// <exception cref="DnsResponseException">The DNS does not answer.</exception>
    public async Task<string?> ExchangerOfAsync(string domain, CancellationToken cancel)
    {
        var answer = await Lookup().QueryAsync(domain, QueryType.MX, cancellationToken: cancel);
        return answer.Answers.MxRecords().MinBy(record => record.Preference)?.Exchange.Value.TrimEnd('.');
    }

    private LookupClient Lookup() => options.Value.Resolver.Length == 0 ? new() : new(IPEndPoint.Parse(options.Value.Resolver));

    private async Task<IPAddress[]> AddressesAsync(string host, CancellationToken cancel)
    {
        var lookup = Lookup();
        var old = await lookup.QueryAsync(host, QueryType.A, cancellationToken: cancel);
        var now = await lookup.QueryAsync(host, QueryType.AAAA, cancellationToken: cancel);
        return [.. old.Answers.ARecords().Select(record => record.Address), .. now.Answers.AaaaRecords().Select(record => record.Address)];
    }

    private async Task<Finding> AskAsync(string exchanger, string address, CancellationToken cancel)
    {
        using var socket = await policy.ConnectAsync(exchanger, options.Value.InboundPort, AddressesAsync, cancel);
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { NewLine = "\r\n", AutoFlush = true };
        var words = await ReplyAsync(reader, cancel);
        foreach (var command in new[] { "EHLO doctor.invalid", "MAIL FROM:<>", $"RCPT TO:<{address}>" })
        {
            if (words[0] != '2') return Wrong($"{exchanger} said: {words}", "Open port 25 to Passerelle's receiver and check the inbound domain");
            await writer.WriteLineAsync(command.AsMemory(), cancel);
            words = await ReplyAsync(reader, cancel);
        }
        await writer.WriteLineAsync("QUIT".AsMemory(), cancel);
        return words[0] == '2'
            ? new("", "F6", Finding.Right, Finding.Probed, $"{exchanger} takes mail for {address}: {words}", "", "")
            : Wrong($"{exchanger} refuses {address}: {words}", "Point the MX record at this Passerelle");
    }

    /// <returns>The last line of the reply; never empty.</returns>
    private static async Task<string> ReplyAsync(StreamReader reader, CancellationToken cancel)
    {
        for (var lines = 0; lines < 100; lines++)
        {
            var line = await reader.ReadLineAsync(cancel) ?? throw new IOException("the connection was closed");
            if (line.Length >= 3 && (line.Length == 3 || line[3] == ' ')) return line.Length > 500 ? line[..500] : line;
        }
        throw new IOException("an endless reply");
    }

    private static Finding Wrong(string detail, string fix) => new("", "F6", Finding.Wrong, Finding.Probed, detail, Operator, fix);

    private static Finding Unseen(string detail) => new(
        "", "F6", Finding.Unknown, Finding.NotProvableHere, detail, Operator, "Check from outside that port 25 of the MX answers");
}
