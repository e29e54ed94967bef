using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>Makes the tokens of facts §1.13, signed RS256: v1 access tokens for Exchange and Graph, v2 id_tokens.</summary>
internal sealed class TokenMint(SigningKeys keys, Addresses addresses)
{
    private const int IdTokenSeconds = 3600;
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <param name="scopes">Short names for <c>scp</c>.</param>
    /// <param name="proof">How the client proved itself: <c>appidacr</c>.</param>
    public string ForUser(
        DirectoryPlace place, AppRegistration app, LabUser user, string audience, IEnumerable<string> scopes, string proof, bool mfa,
        int seconds)
    {
        JsonObject claims = Common(place, app, audience, proof, seconds);
        claims["acr"] = "1";
        claims["amr"] = mfa ? new JsonArray("pwd", "mfa") : new JsonArray("pwd");
        claims["idtyp"] = "user";
        claims["ipaddr"] = "127.0.0.1";
        claims["name"] = user.DisplayName;
        claims["oid"] = user.Id.ToString();
        claims["puid"] = Convert.ToHexString(SHA256.HashData(user.Id.ToByteArray()).AsSpan(0, 8));
        claims["scp"] = string.Join(' ', scopes);
        claims["sub"] = Pairwise(app.ClientId, user.Id);
        claims["unique_name"] = user.Address;
        claims["upn"] = user.Address;
        return Sign(place.Directory, claims);
    }

    /// <param name="roles">When empty there is no <c>roles</c> claim at all: the trap of facts §12.</param>
    public string ForApp(
        DirectoryPlace place, AppRegistration app, EnterpriseApp principal, string audience, ImmutableArray<string> roles,
        string proof, int seconds)
    {
        JsonObject claims = Common(place, app, audience, proof, seconds);
        claims["idp"] = $"https://sts.windows.net/{place.Directory.Id}/";
        claims["idtyp"] = "app";
        claims["oid"] = principal.ObjectId.ToString();
        if (roles.Length > 0) claims["roles"] = new JsonArray([.. roles.Select(r => (JsonNode)r)]);
        claims["sub"] = principal.ObjectId.ToString();
        return Sign(place.Directory, claims);
    }

    /// <param name="code">Given at authorize only: adds <c>c_hash</c>.</param>
    /// <param name="accessToken">Given at authorize only: adds <c>at_hash</c>.</param>
    /// <param name="old">As the v1 endpoint writes it.</param>
    public string Id(
        DirectoryPlace place, AppRegistration app, LabUser user, Scopes scopes, string? nonce, string? code = null, string? accessToken = null,
        bool old = false)
    {
        var now = place.Lab.Time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["aud"] = app.ClientId.ToString(),
            ["iss"] = $"{addresses.Https}/{place.Directory.Id}/v2.0",
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + IdTokenSeconds,
            ["aio"] = Noise(48),
            ["name"] = user.DisplayName,
            ["oid"] = user.Id.ToString(),
            ["preferred_username"] = user.Address,
            ["rh"] = "1." + Noise(24) + ".",
            ["sub"] = Pairwise(app.ClientId, user.Id),
            ["tid"] = place.Directory.Id.ToString(),
            ["uti"] = Noise(16),
            ["ver"] = "2.0",
        };
        if (old)
        {
            claims["iss"] = $"https://sts.windows.net/{place.Directory.Id}/";
            claims["ver"] = "1.0";
            claims["unique_name"] = user.Address;
            claims["upn"] = user.Address;
            claims.Remove("preferred_username");
        }

        if (scopes.SignIn.Contains("email")) claims["email"] = user.Address;
        if (nonce is not null) claims["nonce"] = nonce;
        if (code is not null) claims["c_hash"] = HalfHash(code);
        if (accessToken is not null) claims["at_hash"] = HalfHash(accessToken);
        return Sign(place.Directory, claims);
    }

    private static JsonObject Common(DirectoryPlace place, AppRegistration app, string audience, string proof, int seconds)
    {
        var now = place.Lab.Time.GetUtcNow().ToUnixTimeSeconds();
        return new JsonObject
        {
            ["aud"] = audience,
            ["iss"] = $"https://sts.windows.net/{place.Directory.Id}/",
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + seconds,
            ["aio"] = Noise(32),
            ["app_displayname"] = app.DisplayName,
            ["appid"] = app.ClientId.ToString(),
            ["appidacr"] = proof,
            ["rh"] = "1." + Noise(24) + ".",
            ["tid"] = place.Directory.Id.ToString(),
            ["uti"] = Noise(16),
            ["ver"] = "1.0",
        };
    }

    /// <summary>The handler adds <c>kid</c> and <c>x5t</c> from the key.</summary>
    private string Sign(LabDirectory directory, JsonObject claims) =>
        _handler.CreateToken(claims.ToJsonString(), keys.Of(directory).Credentials);

    /// <summary>The same person has another <c>sub</c> in every application.</summary>
    public static string Pairwise(Guid clientId, Guid userId) =>
        WebEncoders.Base64UrlEncode(SHA256.HashData([.. clientId.ToByteArray(), .. userId.ToByteArray()]));

    /// <summary>OpenID Connect Core §3.3.2.11: left half of the SHA-256 of the ASCII text.</summary>
    private static string HalfHash(string text) =>
        WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(text)).AsSpan(0, 16));

    private static string Noise(int bytes) => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(bytes));
}
