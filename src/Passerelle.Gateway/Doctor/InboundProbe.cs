using System.Net.Sockets;
using DnsClient;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;
using static Passerelle.Gateway.Apps.Finding;

namespace Passerelle.Gateway.Doctor;

/// <summary>Looks at our own door as a stranger would: MX of the inbound domain, connect, <c>RCPT TO</c> the address.</summary>
internal sealed class InboundProbe(MailExchangers exchangers, IOptions<DoctorOptions> options)
{
    private const string Operator = "Operator of Passerelle and of its domain";

    /// <inheritdoc cref="MailExchangers.OfAsync"/>
    public Task<string?> ExchangerOfAsync(string domain, CancellationToken cancel) => exchangers.OfAsync(domain, cancel);

    /// <param name="hasJustArrived">
    /// A mail came in a moment ago: then a connection that fails from here says only that one cannot dial oneself. A record
    /// that leads elsewhere stays wrong.
    /// </param>
    public async Task<Finding> DeliverableAsync(string address, bool hasJustArrived, CancellationToken cancel)
    {
        var domain = address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..];
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.ProbeSeconds));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            return await exchangers.OfAsync(domain, either.Token) is { } exchanger
                ? await DialAsync(exchanger, address, hasJustArrived, either.Token)
                : Wrong(Phrase.Of("{0} has no MX record", domain), Phrase.Of("Create the MX record that the first run printed"));
        }
        catch (DnsResponseException failure)
        {
            return Unseen(Phrase.Of("The MX of {0} could not be looked up from here: {1}", domain, failure.Message));
        }
        catch (Exception failure) when (failure is IOException or TimeoutException or SocketException
            || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return Unseen(Phrase.Of("The MX of {0} did not answer from here: {1}. Many networks block port 25 on the way out", domain, failure.Message));
        }
    }

    private async Task<Finding> DialAsync(string exchanger, string address, bool hasJustArrived, CancellationToken cancel)
    {
        try
        {
            await using var talk = await exchangers.DialAsync(exchanger, options.Value.InboundPort, cancel);
            return await AskAsync(talk, exchanger, address, cancel);
        }
        catch (OutboundRefused closed) when (hasJustArrived) // names lead elsewhere inside a network, and mail has come in from outside
        {
            return Unseen(Phrase.Of("The MX record leads to {0}, which the world cannot reach: {1}", exchanger, closed.Message));
        }
        catch (OutboundRefused closed)
        {
            return Wrong(Phrase.Of("The MX record leads to {0}, which the world cannot reach: {1}", exchanger, closed.Message), PointHere);
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            return Wrong(Phrase.Of("The MX record leads to {0}, and there is no such host", exchanger), PointHere);
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.ConnectionRefused && !hasJustArrived)
        {
            return Wrong(Phrase.Of("{0} refuses connections on port {1}", exchanger, Port), Phrase.Of("Open port 25 to Passerelle's receiver and check the inbound domain"));
        }
    }

    private string Port => options.Value.InboundPort.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static Phrase PointHere => Phrase.Of("Point the MX record at this Passerelle");

    private static async Task<Finding> AskAsync(SmtpTalk talk, string exchanger, string address, CancellationToken cancel)
    {
        if (!talk.IsFine || !await talk.SayAsync("EHLO doctor.invalid", cancel) || !await talk.SayAsync("MAIL FROM:<>", cancel))
        {
            return Wrong(Phrase.Of("{0} said: {1}", exchanger, talk.Words), Phrase.Of("Open port 25 to Passerelle's receiver and check the inbound domain"));
        }
        return await talk.SayAsync($"RCPT TO:<{address}>", cancel)
            ? Fine("F6", Probed, Phrase.Of("{0} takes mail for {1}: {2}", exchanger, address, talk.Words))
            : Wrong(Phrase.Of("{0} refuses {1}: {2}", exchanger, address, talk.Words), PointHere);
    }

    private static Finding Wrong(Phrase what, Phrase how) => Faulty("F6", Probed, what, Operator, how);

    private static Finding Unseen(Phrase what) => Open("F6", NotProvableHere, what, Operator, Phrase.Of("Check from outside that port 25 of the MX answers"));
}
