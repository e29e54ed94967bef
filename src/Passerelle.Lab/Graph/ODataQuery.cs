using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Passerelle.Lab.Graph;

/// <summary><c>$filter</c> (eq, ne, startswith, joined by and), <c>$orderby</c> on one property, <c>$count</c>, <c>$top</c>,
/// <c>$skip</c>, <c>$select</c> and <c>@odata.nextLink</c> over entities that are at hand.</summary>
internal sealed partial class ODataQuery(GraphRequest request)
{
    /// <param name="context">Behind <c>$metadata#</c>.</param>
    /// <param name="size">Of a page when the caller names none.</param>
    /// <param name="keepsId">Whether the id comes along when it was not selected, as with mail.</param>
    /// <param name="usual">What comes when nothing was selected; null is everything.</param>
    public GraphAnswer Page(string context, IEnumerable<JsonObject> entities, int size, bool keepsId = false, string[]? usual = null)
    {
        JsonObject[] all = [.. Fitting(entities)];
        var top = Top ?? size;
        var skip = Math.Max(0, Number("$skip") ?? Number("$skiptoken") ?? 0);
        var body = new JsonObject { ["@odata.context"] = GraphAnswer.Context(Selected.Length == 0 ? context : $"{context}({string.Join(',', Selected)})") };
        if (request.Query.GetValueOrDefault("$count") == "true") body["@odata.count"] = all.Length;
        if (skip + top < all.Length) body["@odata.nextLink"] = Next(skip + top);
        body["value"] = GraphJson.List(all.Skip(skip).Take(top).Select(entity => Select(entity, keepsId, usual)));
        return new GraphAnswer(StatusCodes.Status200OK, body);
    }

    /// <summary>At most so many on a page; null when the caller did not say.</summary>
    public int? Top => Number("$top") is { } wanted ? Math.Clamp(wanted, 1, 1000) : null;

    /// <summary>Those that <c>$filter</c> wants, as <c>$orderby</c> says.</summary>
    public IEnumerable<JsonObject> Fitting(IEnumerable<JsonObject> entities) => Order(Filter(entities));

    /// <param name="context">Of one entity of the set, such as <c>users</c>.</param>
    public GraphAnswer One(string context, JsonObject entity, bool keepsId = false, string[]? usual = null) => GraphAnswer.One(
        Selected.Length == 0 ? $"{context}/$entity" : $"{context}({string.Join(',', Selected)})/$entity", Select(entity, keepsId, usual));

    private string[] Selected => request.Query.GetValueOrDefault("$select") is { } names
        ? names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : [];

    private IEnumerable<JsonObject> Filter(IEnumerable<JsonObject> entities)
    {
        if (request.Query.GetValueOrDefault("$filter") is not { } filter) return entities;
        var terms = And().Split(filter).Select(Term).ToArray();
        return entities.Where(entity => terms.All(term => term(entity)));
    }

    private static Func<JsonObject, bool> Term(string text)
    {
        if (Comparison().Match(text) is { Success: true } comparison)
        {
            var (path, equal, wanted) = (comparison.Groups[1].Value, comparison.Groups[2].Value == "eq", Literal(comparison.Groups[3].Value));
            return entity => Is(At(entity, path), wanted) == equal;
        }

        if (Start().Match(text) is not { Success: true } start) throw GraphFault.Bad($"Invalid filter clause: '{text}'.");
        var begin = Literal(start.Groups[2].Value) ?? "";
        return entity => At(entity, start.Groups[1].Value)?.ToString().StartsWith(begin, StringComparison.OrdinalIgnoreCase) == true;
    }

    private static bool Is(JsonNode? node, string? wanted) =>
        node is null ? wanted is null : string.Equals(Plain(node), wanted, StringComparison.OrdinalIgnoreCase);

    /// <summary>A quote inside a literal is doubled; a bare literal is a number, a boolean, null, a guid or a time.</summary>
    private static string? Literal(string text) =>
        text.StartsWith('\'') ? text[1..^1].Replace("''", "'", StringComparison.Ordinal) : text == "null" ? null : text;

    private static string Plain(JsonNode node) => node.GetValueKind() is JsonValueKind.True ? "true" : node.GetValueKind() is JsonValueKind.False ? "false" : node.ToString();

    /// <returns>Null when the property, or one on the way to it, is null.</returns>
    private static JsonNode? At(JsonObject entity, string path)
    {
        JsonNode? node = entity;
        foreach (var name in path.Split('/'))
        {
            if (node is null) return null;
            if (node is not JsonObject inner || !inner.TryGetPropertyValue(name, out node))
                throw GraphFault.Bad($"Could not find a property named '{name}'.");
        }

        return node;
    }

    private IEnumerable<JsonObject> Order(IEnumerable<JsonObject> entities)
    {
        if (request.Query.GetValueOrDefault("$orderby")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var path, .. var way]) return entities;
        return way is ["desc"]
            ? entities.OrderByDescending(entity => At(entity, path)?.ToString(), StringComparer.Ordinal)
            : entities.OrderBy(entity => At(entity, path)?.ToString(), StringComparer.Ordinal);
    }

    /// <summary>The properties that <c>$select</c> names.</summary>
    public JsonObject Select(JsonObject entity, bool keepsId, string[]? usual)
    {
        var selected = Selected is { Length: > 0 } named ? named : usual;
        if (selected is null) return entity;
        return new JsonObject(entity.Where(member => member.Key.StartsWith('@') || (keepsId && member.Key == "id") || selected.Contains(member.Key))
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
    }

    private int? Number(string name) => request.Query.GetValueOrDefault(name) is not { } text ? null
        : int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
        : throw GraphFault.Bad($"Invalid value '{text}' for {name} query option found.");

    private string Next(int skip)
    {
        var query = request.Query.Where(q => q.Key is not ("$skip" or "$skiptoken")).Append(KeyValuePair.Create("$skip", skip.ToString(CultureInfo.InvariantCulture)));
        return $"{request.Base}/{string.Join('/', request.Path.Select(Uri.EscapeDataString))}?"
            + string.Join('&', query.Select(q => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(q.Value)}"));
    }

    [GeneratedRegex(@"\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)")]
    private static partial Regex And();

    [GeneratedRegex(@"^\s*([\w/]+)\s+(eq|ne)\s+('(?:[^']|'')*'|[^\s']+)\s*$")]
    private static partial Regex Comparison();

    [GeneratedRegex(@"^\s*startswith\(\s*([\w/]+)\s*,\s*('(?:[^']|'')*')\s*\)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Start();
}
