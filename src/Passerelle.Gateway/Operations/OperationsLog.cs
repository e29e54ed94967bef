namespace Passerelle.Gateway.Operations;

internal static partial class OperationsLog
{
    [LoggerMessage(LogLevel.Warning, "The backlog could not be counted: {Reason}")]
    public static partial void BacklogUnknown(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Information, "Job {JobId} ({Kind}) is {State}: {Changed} rows changed, {Kept} kept")]
    public static partial void KeepingEnded(this ILogger log, Guid jobId, string kind, string state, long changed, long kept);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} could not go on, time {Epoch} that it was taken up")]
    public static partial void KeepingFault(this ILogger log, Exception fault, Guid jobId, long epoch);

    [LoggerMessage(LogLevel.Information, "Job {JobId} was cancelled, or another process carries it on")]
    public static partial void KeepingLost(this ILogger log, Guid jobId);

    [LoggerMessage(LogLevel.Warning, "What is to be pruned or deleted could not be looked up")]
    public static partial void KeepingClockFailed(this ILogger log, Exception failure);
}
