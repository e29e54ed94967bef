using CsCheck;

namespace Passerelle.Flows.Tests;

public class PropertyTests
{
    /// <summary>Any document of steps, some of them calls with and without branches, some that fail.</summary>
    private static readonly Gen<FlowDefinition> AnyFlow =
        Gen.Recursive<string>((depth, more) => depth >= 3
            ? Leaf
            : Gen.Frequency(
                (4, Leaf),
                (1, more.Array[0, 3].Select(steps => $$"""{ "kind": "condition", "if": { "field": "n", "operator": "is-empty" }, "then": [{{string.Join(',', steps)}}] }""")),
                (1, more.Array[0, 3].Select(steps => $$"""{ "kind": "call-http", "method": "GET", "url": "https://orders.example/", "saveAs": "n", "onError": [{{string.Join(',', steps)}}] }"""))))
        .Array[1, 8].Select(steps => Flow.Of(string.Join(',', steps)));

    private static Gen<string> Leaf => Gen.Int[0, 6].Select(kind => kind switch
    {
        0 => """{ "kind": "end" }""",
        1 => """{ "kind": "set-variable", "name": "n", "value": "{{ message.subject }}{{ n }}" }""",
        2 => """{ "kind": "reply", "text": "{{ n.body }}" }""",
        3 => """{ "kind": "send", "to": "{{ message.from.address }}", "subject": "x", "text": "y" }""",
        4 => """{ "kind": "send", "to": "{{ n }}", "subject": "x", "text": "y" }""",
        5 => """{ "kind": "call-http", "method": "POST", "url": "https://orders.example/", "body": "{{ n }}" }""",
        _ => """{ "kind": "call-http", "method": "GET", "url": "{{ n }}" }""",
    });

    /// <summary>Answers to steps that wait, that do not wait, that do not exist.</summary>
    private static readonly Gen<FlowEvent[]> AnyEvents = Gen.Select(Gen.Int[0, 20], Gen.Int[0, 3], Gen.Int[100, 599])
        .Select((step, kind, status) => kind switch
        {
            0 => (FlowEvent)new FlowEvent.HttpFailed($"step-{step}", "no answer"),
            1 => new FlowEvent.HttpAnswered($"step-{step}", status, """{"a":[1,{"b":null}]}"""),
            2 => new FlowEvent.HttpAnswered($"step-{step}", status, "not json"),
            _ => new FlowEvent.HttpAnswered("nobody", status, ""),
        })
        .Array[0, 40];

    [Fact]
    public void Any_sequence_of_events_leaves_a_valid_state_that_survives_its_row() => Gen.Select(AnyFlow, AnyEvents).Sample((flow, events) =>
    {
        FlowState state = FlowEngine.Start(flow, Flow.Input).State;
        return IsValid(flow, state) && events.Concat(AnswersTo(flow)).All(happened =>
        {
            FlowTransition next = FlowEngine.Resume(flow, Flow.Input, state, happened);
            bool valid = IsValid(flow, next.State) && next.State.Steps >= state.Steps && FlowState.FromJson(next.State.ToJson()).ToJson() == next.State.ToJson();
            state = next.State;
            return valid;
        });
    }, iter: 500);

    [Fact]
    public void The_same_events_give_the_same_states_and_effects() => Gen.Select(AnyFlow, AnyEvents).Sample(
        (flow, events) => Play(flow, events) == Play(flow, events), iter: 300);

    [Fact]
    public void Every_step_has_at_most_one_effect_in_a_whole_run() => AnyFlow.Sample(flow =>
    {
        var effects = new List<FlowEffect>();
        FlowTransition at = FlowEngine.Start(flow, Flow.Input);
        effects.AddRange(at.Effects);
        for (int answers = 0; at.State.WaitingFor is { } waiting; answers++)
        {
            if (answers > FlowBounds.Default.MaxSteps) return false; // it must come to an end
            at = FlowEngine.Resume(flow, Flow.Input, at.State, new FlowEvent.HttpFailed(waiting, "no answer"));
            effects.AddRange(at.Effects);
        }
        return effects.Select(effect => effect.StepId).Distinct().Count() == effects.Count;
    }, iter: 500);

    [Fact]
    public void Any_text_is_either_a_flow_or_errors_with_a_place() => Gen.OneOf(Gen.String, Damaged).Sample(json => FlowParser.Parse(json) switch
    {
        FlowParse.Valid => true,
        FlowParse.Invalid invalid => invalid.Errors.Count > 0 && invalid.Errors.All(error => error is { Line: > 0, Column: > 0, Message.Length: > 10 }),
        _ => false,
    }, iter: 2_000);

    /// <summary>A good document with one character changed.</summary>
    private static readonly Gen<string> Damaged = Gen.Select(Gen.Int[0, 400], Gen.Char).Select((at, c) =>
    {
        const string Good = """
            { "version": 1, "name": "é", "steps": [
              { "id": "a", "kind": "condition", "if": { "any": [{ "field": "message.text", "operator": "matches", "value": "a+" }] }, "then": [
                { "kind": "reply", "text": "{% if a %}{{ b | upcase }}{% endif %}" }, { "kind": "end" } ] },
              { "kind": "call-http", "method": "PUT", "url": "https://x.example/", "headers": { "A": "b" }, "saveAs": "x", "onError": [] } ] }
            """;
        return string.Concat(Good.AsSpan(0, at % Good.Length), c.ToString(), Good.AsSpan(at % Good.Length + 1));
    });

    private static bool IsValid(FlowDefinition flow, FlowState state) => state.Steps is >= 0 and <= 100 && state.Status switch
    {
        RunStatus.Waiting => state is { WaitingFor.Length: > 0, Failure: null },
        RunStatus.Ended => state is { WaitingFor: null, Failure: null },
        _ => state is { WaitingFor: null, Failure.Length: > 10 },
    };

    private static IEnumerable<FlowEvent> AnswersTo(FlowDefinition flow) =>
        Enumerable.Range(1, 60).Select(i => new FlowEvent.HttpAnswered($"step-{i}", flow.Steps.Count % 2 == 0 ? 200 : 500, "{}"));

    private static string Play(FlowDefinition flow, FlowEvent[] events)
    {
        FlowTransition at = FlowEngine.Start(flow, Flow.Input);
        var told = new List<string> { Told(at) };
        foreach (FlowEvent happened in events) told.Add(Told(at = FlowEngine.Resume(flow, Flow.Input, at.State, happened)));
        return string.Join('\n', told);
    }

    private static string Told(FlowTransition at) =>
        at.State.ToJson() + string.Join(';', at.Trace) + string.Join(';', at.Effects.Select(effect => effect is CallHttpEffect call ? $"{call.StepId} {call.Url} {call.Body}" : effect.ToString()));
}
