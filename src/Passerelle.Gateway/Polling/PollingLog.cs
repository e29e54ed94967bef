namespace Passerelle.Gateway.Polling;

/// <summary>Ids and kinds; never an address, a subject or a body.</summary>
internal static partial class PollingLog
{
    [LoggerMessage(LogLevel.Warning, "App {AppId}: forwarding lost a mail; fetched from the mailbox as receipt {ReceiptId}")]
    public static partial void Fetched(this ILogger log, Guid appId, Guid receiptId);

    [LoggerMessage(LogLevel.Warning, "App {AppId}: the mailbox is not looked at any more ({Check})")]
    public static partial void PollBroken(this ILogger log, Guid appId, string check);

    [LoggerMessage(LogLevel.Warning, "App {AppId}: the mailbox cannot be read now")]
    public static partial void PollFailed(this ILogger log, Exception failure, Guid appId);

    [LoggerMessage(LogLevel.Information, "Letter {LetterId}, in doubt: {End}")]
    public static partial void Looked(this ILogger log, Guid letterId, Doubts.DoubtEnd end);

    [LoggerMessage(LogLevel.Warning, "App {AppId}: Sent Items cannot be read now")]
    public static partial void SentItemsAway(this ILogger log, Exception failure, Guid appId);

    [LoggerMessage(LogLevel.Error, "Looking for the copies of letters in doubt failed")]
    public static partial void DoubtFault(this ILogger log, Exception fault);

    [LoggerMessage(LogLevel.Error, "Looking for mailboxes that are due failed")]
    public static partial void LookFault(this ILogger log, Exception fault);
}
