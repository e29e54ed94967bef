using System.CommandLine;
using System.Text.Json;
using Passerelle.Gateway.Receiving;

namespace Passerelle.Gateway.Commands;

/// <summary><c>passerelle dns DOMAIN HOST</c>: the records of an inbound domain, ready for a zone file. Needs no installation.</summary>
internal static class DnsCommand
{
    private static readonly string[] Modes = ["enforce", "testing", "none"];

    public static Command Make()
    {
        var domain = new Argument<string>("domain") { Description = "The inbound domain, such as in.contoso.example" };
        var host = new Argument<string>("host") { Description = "The name of this server in the DNS and in its certificate, such as mx.contoso.example" };
        var mode = new Option<string>("--mode") { Description = "What senders do when TLS fails: testing reports it, enforce does not deliver, none withdraws the policy", DefaultValueFactory = _ => "testing" };
        mode.AcceptOnlyFromAmong(Modes);
        var reports = new Option<string?>("--reports-to") { Description = "Where senders report failures of TLS: an address or https://…; postmaster@ the domain when left out" };
        var json = CommonOptions.Json();
        var command = new Command("dns", "Print the MX, MTA-STS and TLS-RPT records of an inbound domain") { domain, host, mode, reports, json };
        command.Does(async (parsed, _, _) =>
        {
            var (zone, exchanger) = (Name(parsed.GetRequiredValue(domain)), Name(parsed.GetRequiredValue(host)));
            var records = DomainRecords.Of(zone, exchanger, parsed.GetRequiredValue(mode), parsed.GetValue(reports) ?? $"postmaster@{zone}");
            await WriteAsync(records, exchanger, parsed.GetValue(json), parsed.InvocationConfiguration.Output);
            return Sentences.Right;
        });
        return command;
    }

    private static async Task WriteAsync(DomainRecords records, string host, bool json, TextWriter output)
    {
        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(new { records = records.Zone, records.PolicyUrl, records.Policy }, OperatorClient.Json));
            return;
        }
        foreach (var record in records.Zone) await output.WriteLineAsync(record.ToString());
        await output.WriteLineAsync($"; {records.PolicyUrl} holds the lines below, and Receiving:CertificateFile names {host}");
        foreach (var line in records.Policy.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)) await output.WriteLineAsync($"; {line}");
    }

    /// <exception cref="CommandFault">No name of the DNS.</exception>
    private static string Name(string text)
    {
        var name = text.TrimEnd('.').ToLowerInvariant();
        return name.Contains('.', StringComparison.Ordinal) && Smtp.Mailbox.TryParse($"postmaster@{name}", out var mailbox) && !mailbox.IsAddressLiteral && name.All(char.IsAscii)
            ? name
            : throw new CommandFault($"{text} is no domain name; write it as the DNS has it, such as in.contoso.example.");
    }
}
