using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Duende.IdentityModel.Client;

namespace Passerelle.Gateway.Tokens;

/// <summary>An error answer of RFC 6749 §5.2 or §4.1.2.1 with every field that Entra adds.</summary>
internal sealed partial record OAuthError
{
    public required string Error { get; init; }
    public string Description { get; init; } = "";
    public string Suberror { get; init; } = "";

    /// <summary>AADSTS numbers, the telling one first; empty with other providers.</summary>
    public IReadOnlyList<long> Codes { get; init; } = [];
    public string TraceId { get; init; } = "";
    public string CorrelationId { get; init; } = "";
    public string Timestamp { get; init; } = "";

    /// <summary>A claims challenge of Conditional Access, JSON; empty otherwise.</summary>
    public string Claims { get; init; } = "";

    /// <summary>0 when it came by redirect.</summary>
    public int HttpStatus { get; init; }

    /// <summary>The other side's own words, with whatever its support will ask for.</summary>
    public string Words
    {
        get
        {
            var status = HttpStatus == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" (HTTP {HttpStatus})");
            var extra = new[] { ("suberror", Suberror), ("trace", TraceId), ("correlation", CorrelationId), ("at", Timestamp), ("claims", Claims) }
                .Where(pair => pair.Item2.Length > 0 && !Description.Contains(pair.Item2, StringComparison.OrdinalIgnoreCase))
                .Select(pair => $"{pair.Item1} {pair.Item2}");
            return string.Join("; ", [$"{Error}{status}{(Description.Length == 0 ? "" : ": ")}{Description}", .. extra]);
        }
    }

    public static OAuthError Of(TokenResponse response) => Of(response.Error, (int)response.HttpStatusCode, response.Json);

    public static OAuthError OfRedirect(string error, string description, string suberror) => new()
    {
        Error = Bound(error),
        Description = Bound(description),
        Suberror = Bound(suberror),
        Codes = InText(description),
    };

    /// <summary>An answer for people's eyes: of a page only the line with Microsoft's number is telling.</summary>
    public static OAuthError OfPage(string text, int status)
    {
        var at = text.IndexOf("AADSTS", StringComparison.Ordinal);
        var end = at < 0 ? -1 : text.IndexOf('<', at);
        return OfRedirect("page", at < 0 ? "" : end < 0 ? text[at..] : text[at..end], "") with { HttpStatus = status };
    }

    /// <param name="json">The body, when it was JSON.</param>
    public static OAuthError Of(string? error, int status, JsonElement? json)
    {
        var description = Text(json, "error_description");
        var listed = Numbers(json);
        return new OAuthError
        {
            Error = Bound(Text(json, "error") is { Length: > 0 } named ? named : error ?? "error"),
            Description = description,
            Suberror = Text(json, "suberror"),
            Codes = listed.Count > 0 ? listed : InText(description),
            TraceId = Text(json, "trace_id"),
            CorrelationId = Text(json, "correlation_id"),
            Timestamp = Text(json, "timestamp"),
            Claims = Text(json, "claims"),
            HttpStatus = status,
        };
    }

    private static string Text(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? Bound(value.GetString() ?? "")
            : "";

    private static List<long> Numbers(JsonElement? json) =>
        json is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("error_codes", out var codes) && codes.ValueKind is JsonValueKind.Array
            ? [.. codes.EnumerateArray().Take(8).Where(code => code.ValueKind is JsonValueKind.Number && code.TryGetInt64(out _)).Select(code => code.GetInt64())]
            : [];

    private static List<long> InText(string description) =>
        AadSts().Match(Bound(description)) is { Success: true } match
            ? [long.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)]
            : [];

    private static string Bound(string text) => text.Length > 2000 ? text[..2000] : text;

    [GeneratedRegex(@"AADSTS(\d{3,12})")]
    private static partial Regex AadSts();
}
