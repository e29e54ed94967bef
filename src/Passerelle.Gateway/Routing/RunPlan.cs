using Passerelle.Flows;
using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Routing;

/// <summary>What one turn of the engine led to, everything rendered: writing it is SQL only.</summary>
internal sealed record RunPlan(
    FlowState State, IReadOnlyList<StepTrace> Trace, IReadOnlyList<PlannedAnswer> Answers, IReadOnlyList<PlannedCall> Calls);

/// <summary>One letter of a flow, or why it is not written.</summary>
/// <param name="Refusal">A sentence; null when the letter may be written as far as the caps allow.</param>
/// <param name="Letter">Null exactly when refused.</param>
internal sealed record PlannedAnswer(string StepId, string? Refusal, NewLetter? Letter)
{
    public static PlannedAnswer Refuse(string stepId, string sentence) => new(stepId, sentence, null);
}

/// <summary>One HTTP call of a flow.</summary>
/// <param name="SealedRequest">JSON of <see cref="Calls.HttpRequestText"/>, sealed: headers may carry keys.</param>
internal sealed record PlannedCall(Guid Id, string StepId, string SealedRequest);
