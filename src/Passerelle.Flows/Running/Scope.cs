using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Passerelle.Flows.Liquid;

namespace Passerelle.Flows.Running;

/// <summary>What the steps of a run can see and change: message and app fixed, variables theirs.</summary>
internal sealed partial class Scope(FlowInput input, JsonObject variables, FlowBounds bounds)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);
    private readonly JsonNode _message = JsonSerializer.SerializeToNode(input.Message, Web)!; // a record is never null
    private readonly JsonNode _app = JsonSerializer.SerializeToNode(input.App, Web)!;
    private readonly List<string> _missing = [];

    public JsonObject Variables => variables;

    public void Set(string name, JsonNode? value)
    {
        variables[name] = value;
        if (variables.ToJsonString().Length > bounds.MaxVariableCharacters)
            throw new FlowFailedException($"the variables together are longer than {bounds.MaxVariableCharacters} characters");
    }

    /// <returns>Null where the path leads nowhere, which is noted as missing.</returns>
    public JsonNode? Field(string path)
    {
        string[] names = path.Split('.');
        JsonNode? node = Root(names[0]);
        foreach (string name in names.Skip(1))
        {
            node = node switch
            {
                JsonObject holder => holder[name],
                JsonArray list when int.TryParse(name, out int i) && i >= 0 && i < list.Count => list[i],
                JsonArray list when name is "size" => JsonValue.Create(list.Count),
                JsonArray list => new JsonArray([.. list.Select(item => (item as JsonObject)?[name]?.DeepClone())]), // message.to.address
                _ => null,
            };
        }
        if (node is null) _missing.Add(path);
        return node;
    }

    public string Render(LiquidText text) => text.Render(Values, input.Now, bounds, _missing);

    /// <summary>A template sees what the flow sees, and nothing that it writes out may be missing: half an answer helps nobody.</summary>
    public TemplateFilling.Filled Fill(string name)
    {
        if (!input.Templates.TryGetValue(name, out TemplateSource? source)) throw new FlowFailedException($"there is no template {name} (any more)");
        if (MailTemplate.Parse(source, out var faults) is not { } template) throw new FlowFailedException($"the template {name}: {faults[0].Sentence} ({faults[0].Part})");
        return template.Fill(Values, input.Now) switch
        {
            TemplateFilling.Filled filled => filled,
            TemplateFilling.Missing missing => throw new FlowFailedException($"the template {name}: {missing.Variables[0].Sentence}"),
            TemplateFilling.Failed failed => throw new FlowFailedException($"the template {name}: {failed.Fault.Sentence} ({failed.Fault.Part})"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public string RenderLine(LiquidText text) => OneLine.Of(Render(text), 900);

    public string? RenderHtml(LiquidText? html) => html?.RenderHtml(Values, input.Now, bounds, _missing);

    public string RenderAddress(LiquidText text)
    {
        string address = RenderLine(text);
        return Address().IsMatch(address) ? address : throw new FlowFailedException($"“{OneLine.Of(address, 100)}” is not one mail address");
    }

    /// <summary>A tail for the trace line: what the step asked for and nobody had.</summary>
    public string TakeMissing()
    {
        if (_missing.Count == 0) return "";
        string tail = $" (missing: {string.Join(", ", _missing.Distinct().Take(10))})";
        _missing.Clear();
        return tail;
    }

    private IEnumerable<KeyValuePair<string, JsonNode?>> Values => [.. variables, new("message", _message), new("app", _app)];

    private JsonNode? Root(string name) => name switch
    {
        "message" => _message,
        "app" => _app,
        _ => variables[name],
    };

    [GeneratedRegex(@"\A[^\s@<>,;:""()\x00-\x1F]{1,64}@[^\s@<>,;:""()\x00-\x1F]{1,255}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}
