using System.Collections.Immutable;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Passerelle.Lab.State;

/// <summary>Reads an access token as Exchange does (facts §12): signed by the directory it names, in time, for Exchange.
/// What the token permits is the caller's question.</summary>
internal sealed class TokenReader(Labs labs, SigningKeys keys)
{
    private const int LongestToken = 16 * 1024;
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = LongestToken, MapInboundClaims = false };

    /// <param name="token">The compact form, as it came behind <c>auth=Bearer</c>.</param>
    public async Task<TokenReading> ReadForExchangeAsync(string token)
    {
        if (DirectoryOf(token) is not { } place) return new TokenReading.Refused(TokenFault.NotOurs);

        TokenValidationResult result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            IssuerSigningKey = keys.Of(place.Directory).Key,
            TryAllIssuerSigningKeys = false,
            ValidIssuer = $"https://sts.windows.net/{place.Directory.Id}/",
            ValidateAudience = false, // judged below: Exchange looks at the times first
            ValidateLifetime = false, // judged below on lab time
            RequireSignedTokens = true,
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt) return new TokenReading.Refused(TokenFault.NotOurs);

        DateTimeOffset now = place.Lab.Time.GetUtcNow();
        if (Seconds(jwt, "exp") is not { } exp || exp <= now.ToUnixTimeSeconds()) return new TokenReading.Refused(TokenFault.Expired);
        if (Seconds(jwt, "nbf") is not { } nbf || nbf > now.AddMinutes(5).ToUnixTimeSeconds())
            return new TokenReading.Refused(TokenFault.NotYet);
        if (jwt.Audiences.Count() != 1 || Resources.OfAudience(jwt.Audiences.Single()) != Resources.Exchange)
            return new TokenReading.Refused(TokenFault.WrongAudience);

        return new TokenReading.Read(Of(place, jwt, DateTimeOffset.FromUnixTimeSeconds(exp)));
    }

    private DirectoryPlace? DirectoryOf(string token)
    {
        if (token.Length > LongestToken || !_handler.CanReadToken(token)) return null;
        try
        {
            var tid = _handler.ReadJsonWebToken(token).TryGetPayloadValue("tid", out string? value) ? value : null;
            return Guid.TryParse(tid, out Guid id) ? labs.Directory(id) : null;
        }
        catch (ArgumentException)
        {
            return null; // it has the shape of a token, but its parts are not JSON
        }
    }

    private static long? Seconds(JsonWebToken jwt, string claim) =>
        jwt.TryGetPayloadValue(claim, out long seconds) ? seconds : null;

    private static AccessToken Of(DirectoryPlace place, JsonWebToken jwt, DateTimeOffset expires) => new()
    {
        Lab = place.Lab,
        DirectoryId = place.Directory.Id,
        Scopes = jwt.TryGetPayloadValue("scp", out string? scp) && scp is not null ? [.. scp.Split(' ')] : [],
        Roles = jwt.TryGetPayloadValue("roles", out string[]? roles) && roles is not null ? [.. roles] : [],
        ObjectId = jwt.TryGetPayloadValue("oid", out string? oid) && Guid.TryParse(oid, out Guid id) ? id : Guid.Empty,
        Upn = jwt.TryGetPayloadValue("upn", out string? upn) ? upn : null,
        ClientId = jwt.TryGetPayloadValue("appid", out string? app) && Guid.TryParse(app, out Guid client) ? client : Guid.Empty,
        Expires = expires,
    };
}

/// <summary>What a token turned out to be.</summary>
internal abstract record TokenReading
{
    private TokenReading() { }

    public sealed record Read(AccessToken Token) : TokenReading;

    public sealed record Refused(TokenFault Fault) : TokenReading;
}

internal enum TokenFault
{
    /// <summary>Unreadable, not signed by the directory it names, or that directory does not exist.</summary>
    NotOurs,
    Expired,
    NotYet,
    WrongAudience,
}

/// <summary>A genuine token for Exchange that is in time.</summary>
internal sealed record AccessToken
{
    public required Twin Lab { get; init; }
    public required Guid DirectoryId { get; init; }

    /// <summary>Delegated permissions (<c>scp</c>), short names; empty in app-only tokens.</summary>
    public required ImmutableArray<string> Scopes { get; init; }

    /// <summary>Application permissions (<c>roles</c>); empty when nothing was granted.</summary>
    public required ImmutableArray<string> Roles { get; init; }

    /// <summary>The person, or the enterprise application in app-only tokens.</summary>
    public required Guid ObjectId { get; init; }

    /// <summary>Null in app-only tokens.</summary>
    public required string? Upn { get; init; }

    public required Guid ClientId { get; init; }
    public required DateTimeOffset Expires { get; init; }
    public bool AppOnly => Upn is null;
}
