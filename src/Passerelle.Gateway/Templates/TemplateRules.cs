using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Passerelle.Flows.Liquid;

namespace Passerelle.Gateway.Templates;

/// <summary>Every rule of the form.</summary>
internal static partial class TemplateRules
{
    public const int LongestName = 100;
    public const int LongestSubject = 2_000;
    public const int LongestPart = 200_000;
    public const int LongestSample = 20_000;

    public static IReadOnlyList<TemplateFault> Judge(TemplateForm form)
    {
        var faults = new List<TemplateFault>();
        if (!Name().IsMatch(form.Name)) faults.Add(new("name", "A name has up to 100 lower-case letters, digits and hyphens"));
        if (form.Subject.Length > LongestSubject) faults.Add(new("subject", "The subject is longer than 2,000 characters: shorten it"));
        if (form.Text.Length > LongestPart) faults.Add(new("text", "The text is longer than 200,000 characters: shorten it"));
        if (form.Html.Length > LongestPart) faults.Add(new("html", "The HTML is longer than 200,000 characters: shorten it"));
        if (form is { Text.Length: 0, Html.Length: 0 }) faults.Add(new("text", "Write something: text or HTML"));
        if (Sample(form.Sample) is null) faults.Add(new("sample", "The sample is a JSON object of up to 20,000 characters, as in { \"name\": \"Ann\" }"));
        if (faults.Count == 0)
        {
            MailTemplate.Parse(form.Source, out var found);
            faults.AddRange(found);
        }
        return faults;
    }

    /// <returns>Null when it is no JSON object.</returns>
    public static JsonObject? Sample(string json)
    {
        if (json.Length > LongestSample) return null;
        if (string.IsNullOrWhiteSpace(json)) return [];
        try
        {
            return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 20 }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
