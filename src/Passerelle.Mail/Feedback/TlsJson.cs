using System.Globalization;
using System.Text.Json;

namespace Passerelle.Mail.Feedback;

/// <summary>The JSON of an SMTP TLS report (RFC 8460 §4.4).</summary>
internal static class TlsJson
{
    private const int MostPolicies = 1_000;

    /// <returns>Null when the text is no such report.</returns>
    public static FeedbackReport.Tls? Read(string text)
    {
        if (!text.AsSpan().TrimStart().TrimStart('\ufeff').StartsWith("{")) return null;
        try
        {
            using var document = JsonDocument.Parse(text.TrimStart('\ufeff'), new JsonDocumentOptions { MaxDepth = 32 });
            JsonElement root = document.RootElement;
            return root.TryGetProperty("policies", out JsonElement policies) && policies.ValueKind is JsonValueKind.Array && root.TryGetProperty("report-id", out _)
                ? new(Text(root, "organization-name"), Text(root, "report-id"), Time(root, "start-datetime"), Time(root, "end-datetime"),
                    [.. policies.EnumerateArray().Take(MostPolicies).Select(Policy)])
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TlsPolicy Policy(JsonElement one)
    {
        JsonElement policy = Part(one, "policy"), summary = Part(one, "summary");
        return new(Text(policy, "policy-type"), Text(policy, "policy-domain"), Number(summary, "total-successful-session-count"), Number(summary, "total-failure-session-count"));
    }

    private static JsonElement Part(JsonElement parent, string name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement part) ? part : default;

    private static string Text(JsonElement parent, string name) =>
        Part(parent, name) is { ValueKind: JsonValueKind.String } value ? AddressText.OneLine(value.GetString()!, 1000) : ""; // a string

    private static long Number(JsonElement parent, string name) =>
        Part(parent, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long number) ? number : 0;

    private static DateTimeOffset? Time(JsonElement root, string name) =>
        DateTimeOffset.TryParse(Text(Part(root, "date-range"), name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
