using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Passerelle.Flows.Liquid;

namespace Passerelle.Flows.Parsing;

/// <summary>Reads lists of steps and the steps in them.</summary>
internal sealed partial class StepReader(Fields fields, List<FlowError> errors)
{
    private const int MaxNesting = 10;
    private static readonly string[] Kinds = ["condition", "set-variable", "reply", "send", "call-http", "end"];
    private static readonly string[] Reserved = ["message", "app"];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly TestReader _tests = new(fields, errors);

    public int Count { get; private set; }

    public IReadOnlyList<FlowStep> Steps(Located list, int depth)
    {
        if (list.Kind is not JsonValueKind.Array)
        {
            errors.Add(list.Error("Steps are a list: write [ … ]"));
            return [];
        }
        if (depth > MaxNesting)
        {
            errors.Add(list.Error($"Branches lie at most {MaxNesting} deep: make this part its own flow"));
            return [];
        }
        return [.. list.Items.Select(item => Step(item, depth)).OfType<FlowStep>()];
    }

    private FlowStep? Step(Located step, int depth)
    {
        Count++;
        if (step.Kind is not JsonValueKind.Object)
        {
            errors.Add(step.Error("A step is an object: write { \"kind\": \"…\" }"));
            return null;
        }
        string id = Id(step);
        return fields.Word(step, "kind", Kinds) switch
        {
            "condition" => Condition(step, id, depth),
            "set-variable" => SetVariable(step, id),
            "reply" => Reply(step, id),
            "send" => Send(step, id),
            "call-http" => CallHttp(step, id, depth),
            "end" => fields.IsObject(step, "A step", ["id", "kind"]) ? new EndStep(id) : null,
            _ => null,
        };
    }

    /// <summary>Optional in the document: a step without one is named after its order, which stays the same for this version.</summary>
    private string Id(Located step)
    {
        string id = $"step-{Count.ToString(CultureInfo.InvariantCulture)}";
        if (step.Members.TryGetValue("id", out Located? given))
        {
            if (given.Kind is not JsonValueKind.String || !IdShape().IsMatch(given.Text))
                errors.Add(given.Error("An id has 1 to 50 letters, digits or hyphens"));
            id = given.Text;
        }
        if (!_ids.Add(id)) errors.Add((given ?? step).Error($"Another step is called “{id}” already: choose another id"));
        return id;
    }

    private ConditionStep? Condition(Located step, string id, int depth)
    {
        if (!fields.IsObject(step, "A step", ["id", "kind", "if", "then", "else"])) return null;
        FlowTest? test = fields.Required(step, "if", "Add \"if\": { \"field\": …, \"operator\": …, \"value\": … }") is { } asked ? _tests.Read(asked, 1) : null;
        IReadOnlyList<FlowStep> then = fields.Required(step, "then", "Add \"then\": [ … ]") is { } yes ? Steps(yes, depth + 1) : [];
        IReadOnlyList<FlowStep> otherwise = step.Members.TryGetValue("else", out Located? no) ? Steps(no, depth + 1) : [];
        return test is null ? null : new ConditionStep(id, test, then, otherwise);
    }

    private SetVariableStep? SetVariable(Located step, string id)
    {
        if (!fields.IsObject(step, "A step", ["id", "kind", "name", "value"])) return null;
        string? name = VariableName(step, "name");
        LiquidText? value = fields.RequiredLiquid(step, "value");
        return name is null || value is null ? null : new SetVariableStep(id, name, value);
    }

    private ReplyStep? Reply(Located step, string id)
    {
        if (!fields.IsObject(step, "A step", ["id", "kind", "text", "html", "template", "acknowledgement"])) return null;
        if (step.Members.TryGetValue("template", out Located? template)) return Templated(step, id, template);
        LiquidText? text = fields.RequiredLiquid(step, "text");
        LiquidText? html = fields.OptionalLiquid(step, "html");
        bool acknowledgement = fields.Switch(step, "acknowledgement");
        return text is null ? null : new ReplyStep(id, text, html, acknowledgement);
    }

    private ReplyStep? Templated(Located step, string id, Located template)
    {
        foreach (string other in (string[])["text", "html"])
        {
            if (step.Members.TryGetValue(other, out Located? written)) errors.Add(written.Error($"The template gives the answer: leave out “{other}”, or “template”"));
        }
        string? name = fields.Text(template, 100);
        bool acknowledgement = fields.Switch(step, "acknowledgement");
        return name is null ? null : new ReplyStep(id, null, null, acknowledgement) { Template = name };
    }

    private SendStep? Send(Located step, string id)
    {
        if (!fields.IsObject(step, "A step", ["id", "kind", "to", "subject", "text", "html"])) return null;
        LiquidText? to = fields.RequiredLiquid(step, "to");
        LiquidText? subject = fields.RequiredLiquid(step, "subject");
        LiquidText? text = fields.RequiredLiquid(step, "text");
        LiquidText? html = fields.OptionalLiquid(step, "html");
        return to is null || subject is null || text is null ? null : new SendStep(id, to, subject, text, html);
    }

    private CallHttpStep? CallHttp(Located step, string id, int depth)
    {
        if (!fields.IsObject(step, "A step", ["id", "kind", "method", "url", "headers", "body", "saveAs", "onError"])) return null;
        string? method = fields.Word(step, "method", ["GET", "POST", "PUT", "PATCH", "DELETE"]);
        LiquidText? url = fields.RequiredLiquid(step, "url");
        var headers = step.Members.TryGetValue("headers", out Located? given) ? new HeaderReader(fields, errors).Read(given) : [];
        LiquidText? body = fields.OptionalLiquid(step, "body");
        string? saveAs = step.Members.ContainsKey("saveAs") ? VariableName(step, "saveAs") : null;
        IReadOnlyList<FlowStep>? onError = step.Members.TryGetValue("onError", out Located? branch) ? Steps(branch, depth + 1) : null;
        return method is null || url is null ? null : new CallHttpStep(id, method, url, headers, body) { SaveAs = saveAs, OnError = onError };
    }

    private string? VariableName(Located step, string member)
    {
        if (fields.RequiredText(step, member, 50) is not { } name) return null;
        if (NameShape().IsMatch(name) && !Reserved.Contains(name)) return name;
        errors.Add(step.Members[member].Error("A variable's name begins with a letter, has letters, digits and _ only, and is not message or app"));
        return null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,50}\z")]
    private static partial Regex IdShape();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_]{0,49}\z")]
    private static partial Regex NameShape();
}
