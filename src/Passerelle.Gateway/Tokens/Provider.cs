using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using Passerelle.Gateway.Outbound;

namespace Passerelle.Gateway.Tokens;

/// <summary>What a provider says about itself (OpenID Connect Discovery 1.0 §3, §4).</summary>
internal abstract record Provider
{
    private Provider() { }

    public sealed record Known(string Issuer, string JwksUri) : Provider
    {
        /// <summary>Where device codes are handed out (RFC 8628 §4); null: nowhere.</summary>
        public string? DeviceUrl { get; init; }
    }

    /// <summary>It publishes nothing: plain OAuth 2.0, nobody's signature to check.</summary>
    public sealed record Silent : Provider;

    /// <summary>It answered with an error of its own, e.g. that there is no such directory.</summary>
    public sealed record Failed(OAuthError Error) : Provider;

    public sealed record Unreachable(string Reason) : Provider;
}

/// <summary>Discovery documents and signing keys, fetched through the outbound policy and kept.</summary>
internal sealed class Providers(OutboundHttp http, TimeProvider time)
{
    private const string EntraAuthorize = "/oauth2/v2.0/authorize";
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, (IReadOnlyList<SecurityKey> Keys, DateTimeOffset At)> _keys = new();

    /// <summary>Entra's document sits under the directory; everybody else's at the root of the issuer's host.</summary>
    public async Task<Provider> FindAsync(string authorizationUrl, CancellationToken cancel)
    {
        try
        {
            using var client = http.Client("tokens");
            using var response = await client.GetAsync(DiscoveryOf(new Uri(authorizationUrl)), cancel);
            var json = Parse(await response.Content.ReadAsStringAsync(cancel));
            if (!response.IsSuccessStatusCode) return Refused((int)response.StatusCode, json);
            return json is { } body && Text(body, "issuer") is { Length: > 0 } issuer && Text(body, "jwks_uri") is { Length: > 0 } keys
                ? new Provider.Known(issuer, keys) { DeviceUrl = Text(body, "device_authorization_endpoint") }
                : new Provider.Silent();
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return OutboundRefused.In(failure) is { } refused
                ? new Provider.Failed(new OAuthError { Error = "not allowed", Description = refused.Message })
                : new Provider.Unreachable($"The provider cannot be reached: {failure.GetBaseException().Message}");
        }
    }

    /// <param name="keyId">When it is among none of the kept keys they are fetched anew, at most every 5 minutes.</param>
    /// <exception cref="HttpRequestException">The keys cannot be fetched.</exception>
    public async Task<IReadOnlyList<SecurityKey>> KeysAsync(string jwksUri, string keyId, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (_keys.TryGetValue(jwksUri, out var kept)
            && now - kept.At < (kept.Keys.Any(key => key.KeyId == keyId) ? KeptFor : AskAgain))
        {
            return kept.Keys;
        }
        var keys = await FetchKeysAsync(jwksUri, cancel);
        _keys[jwksUri] = (keys, now);
        return keys;
    }

    private async Task<IReadOnlyList<SecurityKey>> FetchKeysAsync(string jwksUri, CancellationToken cancel)
    {
        using var client = http.Client("tokens");
        try
        {
            return [.. new JsonWebKeySet(await client.GetStringAsync(new Uri(jwksUri), cancel)).GetSigningKeys()];
        }
        catch (Exception failure) when (failure is OperationCanceledException or ArgumentException or JsonException && !cancel.IsCancellationRequested)
        {
            throw new HttpRequestException("The provider's keys cannot be read", failure); // no answer in time, or no key set
        }
    }

    private static Uri DiscoveryOf(Uri authorize) => authorize.AbsolutePath.EndsWith(EntraAuthorize, StringComparison.OrdinalIgnoreCase)
        ? new Uri(authorize, $"{authorize.AbsolutePath[..^EntraAuthorize.Length]}/v2.0/.well-known/openid-configuration")
        : new Uri(authorize, "/.well-known/openid-configuration");

    private static Provider Refused(int status, JsonElement? json) => (status, json) switch
    {
        ( >= 500 or 429, _) => new Provider.Unreachable($"The provider answers HTTP {status}"),
        (_, { ValueKind: JsonValueKind.Object } body) when body.TryGetProperty("error", out _) => new Provider.Failed(OAuthError.Of(null, status, body)),
        _ => new Provider.Silent(),
    };

    private static JsonElement? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null; // a page for people: this provider publishes nothing here
        }
    }

    private static string? Text(JsonElement body, string name) =>
        body.ValueKind is JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
