namespace Passerelle.Lab.Exchange;

internal static partial class ExchangeLog
{
    [LoggerMessage(LogLevel.Warning, "Connection {ConnectionId}: the lab failed")]
    public static partial void ConnectionFaulted(this ILogger log, Exception fault, Guid connectionId);

    [LoggerMessage(LogLevel.Warning, "Relay item {ItemId} of lab {Lab} failed and is tried again")]
    public static partial void RelayFaulted(this ILogger log, Exception fault, Guid itemId, string lab);
}
