using System.Text;
using Passerelle.Flows.Parsing;

namespace Passerelle.Flows;

/// <summary>Reads the JSON document of a flow. Every error has its place and says what to do.</summary>
public static class FlowParser
{
    /// <summary>UTF-8 bytes of a document; far above anything written by hand.</summary>
    public const int MaxBytes = 256 * 1024;

    public static FlowParse Parse(string json)
    {
        if (Encoding.UTF8.GetByteCount(json) > MaxBytes)
            return new FlowParse.Invalid([new FlowError(1, 1, "", $"The flow is longer than {MaxBytes / 1024} KiB: split it into several flows")]);
        var errors = new List<FlowError>();
        FlowDefinition? flow = JsonReading.Read(json, errors) is { } document ? new FlowDocument(errors).Read(document, json) : null;
        return flow is not null && errors.Count == 0
            ? new FlowParse.Valid(flow)
            : new FlowParse.Invalid([.. errors.OrderBy(error => error.Line).ThenBy(error => error.Column)]);
    }
}

public abstract record FlowParse
{
    private FlowParse() { }

    public sealed record Valid(FlowDefinition Flow) : FlowParse;

    /// <param name="Errors">At least one, in the order of the document.</param>
    public sealed record Invalid(IReadOnlyList<FlowError> Errors) : FlowParse;
}

/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in characters (UTF-16 units, as editors count).</param>
/// <param name="Path">Where in the document: "steps[2].then[0].text"; "" for the whole.</param>
/// <param name="Message">A sentence that says what to do.</param>
public sealed record FlowError(int Line, int Column, string Path, string Message);
