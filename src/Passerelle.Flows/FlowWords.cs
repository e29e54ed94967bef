namespace Passerelle.Flows;

/// <summary>The operators as documents write them.</summary>
public static class FlowWords
{
    public static IReadOnlyDictionary<string, FlowOperator> Operators { get; } = new Dictionary<string, FlowOperator>(StringComparer.Ordinal)
    {
        ["equals"] = FlowOperator.Equal,
        ["contains"] = FlowOperator.Contains,
        ["starts-with"] = FlowOperator.StartsWith,
        ["matches"] = FlowOperator.Matches,
        ["is-empty"] = FlowOperator.IsEmpty,
        ["greater-than"] = FlowOperator.GreaterThan,
    };

    public static string Of(FlowOperator @operator) => Operators.First(word => word.Value == @operator).Key;
}
