using System.Text.Json.Nodes;
using Passerelle.Flows.Running;

namespace Passerelle.Flows;

/// <summary>(flow, state, event) → (state, effects). No I/O, no clock, no randomness: the same calls give the same answers,
/// so a repeat after a crash is harmless.</summary>
public static class FlowEngine
{
    public static FlowTransition Start(FlowDefinition flow, FlowInput input, FlowBounds? bounds = null) =>
        new Run(flow, input, bounds ?? FlowBounds.Default, new JsonObject(), 0).From(flow.Steps);

    /// <summary>Goes on after an effect. An event for another step, or for a run that is over, leaves the state as it is.</summary>
    /// <param name="flow">The version that the run began with.</param>
    public static FlowTransition Resume(FlowDefinition flow, FlowInput input, FlowState state, FlowEvent happened, FlowBounds? bounds = null)
    {
        if (state.Status is not RunStatus.Waiting || state.WaitingFor != happened.StepId) return new FlowTransition(state, [], []);
        var run = new Run(flow, input, bounds ?? FlowBounds.Default, (JsonObject)state.Variables.DeepClone(), state.Steps);
        return run.After(happened);
    }

    /// <summary>What would happen, without anything happening. A call is shown, and taken as answered by 200 and an empty object.</summary>
    public static DryRunReport DryRun(FlowDefinition flow, FlowInput input, FlowBounds? bounds = null)
    {
        FlowTransition step = Start(flow, input, bounds);
        List<FlowEffect> effects = [.. step.Effects];
        List<StepTrace> trace = [.. step.Trace];
        while (step.State is { Status: RunStatus.Waiting, WaitingFor: { } waiting })
        {
            step = Resume(flow, input, step.State, new FlowEvent.HttpAnswered(waiting, 200, "{}"), bounds);
            effects.AddRange(step.Effects);
            trace.AddRange(step.Trace.Select(line => line.NodeId == waiting ? line with { Detail = "Not called: taken as answered by 200 and {}" } : line));
        }
        return new DryRunReport(trace, effects, step.State);
    }
}

/// <param name="Would">The effects, in order; none of them happened.</param>
public sealed record DryRunReport(IReadOnlyList<StepTrace> Trace, IReadOnlyList<FlowEffect> Would, FlowState End);
