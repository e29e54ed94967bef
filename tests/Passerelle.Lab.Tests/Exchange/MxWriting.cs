using System.Net;
using DnsClient;

namespace Passerelle.Lab.Tests.Exchange;

/// <summary>Speaks to the MX as a stranger's server.</summary>
internal static class MxWriting
{
    public const string Host = "mail.elsewhere.example";

    /// <summary>Asks the lab's DNS, as a stranger would.</summary>
    public static LookupClient Dns(LabUnderTest lab, TimeSpan? timeout = null) => new(new LookupClientOptions(
        new IPEndPoint(IPAddress.Loopback, lab.Fixture.Endpoints.DnsPort!.Value)) // a lab always has DNS
    { UseCache = false, Retries = 0, Timeout = timeout ?? TimeSpan.FromSeconds(5) });

    /// <param name="headers">Lines of the header besides From, which is the sender; separated by CRLF.</param>
    /// <returns>The reply to the final dot, or the first refusal.</returns>
    public static async Task<string> SendAsync(LabUnderTest lab, string from, string[] recipients, string headers, string body = "Hello")
    {
        await using var mx = await Dialogue.OpenAsync(lab.Fixture.Endpoints.MxPort!.Value); // a lab always has an MX
        await mx.SayAsync($"EHLO {Host}");
        if (await mx.SayAsync($"MAIL FROM:<{from}>") is var sender && !sender.StartsWith('2')) return sender;
        foreach (var recipient in recipients)
        {
            if (await mx.SayAsync($"RCPT TO:<{recipient}>") is var reply && !reply.StartsWith('2')) return reply;
        }

        await mx.SayAsync("DATA");
        var fromLine = headers.Contains("From:", StringComparison.OrdinalIgnoreCase) ? "" : $"From: <{from}>\r\n";
        return await mx.SayAsync($"{fromLine}{headers}\r\n\r\n{body}\r\n.");
    }
}
