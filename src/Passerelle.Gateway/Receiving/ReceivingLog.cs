namespace Passerelle.Gateway.Receiving;

/// <summary>Ids, counts and reply codes; never an address, a subject or a body.</summary>
internal static partial class ReceivingLog
{
    [LoggerMessage(LogLevel.Information, "Taking mail at {Endpoint}")]
    public static partial void Listening(this ILogger log, string endpoint);

    [LoggerMessage(LogLevel.Debug, "Session {SessionId}: {Receipts} receipts, {Bytes} bytes, first {ReceiptId}")]
    public static partial void Accepted(this ILogger log, Guid sessionId, int receipts, long bytes, Guid receiptId);

    [LoggerMessage(LogLevel.Warning, "Session {SessionId}: the store cannot take mail, answered {Code}")]
    public static partial void NotStored(this ILogger log, Exception failure, Guid sessionId, int code);

    [LoggerMessage(LogLevel.Error, "Session {SessionId}: answered 451")]
    public static partial void SessionFault(this ILogger log, Exception fault, Guid sessionId);

    [LoggerMessage(LogLevel.Error, "A connection ended in a fault")]
    public static partial void ConnectionFault(this ILogger log, Exception fault);

    [LoggerMessage(LogLevel.Warning, "No further connection can be taken now, new ones wait: {Reason}. Raise the number of open files (LimitNOFILE=)")]
    public static partial void NoDescriptor(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "Session {SessionId}: a mail runs in a circle, refused")]
    public static partial void Circle(this ILogger log, Guid sessionId);

    [LoggerMessage(LogLevel.Information, "Taking mail by LMTP at {Endpoint}")]
    public static partial void ListeningForLmtp(this ILogger log, string endpoint);

    [LoggerMessage(LogLevel.Warning, "A connection of a proxy came without a PROXY header, or with a wrong one, and was closed")]
    public static partial void NoProxyHeader(this ILogger log);

    [LoggerMessage(LogLevel.Information, "TLS certificate read, valid until {NotAfter}")]
    public static partial void CertificateRead(this ILogger log, DateTime notAfter);

    [LoggerMessage(LogLevel.Error, "The TLS certificate cannot be read; the former one stays in use")]
    public static partial void CertificateUnreadable(this ILogger log, Exception failure);
}
