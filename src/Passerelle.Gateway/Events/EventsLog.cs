namespace Passerelle.Gateway.Events;

/// <summary>Ids, kinds and codes; never an address, a URL or a secret.</summary>
internal static partial class EventsLog
{
    [LoggerMessage(LogLevel.Warning, "Alarm {AlarmId} of app {AppId}: {Kind} {Event}")]
    public static partial void AlarmTold(this ILogger log, Guid alarmId, Guid appId, string kind, string @event);

    [LoggerMessage(LogLevel.Error, "Alarms cannot be looked up or told; trying again")]
    public static partial void WatchFault(this ILogger log, Exception fault);

    [LoggerMessage(LogLevel.Error, "Events cannot be handed to webhooks; trying again")]
    public static partial void EventsFault(this ILogger log, Exception fault);

    [LoggerMessage(LogLevel.Warning, "Alarm notice {NoticeId} finds no app that works; it waits")]
    public static partial void NobodyCarries(this ILogger log, Guid noticeId);

    [LoggerMessage(LogLevel.Information, "Webhook {NoticeId}, attempt {Attempt}: {Words}")]
    public static partial void WebhookCalled(this ILogger log, Guid noticeId, long attempt, string words);
}
