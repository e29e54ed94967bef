using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluid.Values;

namespace Passerelle.Flows.Liquid;

/// <summary>JSON as Liquid sees it.</summary>
internal static class LiquidValues
{
    public static FluidValue Of(JsonNode? node) => FluidValue.Create(Plain(node), LiquidRules.ForValues);

    private static object? Plain(JsonNode? node) => node switch
    {
        JsonObject holder => holder.ToDictionary(one => one.Key, one => Plain(one.Value), StringComparer.Ordinal),
        JsonArray list => list.Select(Plain).ToList(),
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number when decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) => number,
            _ => value.ToString(),
        },
        _ => null,
    };
}
