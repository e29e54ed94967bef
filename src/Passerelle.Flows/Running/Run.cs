using System.Text.Json.Nodes;
using Passerelle.Flows.Liquid;

namespace Passerelle.Flows.Running;

/// <summary>One transition of one run: walks steps until the run waits, ends or fails. Used once.</summary>
internal sealed class Run(FlowDefinition flow, FlowInput input, FlowBounds bounds, JsonObject variables, int steps)
{
    private readonly Scope _scope = new(input, variables, bounds);
    private readonly List<FlowEffect> _effects = [];
    private readonly List<StepTrace> _trace = [];
    private int _steps = steps;

    public FlowTransition From(IReadOnlyList<FlowStep> first) => Walk(Path.Of(first));

    public FlowTransition After(FlowEvent happened)
    {
        if (Path.To(flow.Steps, happened.StepId) is not { Current: CallHttpStep call } path)
            return Fail($"The run waits at step {happened.StepId}, which this version of the flow does not have");
        try
        {
            string? error = HttpAnswer.Save(call, happened, _scope, bounds);
            Tell(call, error is null ? "answered" : "failed", error ?? $"Status {((FlowEvent.HttpAnswered)happened).Status}");
            if (error is null) return Walk(path.Next());
            return call.OnError is { } branch ? Walk(path.Into(branch)) : Fail($"Step {call.Id}: {error}, and the step has no onError branch");
        }
        catch (FlowFailedException failure)
        {
            return Fail($"Step {call.Id}: {failure.Message}");
        }
    }

    private FlowTransition Walk(Path? path)
    {
        while (path?.Current is { } step)
        {
            if (_steps >= bounds.MaxSteps) return Fail($"The run has done {bounds.MaxSteps} steps, which is the most that one run may do");
            _steps++;
            try
            {
                switch (step)
                {
                    case ConditionStep condition:
                        path = path.Into(Decide(condition) ? condition.Then : condition.Else);
                        break;
                    case CallHttpStep call:
                        CallHttpEffect effect = HttpAnswer.Ask(call, _scope);
                        _effects.Add(effect);
                        Tell(call, "asked", $"{effect.Method} {effect.Url}");
                        return End(RunStatus.Waiting, call.Id, null);
                    case EndStep:
                        Tell(step, "done", "The flow ends here");
                        return End(RunStatus.Ended, null, null);
                    default:
                        Do(step);
                        path = path.Next();
                        break;
                }
            }
            catch (FlowFailedException failure)
            {
                Tell(step, "failed", failure.Message);
                return Fail($"Step {step.Id}: {failure.Message}");
            }
        }
        return End(RunStatus.Ended, null, null);
    }

    private bool Decide(ConditionStep condition)
    {
        bool yes = TestJudge.Holds(condition.If, _scope, out string why);
        Tell(condition, yes ? "yes" : "no", why);
        return yes;
    }

    private void Do(FlowStep step)
    {
        switch (step)
        {
            case SetVariableStep set:
                _scope.Set(set.Name, JsonValue.Create(_scope.Render(set.Value)));
                Tell(step, "done", $"{set.Name} = {_scope.Variables[set.Name]}");
                break;
            case ReplyStep reply:
                ReplyEffect answer = reply.Template is { } name ? Templated(reply, name)
                    : new ReplyEffect(reply.Id, _scope.Render(reply.Text!), _scope.RenderHtml(reply.Html), reply.Acknowledgement); // one of both is there
                _effects.Add(answer);
                Tell(step, "done", answer.Text);
                break;
            case SendStep send:
                var mail = new SendEffect(send.Id, _scope.RenderAddress(send.To), _scope.RenderLine(send.Subject), _scope.Render(send.Text), _scope.RenderHtml(send.Html));
                _effects.Add(mail);
                Tell(step, "done", $"to {mail.To}: {mail.Subject}");
                break;
            default:
                throw new System.Diagnostics.UnreachableException(step.Kind);
        }
    }

    private ReplyEffect Templated(ReplyStep reply, string name)
    {
        TemplateFilling.Filled filled = _scope.Fill(name);
        return filled is { Text: null, Html: null }
            ? throw new FlowFailedException($"the template {name} has neither text nor HTML")
            : new ReplyEffect(reply.Id, filled.Text ?? "", filled.Html, reply.Acknowledgement);
    }

    private void Tell(FlowStep step, string result, string detail) =>
        _trace.Add(new StepTrace(_steps, step.Id, step.Kind, result, OneLine.Of(detail + _scope.TakeMissing(), 500)));

    private FlowTransition Fail(string sentence) => End(RunStatus.Failed, null, OneLine.Of(sentence, 500));

    private FlowTransition End(RunStatus status, string? waitingFor, string? failure) => new(
        new FlowState { Status = status, WaitingFor = waitingFor, Steps = _steps, Variables = _scope.Variables, Failure = failure },
        _effects, _trace);
}
