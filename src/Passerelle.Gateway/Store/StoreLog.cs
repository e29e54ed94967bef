namespace Passerelle.Gateway.Store;

internal static partial class StoreLog
{
    [LoggerMessage(LogLevel.Error, "A transaction of {Writes} writes failed; nothing of it was kept")]
    public static partial void TransactionFailed(this ILogger log, Exception failure, int writes);

    [LoggerMessage(LogLevel.Warning, "A maintenance turn held the writer for {Milliseconds} ms")]
    public static partial void MaintenanceTookLong(this ILogger log, double milliseconds);

    [LoggerMessage(LogLevel.Information, "{Files} spooled files without a row were removed")]
    public static partial void SpoolSwept(this ILogger log, int files);

    [LoggerMessage(LogLevel.Warning, "Sweeping the spool failed; the next turn tries again")]
    public static partial void SweepFailed(this ILogger log, Exception failure);

    [LoggerMessage(LogLevel.Error, "The disk is nearly full: {Free} bytes are left, the reserve is {Reserve}. Mail is asked to come back (452) until there is room")]
    public static partial void DiskNearlyFull(this ILogger log, long free, long reserve);

    [LoggerMessage(LogLevel.Warning, "The disk has room again: {Free} bytes. Mail is taken")]
    public static partial void DiskHasRoom(this ILogger log, long free);

    [LoggerMessage(LogLevel.Error, "A checkpoint failed with SQLite error {Code}; the log grows until one succeeds")]
    public static partial void CheckpointFailed(this ILogger log, int code);
}
