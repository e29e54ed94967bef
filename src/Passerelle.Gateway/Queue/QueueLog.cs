namespace Passerelle.Gateway.Queue;

internal static partial class QueueLog
{
    [LoggerMessage(LogLevel.Error, "Due rows cannot be looked up; trying again")]
    public static partial void LookFault(this ILogger log, Exception fault);

    [LoggerMessage(LogLevel.Error, "Work on a row ended in a fault; it stays due")]
    public static partial void WorkFault(this ILogger log, Exception fault);

    [LoggerMessage(LogLevel.Warning, "Other nodes can be told nothing now; each finds its work by its own looks")]
    public static partial void NudgesAway(this ILogger log, Exception fault);

    [LoggerMessage(LogLevel.Warning, "The clock was set back by {Back}; what waits is moved with it")]
    public static partial void ClockSetBack(this ILogger log, TimeSpan back);
}
