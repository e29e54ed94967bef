using System.Text.Json;
using Passerelle.Flows.Liquid;

namespace Passerelle.Flows.Parsing;

/// <summary>Reads one member at a time and says what is wrong with it.</summary>
internal sealed class Fields(List<FlowError> errors)
{
    private const int MaxText = 100_000;

    /// <summary>Also refuses members nobody knows: a typo must not silently do nothing.</summary>
    public bool IsObject(Located value, string what, string[] known)
    {
        if (value.Kind is not JsonValueKind.Object)
        {
            errors.Add(value.Error($"{what} is an object: write {{ … }}"));
            return false;
        }
        foreach (var (name, member) in value.Members.Where(member => !known.Contains(member.Key)))
        {
            errors.Add(member.Error($"“{name}” is not known here. Known are {string.Join(", ", known)}"));
        }
        return true;
    }

    public Located? Required(Located holder, string name, string advice)
    {
        if (holder.Members.TryGetValue(name, out Located? value)) return value;
        errors.Add(holder.Error($"“{name}” is missing. {advice}"));
        return null;
    }

    public string? RequiredText(Located holder, string name, int max) =>
        Required(holder, name, $"Add \"{name}\": \"…\"") is { } value ? Text(value, max) : null;

    public string? Text(Located value, int max = MaxText)
    {
        if (value.Kind is not JsonValueKind.String) errors.Add(value.Error($"“{Name(value)}” is a text: put it in quotes"));
        else if (value.Text.Length == 0) errors.Add(value.Error($"“{Name(value)}” is empty: write something"));
        else if (value.Text.Length > max) errors.Add(value.Error($"“{Name(value)}” is longer than {max} characters: shorten it"));
        else return value.Text;
        return null;
    }

    public bool Switch(Located holder, string name)
    {
        if (!holder.Members.TryGetValue(name, out Located? value)) return false;
        if (value.Kind is not (JsonValueKind.True or JsonValueKind.False)) errors.Add(value.Error($"“{name}” is true or false, without quotes"));
        return value.Kind is JsonValueKind.True;
    }

    public LiquidText? RequiredLiquid(Located holder, string name) =>
        Required(holder, name, $"Add \"{name}\": \"…\"") is { } value ? Liquid(value) : null;

    public LiquidText? OptionalLiquid(Located holder, string name) => holder.Members.TryGetValue(name, out Located? value) ? Liquid(value) : null;

    public LiquidText? Liquid(Located value)
    {
        if (Text(value) is not { } source) return null;
        LiquidText? liquid = LiquidText.Parse(source, out string? error);
        if (liquid is null) errors.Add(value.Error($"{error}. Check the {{{{ … }}}} and {{% … %}} in this text"));
        return liquid;
    }

    public string? Word(Located holder, string name, IEnumerable<string> words)
    {
        string[] known = [.. words];
        if (Required(holder, name, $"Choose one of {string.Join(", ", known)}") is not { } value) return null;
        if (value.Kind is JsonValueKind.String && known.Contains(value.Text)) return value.Text;
        errors.Add(value.Error($"“{name}” is one of {string.Join(", ", known)}, not “{Running.OneLine.Of(value.Text, 50)}”"));
        return null;
    }

    private static string Name(Located value) => value.Path[(value.Path.LastIndexOf('.') + 1)..];
}
