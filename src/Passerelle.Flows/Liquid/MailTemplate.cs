using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Passerelle.Flows.Running;

namespace Passerelle.Flows.Liquid;

/// <summary>The three parts of a template as they are written: Liquid.</summary>
/// <param name="Subject">Empty: the letter gives its own.</param>
/// <param name="Text">Empty: made from <paramref name="Html"/>.</param>
/// <param name="Html">What is filled in is escaped. Empty: made from <paramref name="Text"/>.</param>
public sealed record TemplateSource(string Subject, string Text, string Html);

/// <summary>One thing that is wrong with a template, and where.</summary>
/// <param name="Part">subject, text or html.</param>
/// <param name="Sentence">What to do about it.</param>
public sealed record TemplateFault(string Part, string Sentence);

/// <summary>A name that a template writes out and that nobody gave.</summary>
/// <param name="Part">subject, text or html.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, of the name.</param>
public sealed record MissingVariable(string Name, string Part, int Line, int Column)
{
    public string Sentence => $"{Name} is missing ({Part}, line {Line}, column {Column}): give it in variables, or write {{{{ {Name} | default: \"…\" }}}} where it may be absent";
}

/// <summary>What filling a template came to.</summary>
public abstract record TemplateFilling
{
    private TemplateFilling() { }

    /// <param name="Subject">One line; null where the template has none.</param>
    /// <param name="Text">Null where the template has none.</param>
    /// <param name="Html">Null where the template has none.</param>
    public sealed record Filled(string? Subject, string? Text, string? Html) : TemplateFilling;

    public sealed record Missing(IReadOnlyList<MissingVariable> Variables) : TemplateFilling;

    /// <summary>It grew too large, took too many steps, or a filter got what it cannot use.</summary>
    public sealed record Failed(TemplateFault Fault) : TemplateFilling;
}

/// <summary>
/// The text of letters with Liquid in it, parsed once. A name that is written out must be there; one that the template asks about
/// first (<c>{% if name %}</c>) or gives a default may be absent.
/// </summary>
public sealed partial class MailTemplate
{
    private const int LongestSubject = 998;
    private readonly List<(string Part, LiquidText Liquid)> _parts;

    private MailTemplate(List<(string Part, LiquidText Liquid)> parts) => _parts = parts;

    /// <param name="faults">One for each part that cannot be read; empty when it parses.</param>
    public static MailTemplate? Parse(TemplateSource source, out IReadOnlyList<TemplateFault> faults)
    {
        var parts = new List<(string Part, LiquidText Liquid)>();
        var found = new List<TemplateFault>();
        foreach (var (part, text) in new[] { ("subject", source.Subject), ("text", source.Text), ("html", source.Html) })
        {
            if (text.Length == 0) continue;
            if (LiquidText.Parse(text, out string? error) is { } liquid) parts.Add((part, liquid));
            else found.Add(new(part, error ?? "The Liquid cannot be read"));
        }
        faults = found;
        return found.Count == 0 ? new MailTemplate(parts) : null;
    }

    /// <param name="now">The only clock that it sees.</param>
    public TemplateFilling Fill(JsonObject variables, DateTimeOffset now) => Fill(variables.ToList(), now);

    internal TemplateFilling Fill(IEnumerable<KeyValuePair<string, JsonNode?>> values, DateTimeOffset now)
    {
        var filled = new Dictionary<string, string>(StringComparer.Ordinal);
        var missing = new List<MissingVariable>();
        foreach (var (part, liquid) in _parts)
        {
            var names = new List<string>();
            try
            {
                filled[part] = liquid.RenderWatched(part == "html", values, now, FlowBounds.Default, names);
            }
            catch (FlowFailedException failure)
            {
                return new TemplateFilling.Failed(new(part, failure.Message));
            }
            missing.AddRange(names.Distinct(StringComparer.Ordinal).Select(name => Place(name, part, liquid.Source)).OfType<MissingVariable>());
        }
        return missing.Count > 0
            ? new TemplateFilling.Missing(missing)
            : new TemplateFilling.Filled(
                filled.TryGetValue("subject", out string? subject) ? OneLine.Of(subject, LongestSubject) : null, filled.GetValueOrDefault("text"), filled.GetValueOrDefault("html"));
    }

    /// <returns>Where the name is first written out; null where it may be absent.</returns>
    private static MissingVariable? Place(string name, string part, string source)
    {
        foreach (ValueMatch tag in Question().EnumerateMatches(source))
        {
            if (At(name, source, tag.Index, tag.Length) >= 0) return null;
        }
        foreach (ValueMatch tag in Output().EnumerateMatches(source))
        {
            if (At(name, source, tag.Index, tag.Length) is not (>= 0 and var at) || Default().IsMatch(source.AsSpan(tag.Index, tag.Length))) continue;
            int line = source.AsSpan(0, at).Count('\n');
            return new(name, part, line + 1, at - source.LastIndexOf('\n', at - 1)); // two braces stand before it
        }
        return null;
    }

    /// <returns>Where the name stands by itself within a tag; -1: nowhere.</returns>
    private static int At(string name, string source, int start, int length)
    {
        for (int at = source.IndexOf(name, start, length, StringComparison.Ordinal); at >= 0; at = Next(at))
        {
            bool before = at == 0 || !IsOfName(source[at - 1]);
            bool after = at + name.Length >= source.Length || !IsOfName(source[at + name.Length]) || source[at + name.Length] == '.';
            if (before && after) return at;
        }
        return -1;

        int Next(int at) => at + 1 < start + length ? source.IndexOf(name, at + 1, start + length - at - 1, StringComparison.Ordinal) : -1;
    }

    private static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or '"' or '\'';

    [GeneratedRegex(@"\{\{.*?\}\}", RegexOptions.Singleline)]
    private static partial Regex Output();

    [GeneratedRegex(@"\{%-?\s*(?:if|elsif|unless|case|when)\b.*?%\}", RegexOptions.Singleline)]
    private static partial Regex Question();

    [GeneratedRegex(@"\|\s*default\s*:")]
    private static partial Regex Default();
}
