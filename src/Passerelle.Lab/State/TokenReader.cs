using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Passerelle.Lab.State;

/// <summary>Reads an access token as Exchange and Graph do (facts §12): signed by the directory it names, in time, for them.
/// What the token permits is the caller's question.</summary>
internal sealed class TokenReader(Labs labs, SigningKeys keys)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <param name="token">The compact form, as it came behind <c>auth=Bearer</c>.</param>
    public Task<TokenReading> ReadForExchangeAsync(string token) => Task.FromResult(Read(token, Resources.Exchange));

    /// <param name="resource">Who asks: a token for somebody else is refused.</param>
    public TokenReading Read(string token, Guid resource)
    {
        if (CompactJws.Parse(token) is not { } jws || jws.Claims() is not { } claims) return new TokenReading.Refused(TokenFault.NotOurs);
        if (PlaceOf(claims) is not { } place) return new TokenReading.Refused(TokenFault.NotOurs);
        if (!IsOurs(jws, place.Directory)) return new TokenReading.Refused(TokenFault.NotOurs, place.Lab);
        if (CompactJws.Text(claims, "iss") != $"https://sts.windows.net/{place.Directory.Id}/")
            return new TokenReading.Refused(TokenFault.NotOurs, place.Lab);

        var now = place.Lab.Time.GetUtcNow();
        if (Seconds(claims, "exp") is not { } exp || exp <= now.ToUnixTimeSeconds()) return new TokenReading.Refused(TokenFault.Expired, place.Lab);
        if (Seconds(claims, "nbf") is not { } nbf || nbf > (now + Skew).ToUnixTimeSeconds()) return new TokenReading.Refused(TokenFault.NotYet, place.Lab);
        if (CompactJws.Text(claims, "aud") is not { } audience || Resources.OfAudience(audience) != resource)
            return new TokenReading.Refused(TokenFault.WrongAudience, place.Lab);

        return new TokenReading.Read(Of(place, claims, DateTimeOffset.FromUnixTimeSeconds(exp)));
    }

    /// <summary>The key must be the one that the directory signs with: neither another directory's nor one from the header.</summary>
    private bool IsOurs(CompactJws jws, LabDirectory directory)
    {
        SigningKey key = keys.Of(directory);
        if (CompactJws.Text(jws.Header, "kid") != key.Id) return false;
        using RSA? rsa = key.Certificate.GetRSAPublicKey();
        return rsa is not null && jws.IsSignedBy(rsa, "RS256");
    }

    /// <summary>Every lab has its own directory of personal accounts under the one id: there the application tells the lab.</summary>
    private DirectoryPlace? PlaceOf(JsonElement claims)
    {
        if (!Guid.TryParse(CompactJws.Text(claims, "tid"), out Guid id)) return null;
        return id != Resources.PersonalDirectory ? labs.Directory(id)
            : Guid.TryParse(CompactJws.Text(claims, "appid"), out Guid app) && labs.OfApp(app) is { } lab
                ? new DirectoryPlace(lab, lab.State.Personal)
                : null;
    }

    private static long? Seconds(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var seconds)
            && seconds is > 0 and < 253_402_300_800 // the year 10000
            ? seconds
            : null;

    private static AccessToken Of(DirectoryPlace place, JsonElement claims, DateTimeOffset expires) => new()
    {
        Lab = place.Lab,
        DirectoryId = place.Directory.Id,
        Scopes = CompactJws.Text(claims, "scp") is { Length: > 0 } scp ? [.. scp.Split(' ')] : [],
        Roles = claims.TryGetProperty("roles", out JsonElement roles) && roles.ValueKind is JsonValueKind.Array
            ? [.. roles.EnumerateArray().Select(r => r.ToString())]
            : [],
        ObjectId = Id(claims, "oid"),
        Upn = CompactJws.Text(claims, "upn"),
        ClientId = Id(claims, "appid"),
        Expires = expires,
    };

    private static Guid Id(JsonElement claims, string name) => Guid.TryParse(CompactJws.Text(claims, name), out Guid id) ? id : Guid.Empty;
}

/// <summary>What a token turned out to be.</summary>
internal abstract record TokenReading
{
    private TokenReading() { }

    public sealed record Read(AccessToken Token) : TokenReading;

    /// <param name="Lab">That of the directory it names, for the log; null when there is none.</param>
    public sealed record Refused(TokenFault Fault, Twin? Lab = null) : TokenReading;
}

internal enum TokenFault
{
    /// <summary>Unreadable, not signed by the directory it names, or that directory does not exist.</summary>
    NotOurs,
    Expired,
    NotYet,
    WrongAudience,
}

/// <summary>A genuine token for the one who asks, in time.</summary>
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
