using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Passerelle.Gateway.Api.Relayed;

/// <summary><c>$(name)</c> in the text of a send call, filled with what the call brings for all and, first, for this recipient.</summary>
internal sealed partial class Substitutions
{
    private readonly Dictionary<string, string> _values;

    private Substitutions(Dictionary<string, string> values) => _values = values;

    public static Substitutions Of(Dictionary<string, JsonElement>? forAll, Dictionary<string, JsonElement>? forOne)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in (forAll ?? []).Concat(forOne ?? [])) values[name] = value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText(); // a string is one
        return new(values);
    }

    /// <summary>The variables of a template.</summary>
    public JsonObject Variables => new(_values.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)JsonValue.Create(one.Value))));

    /// <summary>A name that the call does not bring stays as it is written.</summary>
    public string? In(string? text) => text is null ? null : Name().Replace(text, name => _values.GetValueOrDefault(name.Groups[1].Value, name.Value));

    /// <summary>What is filled in is text, never markup.</summary>
    public string? InHtml(string? html) => html is null
        ? null
        : Name().Replace(html, name => _values.TryGetValue(name.Groups[1].Value, out var value) ? WebUtility.HtmlEncode(value) : name.Value);

    [GeneratedRegex(@"\$\(([A-Za-z0-9_.-]{1,100})\)", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
