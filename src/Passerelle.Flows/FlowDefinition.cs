using Passerelle.Flows.Liquid;

namespace Passerelle.Flows;

/// <summary>One version of a flow, checked and ready to run. Immutable and thread-safe: parse once, run often.</summary>
/// <param name="Json">The document it was parsed from, to be stored as it is.</param>
public sealed record FlowDefinition(string Name, IReadOnlyList<FlowStep> Steps, string Json)
{
    /// <summary>The flow behind the form: one acknowledgement with this text, and the end.</summary>
    /// <param name="text">Liquid, as in every reply.</param>
    public static FlowParse Acknowledgement(string text, string name = "Acknowledgement") =>
        FlowParser.Parse(Parsing.AcknowledgementDocument.Json(name, text));
}

/// <summary>One node of a flow.</summary>
/// <param name="Id">Unique within the flow; letters, digits, hyphens.</param>
public abstract record FlowStep(string Id)
{
    /// <summary>The word of the document: "condition", "reply" …</summary>
    public abstract string Kind { get; }
}

public sealed record ConditionStep(string Id, FlowTest If, IReadOnlyList<FlowStep> Then, IReadOnlyList<FlowStep> Else) : FlowStep(Id)
{
    public override string Kind => "condition";
}

public sealed record SetVariableStep(string Id, string Name, LiquidText Value) : FlowStep(Id)
{
    public override string Kind => "set-variable";
}

/// <param name="Text">Null where <see cref="Template"/> gives it.</param>
/// <param name="Acknowledgement">Counts against the caps of automatic answers as "we got it", not as an answer.</param>
public sealed record ReplyStep(string Id, LiquidText? Text, LiquidText? Html, bool Acknowledgement) : FlowStep(Id)
{
    /// <summary>Name of the template that gives text and HTML; it sees what the flow sees. Null: the step writes them itself.</summary>
    public string? Template { get; init; }

    public override string Kind => "reply";
}

public sealed record SendStep(string Id, LiquidText To, LiquidText Subject, LiquidText Text, LiquidText? Html) : FlowStep(Id)
{
    public override string Kind => "send";
}

public sealed record CallHttpStep(
    string Id, string Method, LiquidText Url, IReadOnlyDictionary<string, LiquidText> Headers, LiquidText? Body) : FlowStep(Id)
{
    public override string Kind => "call-http";

    /// <summary>Variable that gets {"status", "body", "error"}; null when the answer is not kept.</summary>
    public string? SaveAs { get; init; }

    /// <summary>Taken when nobody answered or the status is 400 or more; null makes that a failed run.</summary>
    public IReadOnlyList<FlowStep>? OnError { get; init; }
}

public sealed record EndStep(string Id) : FlowStep(Id)
{
    public override string Kind => "end";
}

/// <summary>A question about message or variables.</summary>
public abstract record FlowTest
{
    private FlowTest() { }

    public sealed record All(IReadOnlyList<FlowTest> Tests) : FlowTest;
    public sealed record Any(IReadOnlyList<FlowTest> Tests) : FlowTest;
    public sealed record Not(FlowTest Test) : FlowTest;

    /// <summary>Text is compared without regard to case; of a list, one matching element is enough.</summary>
    /// <param name="Field">Path as in Liquid: "message.from.address", "answer.status", "city".</param>
    /// <param name="Value">"" for is-empty.</param>
    public sealed record Compare(string Field, FlowOperator Operator, string Value) : FlowTest
    {
        /// <summary>Compiled for <see cref="FlowOperator.Matches"/>; null otherwise.</summary>
        internal System.Text.RegularExpressions.Regex? Pattern { get; init; }
    }
}

public enum FlowOperator
{
    Equal,
    Contains,
    StartsWith,
    Matches,
    IsEmpty,
    GreaterThan,
}
