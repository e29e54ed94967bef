using System.Globalization;
using System.Text.RegularExpressions;
using Fluid;
using Fluid.Values;
using Passerelle.Flows.Running;

namespace Passerelle.Flows.Liquid;

/// <summary>Which filters flows may use, and the bounds that Fluid itself lacks: MaxSteps counts statements, but a single filter
/// can multiply a text, and a loop can double it.</summary>
internal static partial class LiquidRules
{
    private const int MaxItems = 10_000;

    /// <summary>.NET format strings take a width: "{0,999999999}" is a gigabyte.</summary>
    private static readonly string[] Removed = ["format_string", "format_number", "format_date", "map_json"];

    public static TemplateOptions ForValues { get; } = new();

    private static readonly TemplateOptions Default = New(FlowBounds.Default.MaxTextCharacters);

    public static TemplateOptions Options(FlowBounds bounds) =>
        bounds.MaxTextCharacters == FlowBounds.Default.MaxTextCharacters ? Default : New(bounds.MaxTextCharacters);

    private static TemplateOptions New(int max)
    {
        var options = new TemplateOptions
        {
            CultureInfo = CultureInfo.InvariantCulture,
            TimeZone = TimeZoneInfo.Utc,
            MaxRecursion = 20,
            StrictFilters = true,
            Assigned = (_, value, _) => ValueTask.FromResult(Checked(value, max)),
            Captured = (_, value, _) => ValueTask.FromResult(Checked(value, max)),
        };
        foreach (string name in Removed) options.Filters.Remove(name);
        foreach (var (name, filter) in options.Filters.ToList())
        {
            options.Filters.AddFilter(name, async (input, arguments, context) =>
            {
                Precheck(name, input, arguments, max);
                return Checked(await filter(input, arguments, context), max);
            });
        }
        return options;
    }

    private static FluidValue Checked(FluidValue value, int max) => value switch
    {
        StringValue when value.ToStringValue().Length > max => throw new FlowFailedException($"a value is longer than {max} characters"),
        ArrayValue list when list.Values.Count > MaxItems => throw new FlowFailedException($"a list has more than {MaxItems} items"),
        _ => value,
    };

    /// <summary>The filters whose result can be larger than all that went in, judged before they work.</summary>
    private static void Precheck(string name, FluidValue input, FilterArguments arguments, int max)
    {
        long size = name switch
        {
            "replace" => (long)Count(input.ToStringValue(), arguments.At(0).ToStringValue()) * arguments.At(1).ToStringValue().Length,
            "join" when input is ArrayValue list => (long)list.Values.Count * arguments.At(0).ToStringValue().Length + Length(list),
            "split" when input.ToStringValue().Length > MaxItems && arguments.At(0).ToStringValue().Length == 0 => long.MaxValue,
            "date" when DateWidth().IsMatch(arguments.At(0).ToStringValue()) => long.MaxValue,
            _ => 0,
        };
        if (size > max) throw new FlowFailedException($"the filter {name} would make more than {max} characters");
    }

    private static long Length(ArrayValue list) => list.Values.Sum(item => item is StringValue ? (long)item.ToStringValue().Length : 50);

    private static int Count(string text, string part) => part.Length == 0 ? text.Length + 1 : text.AsSpan().Count(part);

    [GeneratedRegex(@"%[-_0^#:]*[1-9]\d{2,}", RegexOptions.NonBacktracking)]
    private static partial Regex DateWidth();
}
