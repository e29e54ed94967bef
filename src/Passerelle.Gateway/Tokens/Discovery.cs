using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;

namespace Passerelle.Gateway.Tokens;

/// <summary>What a discovery address answered.</summary>
internal abstract record DiscoveryOutcome
{
    private DiscoveryOutcome() { }

    /// <param name="Scopes">What the provider says it knows; empty when it says nothing.</param>
    public sealed record Found(string Issuer, string AuthorizationUrl, string TokenUrl, IReadOnlyList<string> Scopes) : DiscoveryOutcome;

    /// <param name="Code">What is wrong; the words are the resource <c>discovery.{Code}</c>, in the reader's language.</param>
    /// <param name="Arguments">Fill {0} and on.</param>
    public sealed record Failed(string Code, params IReadOnlyList<string> Arguments) : DiscoveryOutcome
    {
        /// <summary>In English, for programs.</summary>
        public string Sentence => ProblemWords.English($"discovery.{Code}", Arguments);
    }
}

/// <summary>Reads a provider's own description (OpenID Connect Discovery 1.0 §4, RFC 8414 §3), so that nobody copies its addresses by hand.</summary>
internal sealed class Discovery(OutboundHttp http)
{
    private const string OpenId = "/.well-known/openid-configuration";
    private const string OAuth = "/.well-known/oauth-authorization-server";

    /// <param name="address">The document's own address, or the issuer's.</param>
    public async Task<DiscoveryOutcome> ReadAsync(string address, CancellationToken cancel)
    {
        if (!Uri.TryCreate(address.Trim(), UriKind.Absolute, out var given) || !(given.Scheme == "https" || (given.Scheme == "http" && given.IsLoopback)))
        {
            return new DiscoveryOutcome.Failed("address");
        }
        var document = given.AbsolutePath.Contains("/.well-known/", StringComparison.Ordinal) ? given : new Uri($"{given.GetLeftPart(UriPartial.Path).TrimEnd('/')}{OpenId}");
        try
        {
            using var client = http.Client("discovery");
            using var response = await client.GetAsync(document, cancel);
            if (!response.IsSuccessStatusCode) return new DiscoveryOutcome.Failed("status", $"{document}", $"{(int)response.StatusCode}");
            return Judge(document, await response.Content.ReadAsStringAsync(cancel));
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return OutboundRefused.In(failure) is { } refused
                ? new DiscoveryOutcome.Failed("closed", refused.Message)
                : new DiscoveryOutcome.Failed("unreachable", document.Host, failure.GetBaseException().Message);
        }
    }

    private static DiscoveryOutcome Judge(Uri document, string json)
    {
        JsonElement body;
        try
        {
            using var parsed = JsonDocument.Parse(json);
            body = parsed.RootElement.Clone();
        }
        catch (JsonException)
        {
            return new DiscoveryOutcome.Failed("page", $"{document}", OpenId);
        }
        var (issuer, authorize, token) = (Text(body, "issuer"), Text(body, "authorization_endpoint"), Text(body, "token_endpoint"));
        if (issuer.Length == 0 || authorize.Length == 0 || token.Length == 0)
        {
            return new DiscoveryOutcome.Failed("kind", $"{document}");
        }
        // OpenID Connect Discovery §4.3, RFC 8414 §3.3: the issuer MUST be the one that was asked
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var said) || !IsDocumentOf(said, document))
        {
            return new DiscoveryOutcome.Failed("issuer", $"{document}", issuer);
        }
        return new DiscoveryOutcome.Found(issuer, authorize, token, Scopes(body));
    }

    /// <summary>RFC 8414 puts the well-known part between host and path, OpenID Connect behind the path.</summary>
    private static bool IsDocumentOf(Uri issuer, Uri document)
    {
        var (root, path) = (issuer.GetLeftPart(UriPartial.Authority), issuer.AbsolutePath.TrimEnd('/'));
        return new[] { $"{root}{path}{OpenId}", $"{root}{OAuth}{path}", $"{root}{OpenId}{path}" }
            .Contains(document.GetLeftPart(UriPartial.Path), StringComparer.OrdinalIgnoreCase);
    }

    private static string Text(JsonElement body, string name) =>
        body.ValueKind is JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() ?? "" : "";

    private static IReadOnlyList<string> Scopes(JsonElement body) =>
        body.TryGetProperty("scopes_supported", out var scopes) && scopes.ValueKind is JsonValueKind.Array
            ? [.. scopes.EnumerateArray().Where(scope => scope.ValueKind is JsonValueKind.String).Select(scope => scope.GetString() ?? "").Take(100)]
            : [];
}
