namespace Passerelle.Gateway.Reading;

/// <summary>Ids and kinds; never an address, a subject or a body.</summary>
internal static partial class ReadingLog
{
    [LoggerMessage(LogLevel.Debug, "Receipt {ReceiptId}: {Settled} ({Kind})")]
    public static partial void Settled(this ILogger log, Guid receiptId, string settled, string kind);

    [LoggerMessage(LogLevel.Warning, "Receipt {ReceiptId} waits {Seconds} s before it is read again")]
    public static partial void PutOff(this ILogger log, Guid receiptId, double seconds);

    [LoggerMessage(LogLevel.Warning, "Receipt {ReceiptId} waits {Seconds} s before it is scanned again: {Reason}")]
    public static partial void ScanPutOff(this ILogger log, Guid receiptId, double seconds, string reason);

    [LoggerMessage(LogLevel.Error, "Reading receipt {ReceiptId} failed, attempt {Attempt}")]
    public static partial void ReadingFault(this ILogger log, Exception fault, Guid receiptId, long attempt);

    [LoggerMessage(LogLevel.Warning, "Receipt {ReceiptId}: a newer owner works for its app, nothing settled")]
    public static partial void OwnershipLost(this ILogger log, Guid receiptId);
}
