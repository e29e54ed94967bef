namespace Passerelle.Gateway.Store;

internal static partial class StoreLog
{
    [LoggerMessage(LogLevel.Error, "A transaction of {Writes} writes failed; nothing of it was kept")]
    public static partial void TransactionFailed(this ILogger log, Exception failure, int writes);

    [LoggerMessage(LogLevel.Warning, "A maintenance turn held the writer for {Milliseconds} ms")]
    public static partial void MaintenanceTookLong(this ILogger log, double milliseconds);

    [LoggerMessage(LogLevel.Error, "A checkpoint failed with SQLite error {Code}; the log grows until one succeeds")]
    public static partial void CheckpointFailed(this ILogger log, int code);
}
