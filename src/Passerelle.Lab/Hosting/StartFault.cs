using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Passerelle.Lab.Hosting;

/// <summary>Why a lab could not start, in one sentence for the person who started it.</summary>
internal static class StartFault
{
    /// <returns>Null for a fault that only its stack trace explains.</returns>
    public static string? Of(Exception fault, LabOptions options) => fault switch
    {
        AggregateException several => several.InnerExceptions.Select(one => Of(one, options)).FirstOrDefault(sentence => sentence is not null),
        IOException { InnerException: AddressInUseException } => Busy(fault.Message, options),
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => Busy(options.DnsPort, "--dns-port"), // only DNS binds by itself
        IOException or InvalidDataException or UnauthorizedAccessException => fault.Message,
        _ => null,
    };

    /// <summary>Kestrel names the address, not the option.</summary>
    private static string Busy(string message, LabOptions options)
    {
        (int Port, string Option)[] asked =
        [
            (options.HttpsPort, "--https-port"), (options.HttpPort, "--http-port"), (options.SmtpPort, "--smtp-port"), (options.MxPort, "--mx-port"),
            (options.ImapPort, "--imap-port"), (options.ImapStartTlsPort, "--imap-starttls-port"),
        ];
        var found = asked.FirstOrDefault(a => a.Port > 0 && message.Contains($":{a.Port}:", StringComparison.Ordinal));
        return found.Option is null ? message : Busy(found.Port, found.Option);
    }

    private static string Busy(int port, string option) => $"Port {port} is taken: choose another with {option}, or 0 for any.";
}
