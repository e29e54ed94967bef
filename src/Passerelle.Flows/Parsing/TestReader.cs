using System.Text.Json;
using System.Text.RegularExpressions;

namespace Passerelle.Flows.Parsing;

/// <summary>Reads the tests of a condition.</summary>
internal sealed partial class TestReader(Fields fields, List<FlowError> errors)
{
    private const int MaxNesting = 10;
    private const int MaxPattern = 1_000;

    /// <summary>Patterns are linear, so this is far more than one takes: a busy machine must not change what a flow decides.</summary>
    private static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(5);

    public FlowTest? Read(Located test, int depth)
    {
        if (depth > MaxNesting)
        {
            errors.Add(test.Error($"Tests lie at most {MaxNesting} deep: use two conditions"));
            return null;
        }
        if (test.Members.TryGetValue("all", out Located? all)) return Group(test, "all", all, depth) is { } tests ? new FlowTest.All(tests) : null;
        if (test.Members.TryGetValue("any", out Located? any)) return Group(test, "any", any, depth) is { } tests ? new FlowTest.Any(tests) : null;
        if (test.Members.TryGetValue("not", out Located? not))
            return fields.IsObject(test, "A test", ["not"]) && Read(not, depth + 1) is { } denied ? new FlowTest.Not(denied) : null;
        return Compare(test);
    }

    private List<FlowTest>? Group(Located test, string name, Located list, int depth)
    {
        fields.IsObject(test, "A test", [name]);
        if (list is { Kind: JsonValueKind.Array, Items.Count: > 0 })
        {
            List<FlowTest?> tests = [.. list.Items.Select(item => Read(item, depth + 1))];
            return tests.Contains(null) ? null : [.. tests.OfType<FlowTest>()];
        }
        errors.Add(list.Error($"“{name}” is a list of tests with at least one: write [ {{ … }} ]"));
        return null;
    }

    private FlowTest.Compare? Compare(Located test)
    {
        if (!fields.IsObject(test, "A test", ["field", "operator", "value"])) return null;
        string? field = Field(test);
        if (fields.Word(test, "operator", FlowWords.Operators.Keys) is not { } word) return null;
        FlowOperator how = FlowWords.Operators[word];
        if (how is FlowOperator.IsEmpty)
        {
            if (test.Members.TryGetValue("value", out Located? extra)) errors.Add(extra.Error("is-empty takes no value: remove it"));
            return field is null ? null : new FlowTest.Compare(field, how, "");
        }
        if (fields.Required(test, "value", "Add \"value\": \"…\"") is not { } value || field is null) return null;
        return Value(new FlowTest.Compare(field, how, value.Text), value);
    }

    private FlowTest.Compare? Value(FlowTest.Compare compare, Located value)
    {
        string? wrong = value.Kind switch
        {
            JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null => "A value is a text, a number, true or false",
            _ when value.Text.Length > MaxPattern => $"A value has at most {MaxPattern} characters: shorten it",
            _ when value.Text.Length == 0 => "The value is empty: use the operator is-empty instead",
            _ when compare.Operator is FlowOperator.GreaterThan && value.Kind is not JsonValueKind.Number => "greater-than compares with a number: write it without quotes",
            _ => null,
        };
        if (wrong is not null)
        {
            errors.Add(value.Error(wrong));
            return null;
        }
        return compare.Operator is FlowOperator.Matches ? Pattern(compare, value) : compare;
    }

    /// <summary>NonBacktracking: no pattern, however bad, makes a customer's text cost more than its length.</summary>
    private FlowTest.Compare? Pattern(FlowTest.Compare compare, Located value)
    {
        try
        {
            const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
            return compare with { Pattern = new Regex(value.Text, Linear, PatternTime) };
        }
        catch (ArgumentException broken)
        {
            errors.Add(value.Error($"The pattern cannot be read: {Running.OneLine.Of(broken.Message, 200)}"));
        }
        catch (NotSupportedException)
        {
            errors.Add(value.Error("The pattern is too large or uses look-around, back-references or atomic groups, which are not available: write it more simply"));
        }
        return null;
    }

    private string? Field(Located test)
    {
        if (fields.RequiredText(test, "field", 200) is not { } field) return null;
        if (FieldShape().IsMatch(field)) return field;
        errors.Add(test.Members["field"].Error("A field is a path of names joined by dots, as in message.from.address"));
        return null;
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_-]+){0,10}\z")]
    private static partial Regex FieldShape();
}
