using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Passerelle.Lab.Graph;

/// <summary>Reads the bodies that callers send. What is absent or null is null; what has the wrong kind is refused.</summary>
internal static class GraphJson
{
    public static string? Text(this JsonObject json, string name) => json[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => throw Wrong(name),
    };

    public static bool? Flag(this JsonObject json, string name) => json[name]?.GetValueKind() switch
    {
        null or JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(name),
    };

    public static JsonObject? Object(this JsonObject json, string name) => json[name] switch
    {
        null => null,
        JsonObject inner => inner,
        _ => throw Wrong(name),
    };

    public static JsonArray? Array(this JsonObject json, string name) => json[name] switch
    {
        null => null,
        JsonArray items => items,
        _ => throw Wrong(name),
    };

    /// <exception cref="GraphFault">400: an item is none.</exception>
    public static IEnumerable<JsonObject> Objects(this JsonObject json, string name) =>
        json.Array(name)?.Select(item => item as JsonObject ?? throw Wrong(name)) ?? [];

    public static string[]? Texts(this JsonObject json, string name) =>
        json.Array(name)?.Select(item => item is JsonValue value && value.TryGetValue(out string? text) ? text : throw Wrong(name)).ToArray();

    public static Guid? Id(this JsonObject json, string name) =>
        json.Text(name) is not { } text ? null : Guid.TryParse(text, out Guid id) ? id : throw Wrong(name);

    public static DateTimeOffset? Moment(this JsonObject json, string name) =>
        json.Text(name) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment) ? moment
        : throw Wrong(name);

    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <exception cref="GraphFault">400: it is absent.</exception>
    public static T Needed<T>(this T? value, string name, string entity)
        where T : struct => value ?? throw GraphFault.Bad($"A value is required for property '{name}' of resource '{entity}'.");

    public static string Needed(this string? value, string name, string entity) =>
        string.IsNullOrEmpty(value) ? throw GraphFault.Bad($"A value is required for property '{name}' of resource '{entity}'.") : value;

    public static JsonArray List(IEnumerable<JsonNode?> items) => new([.. items]);

    public static JsonArray List(IEnumerable<string> items) => new([.. items.Select(item => (JsonNode)item)]);

    private static GraphFault Wrong(string name) => GraphFault.Bad($"Invalid value specified for property '{name}' of resource.");
}
