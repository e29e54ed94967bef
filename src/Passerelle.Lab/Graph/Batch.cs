using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Passerelle.Lab.Graph;

/// <summary><c>$batch</c>: up to twenty requests in one, each with its own status inside an answer 200 (facts §4.2).</summary>
internal static class Batch
{
    private const int Most = 20;

    public static async Task<GraphAnswer> RunAsync(
        GraphCall call, Func<GraphRequest, CancellationToken, Task<GraphAnswer>> answer, CancellationToken cancel)
    {
        if (call.Method != "POST") throw GraphFault.NoMethod(call.Method);
        JsonObject[] requests = [.. (await call.BodyAsync(cancel)).Objects("requests")];
        if (requests.Length is 0 or > Most) throw GraphFault.Bad($"Number of batch request steps exceeds the maximum value of {Most}, or there is none.");
        var failed = new HashSet<string>();
        var responses = new JsonArray();
        foreach (var request in requests)
        {
            var id = request.Text("id").Needed("id", "request");
            var one = request.Texts("dependsOn")?.Any(failed.Contains) == true
                ? new GraphFault(StatusCodes.Status424FailedDependency, "FailedDependency", "A request that this one depends on has failed.").ToAnswer(call.Request.Trace, call.Lab.Time.GetUtcNow())
                : await answer(Of(call, request), cancel);
            if (one.Status >= 400) failed.Add(id);
            responses.Add(Response(id, one));
        }

        return new GraphAnswer(StatusCodes.Status200OK, new JsonObject { ["responses"] = responses });
    }

    /// <summary>The token of the batch is that of each.</summary>
    private static GraphRequest Of(GraphCall call, JsonObject request)
    {
        var url = request.Text("url").Needed("url", "request").Split('?', 2);
        var headers = request.Object("headers")?.ToDictionary(h => h.Key, h => h.Value?.ToString(), StringComparer.OrdinalIgnoreCase) ?? [];
        var path = GraphRequest.Split(Uri.UnescapeDataString(url[0]));
        return call.Request with
        {
            Method = request.Text("method").Needed("method", "request").ToUpperInvariant(),
            Path = path is ["$batch", ..] ? [] : path,
            Query = QueryHelpers.ParseQuery(url.Length > 1 ? url[1] : "").ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Header = name => name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) ? call.Request.Header(name) : headers.GetValueOrDefault(name),
            Read = (_, _) => Task.FromResult(Body(request["body"])),
        };
    }

    private static byte[] Body(JsonNode? body) => body switch
    {
        null => [],
        JsonValue value when value.TryGetValue(out string? text) => Encoding.UTF8.GetBytes(text),
        _ => Encoding.UTF8.GetBytes(body.ToJsonString()),
    };

    private static JsonObject Response(string id, GraphAnswer answer)
    {
        var headers = new JsonObject { ["Cache-Control"] = "no-cache" };
        if (answer.Body is not null) headers["Content-Type"] = "application/json";
        if (answer.Bytes is not null) headers["Content-Type"] = answer.ContentType;
        if (answer.RetryAfterSeconds is { } seconds) headers["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["id"] = id,
            ["status"] = answer.Status,
            ["headers"] = headers,
            ["body"] = answer.Body ?? (answer.Bytes is { } bytes ? Convert.ToBase64String(bytes) : null),
        };
    }
}
