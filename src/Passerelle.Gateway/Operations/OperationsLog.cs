namespace Passerelle.Gateway.Operations;

internal static partial class OperationsLog
{
    [LoggerMessage(LogLevel.Warning, "The backlog could not be counted: {Reason}")]
    public static partial void BacklogUnknown(this ILogger log, string reason);
}
