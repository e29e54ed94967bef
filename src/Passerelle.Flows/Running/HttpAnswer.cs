using System.Text.Json;
using System.Text.Json.Nodes;

namespace Passerelle.Flows.Running;

/// <summary>The question of a call step, and what becomes of its answer.</summary>
internal static class HttpAnswer
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    public static CallHttpEffect Ask(CallHttpStep call, Scope scope)
    {
        string url = scope.RenderLine(call.Url);
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
            throw new FlowFailedException($"“{OneLine.Of(url, 100)}” is not a complete http or https address");
        var headers = call.Headers.ToDictionary(header => header.Key, header => scope.RenderLine(header.Value), StringComparer.OrdinalIgnoreCase);
        return new CallHttpEffect(call.Id, call.Method, uri.AbsoluteUri, headers, call.Body is { } body ? scope.Render(body) : null);
    }

    /// <returns>What went wrong, for a person; null for an answer below 400.</returns>
    public static string? Save(CallHttpStep call, FlowEvent happened, Scope scope, FlowBounds bounds)
    {
        var (status, body, error) = happened switch
        {
            FlowEvent.HttpAnswered { Status: >= 400 } refused => (refused.Status, refused.Body, $"the server answered {refused.Status}"),
            FlowEvent.HttpAnswered answered => (answered.Status, answered.Body, null),
            FlowEvent.HttpFailed failed => (0, "", failed.Reason is "" ? "no answer" : failed.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (call.SaveAs is { } name)
        {
            scope.Set(name, new JsonObject { ["status"] = status, ["body"] = BodyOf(body, bounds), ["error"] = error });
        }
        return error;
    }

    /// <summary>JSON where it is JSON, else the text.</summary>
    private static JsonNode? BodyOf(string body, FlowBounds bounds)
    {
        if (body.Length > bounds.MaxAnswerCharacters) return JsonValue.Create(body[..bounds.MaxAnswerCharacters]);
        try
        {
            return JsonNode.Parse(body, documentOptions: Strict);
        }
        catch (JsonException)
        {
            return JsonValue.Create(body);
        }
    }
}
