using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Passerelle.Flows;

/// <summary>Where a run stands. Everything needed to go on, nothing that needs this process: it lives in a row.</summary>
public sealed record FlowState
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    public required RunStatus Status { get; init; }

    /// <summary>The step whose answer is awaited; null unless <see cref="RunStatus.Waiting"/>.</summary>
    public string? WaitingFor { get; init; }

    /// <summary>Steps executed so far.</summary>
    public int Steps { get; init; }

    /// <summary>Never changed in place: a transition makes a new one.</summary>
    public required JsonObject Variables { get; init; }

    /// <summary>A sentence for the admin; null unless <see cref="RunStatus.Failed"/>.</summary>
    public string? Failure { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <exception cref="JsonException">The text is not a state.</exception>
    public static FlowState FromJson(string json) =>
        JsonSerializer.Deserialize<FlowState>(json, Options) ?? throw new JsonException("The state is null");
}

public enum RunStatus
{
    /// <summary>An effect's answer is awaited.</summary>
    Waiting,
    Ended,
    Failed,
}

/// <summary>What happened outside and lets a run go on. An event that nobody waits for changes nothing.</summary>
/// <param name="StepId">The step that asked.</param>
public abstract record FlowEvent(string StepId)
{
    /// <param name="Status">100 to 599.</param>
    /// <param name="Body">As received, already bounded by who read it; the engine keeps at most <see cref="FlowBounds.MaxAnswerCharacters"/>.</param>
    public sealed record HttpAnswered(string StepId, int Status, string Body) : FlowEvent(StepId);

    /// <param name="Reason">Why there is no answer, for a person.</param>
    public sealed record HttpFailed(string StepId, string Reason) : FlowEvent(StepId);
}

/// <summary>What is to be done outside, as data: a row that a worker executes.</summary>
/// <param name="StepId">Unique within a run: a step is executed at most once.</param>
public abstract record FlowEffect(string StepId);

/// <summary>Answer the message. Whether a machine may, and within which caps, the caller decides.</summary>
public sealed record ReplyEffect(string StepId, string Text, string? Html, bool Acknowledgement) : FlowEffect(StepId);

/// <param name="To">One bare address.</param>
/// <param name="Subject">One line.</param>
public sealed record SendEffect(string StepId, string To, string Subject, string Text, string? Html) : FlowEffect(StepId);

/// <summary>Call, then give the answer to <see cref="FlowEngine.Resume"/> as an event of this step.</summary>
/// <param name="Url">Absolute, http or https; whether the host may be called the caller's outbound policy decides.</param>
/// <param name="Headers">One-line values.</param>
public sealed record CallHttpEffect(
    string StepId, string Method, string Url, IReadOnlyDictionary<string, string> Headers, string? Body) : FlowEffect(StepId);

/// <summary>One executed step, for the journey page.</summary>
/// <param name="Number">Order within the run, from 1. A call has two lines with the same number: asked, then answered.</param>
/// <param name="Result">done, yes, no, asked, answered, failed.</param>
/// <param name="Detail">A sentence or a short text, one line, at most 500 characters.</param>
public sealed record StepTrace(int Number, string NodeId, string Kind, string Result, string Detail);

public sealed record FlowTransition(FlowState State, IReadOnlyList<FlowEffect> Effects, IReadOnlyList<StepTrace> Trace);

/// <summary>Past a bound a run fails and says which.</summary>
public sealed record FlowBounds
{
    public static FlowBounds Default { get; } = new();

    public int MaxSteps { get; init; } = 100;

    /// <summary>Characters of one rendered text.</summary>
    public int MaxTextCharacters { get; init; } = 100_000;

    /// <summary>Characters of all variables together, as JSON.</summary>
    public int MaxVariableCharacters { get; init; } = 500_000;

    /// <summary>Characters kept of one HTTP answer.</summary>
    public int MaxAnswerCharacters { get; init; } = 200_000;

    /// <summary>Liquid statements of one text.</summary>
    public int MaxLiquidSteps { get; init; } = 10_000;
}
