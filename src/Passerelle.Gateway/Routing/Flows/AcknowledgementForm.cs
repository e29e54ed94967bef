using Passerelle.Flows;

namespace Passerelle.Gateway.Routing.Flows;

/// <summary>The form that writes a flow of one acknowledgement, and reads it back.</summary>
internal static class AcknowledgementForm
{
    /// <returns>The document; null with the errors of <paramref name="text"/> as Liquid.</returns>
    public static (string? Json, IReadOnlyList<FlowError> Errors) ToFlow(string name, string text) =>
        FlowDefinition.Acknowledgement(text, name) switch
        {
            FlowParse.Valid valid => (valid.Flow.Json, []),
            FlowParse.Invalid invalid => (null, invalid.Errors),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <returns>Null when the flow is more than the form can show.</returns>
    public static string? TextOf(string json) => FlowParser.Parse(json) switch
    {
        FlowParse.Valid { Flow.Steps: [ReplyStep { Acknowledgement: true, Html: null, Text: { } text }] } => text.Source,
        FlowParse.Valid { Flow.Steps: [ReplyStep { Acknowledgement: true, Html: null, Text: { } text }, EndStep] } => text.Source,
        _ => null,
    };
}
