using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Fluid;
using Fluid.Values;
using Passerelle.Flows.Running;

namespace Passerelle.Flows.Liquid;

/// <summary>A text with Liquid in it, parsed once. Rendering reads nothing but what it is given and ends within bounds.</summary>
public sealed class LiquidText
{
    private static readonly FluidParser Parser = new(new FluidParserOptions { AllowFunctions = false, AllowLiquidTag = false });
    private readonly IFluidTemplate _template;

    private LiquidText(string source, IFluidTemplate template)
    {
        Source = source;
        _template = template;
    }

    public string Source { get; }

    /// <param name="error">A sentence with line and column within the text; null when it parses.</param>
    internal static LiquidText? Parse(string source, out string? error)
    {
        error = LiquidShape.Fault(source);
        if (error is not null) return null;
        if (!Parser.TryParse(source, out IFluidTemplate template, out error))
        {
            error = $"The Liquid cannot be read: {OneLine.Of(error, 200)}";
            return null;
        }
        error = Forbidden.In(template);
        return error is null ? new LiquidText(source, template) : null;
    }

    internal string Render(IEnumerable<KeyValuePair<string, JsonNode?>> values, DateTimeOffset now, FlowBounds bounds, List<string> missing) =>
        Render(NullEncoder.Default, values, now, bounds, missing, watched: false);

    /// <summary>Values are escaped: what a customer wrote never becomes markup of ours.</summary>
    internal string RenderHtml(IEnumerable<KeyValuePair<string, JsonNode?>> values, DateTimeOffset now, FlowBounds bounds, List<string> missing) =>
        Render(HtmlEncoder.Default, values, now, bounds, missing, watched: false);

    /// <summary>As the two above, and <paramref name="missing"/> also has the members that an object which is there does not have.</summary>
    internal string RenderWatched(bool isHtml, IEnumerable<KeyValuePair<string, JsonNode?>> values, DateTimeOffset now, FlowBounds bounds, List<string> missing) =>
        Render(isHtml ? HtmlEncoder.Default : NullEncoder.Default, values, now, bounds, missing, watched: true);

    private string Render(TextEncoder encoder, IEnumerable<KeyValuePair<string, JsonNode?>> values, DateTimeOffset now, FlowBounds bounds, List<string> missing, bool watched)
    {
        var context = new TemplateContext(LiquidRules.Options(bounds))
        {
            MaxSteps = bounds.MaxLiquidSteps,
            Now = () => now,
            TimeZone = TimeZoneInfo.Utc,
            Undefined = name =>
            {
                missing.Add(name);
                return ValueTask.FromResult<FluidValue>(NilValue.Instance);
            },
        };
        foreach (var (name, value) in values) context.SetValue(name, watched ? LiquidValues.Watched(name, value, missing.Add) : LiquidValues.Of(value));
        using var writer = new BoundedWriter(bounds.MaxTextCharacters);
        try
        {
            ValueTask rendering = _template.RenderAsync(writer, encoder, context);
            if (!rendering.IsCompleted) throw new System.Diagnostics.UnreachableException(); // nothing in it can wait
            rendering.GetAwaiter().GetResult();
            return writer.ToString();
        }
        catch (Exception failure) when (failure is not (FlowFailedException or OutOfMemoryException))
        {
            // Fluid throws whatever its filters throw, from wrong arguments to exceeded steps: all of it is the text's fault.
            throw new FlowFailedException($"the Liquid text cannot be rendered: {OneLine.Of(failure.Message, 200)}");
        }
    }
}
