using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Passerelle.Lab.Identity;

/// <summary>How the token endpoint answers.</summary>
internal abstract record TokenAnswer
{
    private TokenAnswer() { }

    public sealed record Issued(TokenReply Reply) : TokenAnswer;

    public sealed record Refused(StsError Error) : TokenAnswer;

    public static implicit operator TokenAnswer(StsError error) => new Refused(error);
}

/// <summary>The success body (facts §1.5); absent members are left out, as MSAL expects.</summary>
internal sealed record TokenReply
{
    [JsonPropertyName("token_type")] public string TokenType => "Bearer";

    [JsonPropertyName("scope")] public string? Scope { get; init; }

    [JsonPropertyName("expires_in")] public required int ExpiresIn { get; init; }

    [JsonPropertyName("ext_expires_in")] public int ExtExpiresIn => ExpiresIn;

    [JsonPropertyName("access_token")] public required string AccessToken { get; init; }

    [JsonPropertyName("refresh_token")] public string? RefreshToken { get; init; }

    [JsonPropertyName("id_token")] public string? IdToken { get; init; }

    [JsonPropertyName("client_info")] public string? ClientInfo { get; init; }

    /// <summary>What the token is for; v1 names it in the answer.</summary>
    [JsonIgnore] public string Resource { get; init; } = "";

    /// <summary>As the v1 endpoint writes it: numbers as strings (facts §1.5), the times beside them.</summary>
    public JsonObject OnOldEndpoint(DateTimeOffset now)
    {
        var seconds = ExpiresIn.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var body = new JsonObject
        {
            ["token_type"] = TokenType,
            ["scope"] = Scope,
            ["expires_in"] = seconds,
            ["ext_expires_in"] = seconds,
            ["expires_on"] = now.AddSeconds(ExpiresIn).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["not_before"] = now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["resource"] = Resource,
            ["access_token"] = AccessToken,
            ["refresh_token"] = RefreshToken,
            ["id_token"] = IdToken,
        };
        foreach (var absent in body.Where(m => m.Value is null).Select(m => m.Key).ToArray()) body.Remove(absent);
        return body;
    }
}

/// <summary>The error body of every JSON endpoint.</summary>
internal static class StsErrorBody
{
    private const string HelpPage = "https://login.microsoftonline.com/error?code=";

    public static JsonObject Of(StsError error, StsTrace trace)
    {
        var body = new JsonObject
        {
            ["error"] = error.Error,
            ["error_description"] = error.Describe(trace),
            ["error_codes"] = new JsonArray(error.Code),
            ["timestamp"] = trace.Timestamp,
            ["trace_id"] = trace.TraceId.ToString(),
            ["correlation_id"] = trace.CorrelationId.ToString(),
            ["error_uri"] = HelpPage + error.Code.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        if (error.Suberror is { } suberror) body["suberror"] = suberror;
        if (error.Claims is { } claims) body["claims"] = claims;
        return body;
    }
}
