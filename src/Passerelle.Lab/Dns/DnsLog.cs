namespace Passerelle.Lab.Dns;

internal static partial class DnsLog
{
    [LoggerMessage(LogLevel.Information, "Lab DNS answers on loopback port {Port}")]
    public static partial void DnsListening(this ILogger log, int port);
}
