using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluid.Values;

namespace Passerelle.Flows.Liquid;

/// <summary>JSON as Liquid sees it.</summary>
internal static class LiquidValues
{
    public static FluidValue Of(JsonNode? node) => FluidValue.Create(Plain(node), LiquidRules.ForValues);

    /// <summary>An object that says which of its members were asked for and are not there.</summary>
    public static FluidValue Watched(string path, JsonNode? node, Action<string> missing) => node switch
    {
        JsonObject holder => new DictionaryValue(new Members(path, holder, missing)),
        JsonArray list => new ArrayValue([.. list.Select(item => Watched($"{path}[]", item, _ => { }))]), // which of them it was, no place in the text says
        _ => Of(node),
    };

    private sealed class Members(string path, JsonObject holder, Action<string> missing) : IFluidIndexable
    {
        public int Count => holder.Count;

        public IEnumerable<string> Keys => holder.Select(one => one.Key);

        public bool TryGetValue(string name, out FluidValue value)
        {
            if (holder.TryGetPropertyValue(name, out JsonNode? node))
            {
                value = Watched($"{path}.{name}", node, missing);
                return true;
            }
            missing($"{path}.{name}");
            value = NilValue.Instance;
            return false;
        }
    }

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
