using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Passerelle.Lab.Admin;

/// <summary>The parameters of one call, by name without case. A value comes as JSON, or as the text that PowerShell makes of
/// it (<c>"True"</c>); null and the empty string clear.</summary>
internal sealed class CmdletParameters(IReadOnlyDictionary<string, JsonElement> given)
{
    /// <summary>Known to every cmdlet.</summary>
    private static readonly string[] Common =
        ["Confirm", "WhatIf", "Force", "ErrorAction", "WarningAction", "Verbose", "ResultSize", "Organization", "AuthenticationResult"];

    private readonly Dictionary<string, JsonElement> _given = new(given, StringComparer.OrdinalIgnoreCase);

    /// <exception cref="CmdletFault">One is given that the cmdlet does not know.</exception>
    public void MustBeAmong(string[] known)
    {
        if (_given.Keys.FirstOrDefault(name => !known.Concat(Common).Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw CmdletFault.Parameter($"A parameter cannot be found that matches parameter name '{unknown}'.");
    }

    public bool Has(string name) => _given.ContainsKey(name);

    /// <returns>Null when absent, null or empty.</returns>
    public string? Text(string name) => _given.TryGetValue(name, out var value) ? Text(value) : null;

    /// <exception cref="CmdletFault">It is absent or empty.</exception>
    public string Required(string name) => Text(name)
        ?? throw CmdletFault.Parameter($"Cannot process command because of one or more missing mandatory parameters: {name}.");

    public bool? Flag(string name) => Text(name)?.TrimStart('$') is not { } text ? null
        : bool.TryParse(text, out var flag) ? flag
        : throw Wrong(name, text, "System.Boolean");

    public int? Number(string name) => Text(name) is not { } text ? null
        : int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong(name, text, "System.Int32");

    public DateTimeOffset? Time(string name) => Text(name) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at
        : throw Wrong(name, text, "System.DateTime");

    public T? Choice<T>(string name) where T : struct, Enum => Text(name) is not { } text ? null
        : Enum.TryParse<T>(text, ignoreCase: true, out var choice) && Enum.IsDefined(choice) ? choice
        : throw Wrong(name, text, typeof(T).Name);

    /// <summary>What a list becomes: replaced by a value or an array, changed by a hash table with <c>add</c> and
    /// <c>remove</c> (facts §7.2), untouched when absent.</summary>
    public ImmutableArray<string> List(string name, ImmutableArray<string> current)
    {
        if (!_given.TryGetValue(name, out var value)) return current;
        if (value.ValueKind != JsonValueKind.Object) return [.. Items(value)];
        var next = current;
        foreach (var change in value.EnumerateObject())
        {
            if (change.Name.StartsWith('@')) continue;
            string[] items = [.. Items(change.Value)];
            next = change.Name.ToLowerInvariant() switch
            {
                "add" => [.. next.Union(items, StringComparer.OrdinalIgnoreCase)],
                "remove" => [.. next.Except(items, StringComparer.OrdinalIgnoreCase)],
                _ => throw CmdletFault.Parameter($"'{change.Name}' is not an action on '{name}': use add or remove."),
            };
        }

        return next;
    }

    public ImmutableArray<string> List(string name) => List(name, []);

    private static IEnumerable<string> Items(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Select(Text).OfType<string>(),
        _ => Text(value) is { } one ? [one] : [],
    };

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String when value.GetString() is { Length: > 0 } text => text,
        JsonValueKind.String => null,
        _ => value.ToString(),
    };

    private static CmdletFault Wrong(string name, string text, string type) =>
        CmdletFault.Parameter($"Cannot process argument transformation on parameter '{name}'. Cannot convert value \"{text}\" to type \"{type}\".");
}
