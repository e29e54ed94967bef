using System.Text.Encodings.Web;
using System.Text.Json;

namespace Passerelle.Gateway.Events.Webhooks;

/// <summary>CloudEvents 1.0.2, JSON format, structured mode (HTTP binding §3.2).</summary>
internal static class CloudEvent
{
    public const string MediaType = "application/cloudevents+json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Default };

    /// <param name="id">Also the webhook-id: a receiver knows a repeat by it.</param>
    /// <param name="url">Of this installation.</param>
    /// <param name="type">One of <see cref="Queue.Outbox.EventTypes"/>, or <c>test</c>.</param>
    /// <param name="subject">What it is about: <c>letters/…</c>, <c>messages/…</c>, <c>apps/…</c>.</param>
    public static string Of(Guid id, string url, Guid organisationId, string type, string subject, DateTimeOffset at, object data) => JsonSerializer.Serialize(
        new
        {
            specversion = "1.0",
            id = id.ToString(),
            source = $"{url}/organisations/{organisationId}",
            type = Queue.Outbox.EventTypes.Prefix + type,
            subject,
            time = at,
            datacontenttype = "application/json",
            data,
        },
        Json);
}
