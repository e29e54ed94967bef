using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Passerelle.Flows.Running;

/// <summary>Answers a condition, and says in a few words why.</summary>
internal static class TestJudge
{
    public static bool Holds(FlowTest test, Scope scope, out string why)
    {
        switch (test)
        {
            case FlowTest.All all:
                foreach (FlowTest one in all.Tests)
                    if (!Holds(one, scope, out why)) return false;
                why = "all hold";
                return true;
            case FlowTest.Any any:
                foreach (FlowTest one in any.Tests)
                    if (Holds(one, scope, out why)) return true;
                why = "none holds";
                return false;
            case FlowTest.Not not:
                bool holds = Holds(not.Test, scope, out why);
                why = $"not ({why})";
                return !holds;
            default:
                var compare = (FlowTest.Compare)test; // the fourth and last shape of a test
                bool yes = Compare(compare, scope.Field(compare.Field));
                why = $"{compare.Field} {(yes ? "" : "not ")}{FlowWords.Of(compare.Operator)} {compare.Value}".TrimEnd();
                return yes;
        }
    }

    private static bool Compare(FlowTest.Compare compare, JsonNode? value) => (compare.Operator, value) switch
    {
        (FlowOperator.IsEmpty, JsonArray list) => list.Count == 0,
        (FlowOperator.IsEmpty, JsonObject holder) => holder.Count == 0,
        (FlowOperator.IsEmpty, _) => string.IsNullOrWhiteSpace(Text(value)),
        (_, JsonArray list) => list.Any(item => item is not JsonArray && Compare(compare, item)),
        (_, null) => false,
        (FlowOperator.Equal, _) => string.Equals(Text(value), compare.Value, StringComparison.OrdinalIgnoreCase) || SameNumber(Text(value), compare.Value),
        (FlowOperator.Contains, _) => Text(value).Contains(compare.Value, StringComparison.OrdinalIgnoreCase),
        (FlowOperator.StartsWith, _) => Text(value).TrimStart().StartsWith(compare.Value, StringComparison.OrdinalIgnoreCase),
        (FlowOperator.GreaterThan, _) => Number(Text(value)) is { } left && Number(compare.Value) is { } right && left > right,
        (FlowOperator.Matches, _) => Matches(compare, Text(value)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Linear by NonBacktracking; the time-out is the second wall.</summary>
    private static bool Matches(FlowTest.Compare compare, string text)
    {
        try
        {
            return compare.Pattern!.IsMatch(text); // the parser compiles it for this operator
        }
        catch (RegexMatchTimeoutException)
        {
            throw new FlowFailedException($"the pattern for {compare.Field} took too long");
        }
    }

    private static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonValue plain => plain.ToString(),
        _ => value.ToJsonString(),
    };

    private static bool SameNumber(string left, string right) => Number(left) is { } a && Number(right) is { } b && a == b;

    private static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number : null;
}
