using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Passerelle.Gateway.Tests.Sending;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Tokens;

/// <summary>Bodies that Microsoft's own client library is tested with, as the answer of a token endpoint.</summary>
public sealed partial class EntraBodiesTests
{
    [Fact, Corpus]
    public async Task Every_body_of_a_token_endpoint_is_understood_or_refused_as_what_it_is()
    {
        await using var rig = await SendingRig.OpenAsync();
        var app = await rig.AppAsync();
        var understood = new Tally("oauth-entra-metadata", "bodies understood");
        foreach (var one in Corpora.Json("oauth-entra-metadata", "bodies.json").EnumerateArray())
        {
            var json = one.GetProperty("json");
            var text = json.ValueKind is JsonValueKind.Null ? one.GetProperty("text").GetString() ?? "" : json.GetRawText();
            var refuses = json.ValueKind is not JsonValueKind.Object || json.TryGetProperty("error", out _);
            rig.Authority.Strange = ("/token", async http =>
            {
                http.Response.StatusCode = refuses ? 400 : 200;
                http.Response.ContentType = json.ValueKind is JsonValueKind.Null ? "text/html" : "application/json";
                await http.Response.WriteAsync(text);
            }
            );
            var reply = await rig.Requests.RefreshAsync(app, "refresh-1", TempStore.Cancel);
            understood.Count(IsUnderstood(json, text, reply), () => $"{text}\n    {reply}");
        }

        understood.Reaches();
    }

    private static bool IsUnderstood(JsonElement json, string text, TokenReply reply) => Text(json, "access_token") switch
    {
        { Length: > 0 } token => reply is TokenReply.Issued issued && issued.AccessToken.Reveal() == token,
        _ when reply is not TokenReply.Failed => json.ValueKind is not JsonValueKind.Object && !Number().IsMatch(text) && reply is TokenReply.Unreachable,
        _ when Text(json, "error") is { } error => reply is TokenReply.Failed failed
            && failed.Error.Error == error
            && failed.Error.Description == (Text(json, "error_description") ?? "")
            && failed.Error.Suberror == (Text(json, "suberror") ?? "")
            && failed.Error.TraceId == (Text(json, "trace_id") ?? "")
            && failed.Error.Codes.SequenceEqual(Codes(json, Text(json, "error_description") ?? "")),
        _ => reply is TokenReply.Failed failed && failed.Error.Codes.SequenceEqual(Codes(json, text)),
    };

    private static IEnumerable<long> Codes(JsonElement json, string text) =>
        json.ValueKind is JsonValueKind.Object && json.TryGetProperty("error_codes", out var codes)
            ? codes.EnumerateArray().Select(code => code.GetInt64())
            : Number().Matches(text).Take(1).Select(match => long.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind is JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex(@"AADSTS(\d+)")]
    private static partial Regex Number();
}
