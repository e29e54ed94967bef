using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Passerelle.Flows;

namespace Passerelle.Gateway.Portal.Parts;

/// <summary>A flow's steps in a column; branches stand inside their condition.</summary>
public sealed class FlowSteps : ComponentBase
{
    [Parameter, EditorRequired] public IReadOnlyList<FlowStep> Steps { get; set; } = [];

    protected override void BuildRenderTree(RenderTreeBuilder builder) => List(builder, Steps);

    private static void List(RenderTreeBuilder builder, IReadOnlyList<FlowStep> steps)
    {
        builder.OpenElement(0, "ol");
        builder.AddAttribute(1, "class", "steps");
        foreach (var step in steps)
        {
            builder.OpenElement(2, "li");
            builder.AddAttribute(3, "class", "step");
            builder.OpenElement(4, "strong");
            builder.AddContent(5, step.Kind);
            builder.CloseElement();
            builder.AddContent(6, $" {step.Id}");
            builder.OpenElement(7, "div");
            builder.AddAttribute(8, "class", "hint letter");
            builder.AddContent(9, Describe(step));
            builder.CloseElement();
            foreach (var (word, branch) in Branches(step)) Branch(builder, word, branch);
            builder.CloseElement();
        }
        builder.CloseElement();
    }

    private static void Branch(RenderTreeBuilder builder, string word, IReadOnlyList<FlowStep> branch)
    {
        builder.OpenElement(10, "div");
        builder.AddAttribute(11, "class", "hint");
        builder.AddContent(12, word);
        builder.CloseElement();
        List(builder, branch);
    }

    private static IEnumerable<(string Word, IReadOnlyList<FlowStep> Steps)> Branches(FlowStep step) => step switch
    {
        ConditionStep condition => [("then", condition.Then), ("else", condition.Else)],
        CallHttpStep { OnError: { } onError } => [("onError", onError)],
        _ => [],
    };

    private static string Describe(FlowStep step) => step switch
    {
        ReplyStep reply => reply.Text?.Source ?? reply.Template ?? "",
        SetVariableStep set => $"{set.Name} = {set.Value.Source}",
        SendStep send => $"{send.To.Source}: {send.Subject.Source}",
        CallHttpStep call => $"{call.Method} {call.Url.Source}",
        _ => "",
    };
}
