using Passerelle.Gateway.Events.Webhooks;

namespace Passerelle.Gateway.Events.Alarms;

/// <summary>An alarm as a webhook tells it.</summary>
internal static class AlarmEvent
{
    /// <param name="url">Of this installation, where a person goes.</param>
    public static string Of(Guid id, string url, Guid organisationId, AlarmItem item, DateTimeOffset now) => CloudEvent.Of(
        id, url, organisationId, $"alarm.{item.Event}", item.AppId == Guid.Empty ? "test" : $"apps/{item.AppId}", now,
        new
        {
            kind = item.Kind,
            app = item.App,
            mailbox = item.Mailbox,
            since = item.Since,
            daysLeft = item.Kind == Alarm.Credential ? item.Level : (long?)null,
            owner = item.Finding.Owner,
            fix = item.Finding.Fix,
            detail = item.Finding.Detail,
            setupStep = item.Finding.SetupStep,
            letterId = item.Kind == Alarm.Late ? item.Subject : null,
            page = item switch
            {
                { Kind: Alarm.Late } => $"{url}/sending",
                { AppId: var app } when app == Guid.Empty => $"{url}/settings",
                _ => $"{url}/apps/{item.AppId}",
            },
        });
}
