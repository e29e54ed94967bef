using System.Text.Json;

namespace Passerelle.Flows.Parsing;

/// <summary>The document as a whole: version, name, steps.</summary>
internal sealed class FlowDocument(List<FlowError> errors)
{
    private const int MaxSteps = 500;
    private readonly Fields _fields = new(errors);

    public FlowDefinition? Read(Located document, string json)
    {
        if (!_fields.IsObject(document, "A flow", ["version", "name", "steps", "$schema"])) return null;
        Version(document);
        string name = _fields.RequiredText(document, "name", 200) ?? "";
        if (_fields.Required(document, "steps", "Add a list of steps, as in \"steps\": [ … ]") is not { } list) return null;
        var reader = new StepReader(_fields, errors);
        IReadOnlyList<FlowStep> steps = reader.Steps(list, depth: 1);
        if (reader.Count > MaxSteps) errors.Add(list.Error($"A flow has at most {MaxSteps} steps, this one has {reader.Count}: split it"));
        if (steps.Count == 0 && errors.Count == 0) errors.Add(list.Error("A flow without steps does nothing: add one"));
        return new FlowDefinition(name, steps, json);
    }

    private void Version(Located document)
    {
        if (_fields.Required(document, "version", "Begin with \"version\": 1") is { } version && version is not { Kind: JsonValueKind.Number, Text: "1" })
            errors.Add(version.Error("This program knows version 1 of flows: write \"version\": 1"));
    }
}
