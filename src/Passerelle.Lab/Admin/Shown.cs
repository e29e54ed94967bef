using System.Text.Json.Nodes;

namespace Passerelle.Lab.Admin;

/// <summary>How values look in the objects that cmdlets print.</summary>
internal static class Shown
{
    public static JsonArray List(IEnumerable<string> items) => [.. items.Select(item => (JsonNode?)JsonValue.Create(item))];

    /// <summary>Empty lists of conditions and actions are null there.</summary>
    public static JsonArray? ListOrNull(IReadOnlyCollection<string> items) => items.Count == 0 ? null : List(items);
}
