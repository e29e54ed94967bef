using System.Text.Json;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Routing.Calls;

/// <summary>The request of a flow's HTTP call as its row keeps it.</summary>
internal sealed record HttpRequestText(string Method, string Url, IReadOnlyDictionary<string, string> Headers, string? Body)
{
    public string Seal(Sealer sealer, Guid organisationId, Guid callId) =>
        sealer.Seal("http_call", "request", organisationId, callId, JsonSerializer.Serialize(this));

    public static HttpRequestText Open(Sealer sealer, Guid organisationId, Guid callId, string @sealed) =>
        JsonSerializer.Deserialize<HttpRequestText>(sealer.Open("http_call", "request", organisationId, callId, @sealed))
        ?? throw new JsonException($"The request of call {callId} is empty");
}
