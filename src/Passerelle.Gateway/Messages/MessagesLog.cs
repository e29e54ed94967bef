namespace Passerelle.Gateway.Messages;

internal static partial class MessagesLog
{
    [LoggerMessage(LogLevel.Information, "The search knows {Count} messages more, stored by an earlier release")]
    public static partial void SearchCaughtUp(this ILogger log, int count);

    [LoggerMessage(LogLevel.Warning, "The store cannot be had now: older messages become findable later")]
    public static partial void SearchCatchUpWaits(this ILogger log, Exception trouble);
}
