using System.Text.Json;
using Passerelle.Gateway.Events.Alarms;

namespace Passerelle.Gateway.Events.Webhooks;

/// <summary>CloudEvents 1.0.2, JSON format, structured mode (HTTP binding §3.2).</summary>
internal static class CloudEvent
{
    public const string MediaType = "application/cloudevents+json";

    /// <param name="id">Also the Webhook-Id: a receiver knows a repeat by it.</param>
    /// <param name="url">Of this installation: the source, and where a person goes.</param>
    public static string Of(Guid id, string url, Guid organisationId, AlarmItem item, DateTimeOffset now) => JsonSerializer.Serialize(new
    {
        specversion = "1.0",
        id = id.ToString(),
        source = $"{url}/organisations/{organisationId}",
        type = $"passerelle.alarm.{item.Event}",
        subject = item.AppId == Guid.Empty ? "test" : $"apps/{item.AppId}",
        time = now,
        datacontenttype = "application/json",
        data = new
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
            page = item.AppId == Guid.Empty ? $"{url}/settings" : $"{url}/apps/{item.AppId}",
        },
    });
}
