using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tokens;

/// <summary>Who signed in, as a validated id_token says.</summary>
/// <param name="Account">preferred_username, else email; empty when the provider tells neither.</param>
/// <param name="Subject">oid, else sub.</param>
/// <param name="Directory">tid; empty outside Entra.</param>
internal sealed record SignedIn(string Account, string Subject, string Directory)
{
    public static SignedIn Nobody { get; } = new("", "", "");
}

/// <summary>Who it is that a token was issued to.</summary>
internal abstract record Identification
{
    private Identification() { }

    public sealed record Known(SignedIn Who) : Identification;

    /// <summary>The provider said something that proves nothing, or nothing.</summary>
    public sealed record Unproven(string Check, string Words) : Identification;

    public sealed record Later(string Reason) : Identification;
}

/// <summary>OpenID Connect Core 1.0 §3.1.3.7: signature, issuer, audience, time, nonce.</summary>
internal sealed class IdTokens(Providers providers, IOptions<TokensOptions> options, TimeProvider time)
{
    /// <param name="issuer">Empty when the provider publishes none.</param>
    /// <param name="nonce">Null where none can be sent (device codes).</param>
    public async Task<Identification> IdentifyAsync(EmailApp app, TokenReply.Issued issued, string issuer, string? nonce, CancellationToken cancel)
    {
        if (issued.IdToken is not { } idToken)
        {
            return app.Scope.Split(' ').Contains("openid")
                ? new Identification.Unproven("token-request", "The provider sent no id_token although openid was asked for")
                : new Identification.Known(SignedIn.Nobody);
        }
        try
        {
            var jwks = issuer.Length == 0 ? "" : await providers.FindAsync(app.AuthorizationUrl, cancel) is Provider.Known known ? known.JwksUri : null;
            if (jwks is null) return new Identification.Later("The provider's keys cannot be fetched");
            var (who, reason) = await ValidateAsync(idToken, issuer, jwks, app.ClientId, nonce, cancel);
            return who is null ? new Identification.Unproven("sign-in", reason) : new Identification.Known(who);
        }
        catch (HttpRequestException)
        {
            return new Identification.Later("The provider's keys cannot be fetched");
        }
    }

    /// <summary>Checks a token that came straight from the token endpoint over TLS.</summary>
    /// <param name="issuer">Empty when the provider publishes nothing; then TLS vouches for the origin (§3.1.3.7 rule 6).</param>
    /// <returns>Null and a reason when it proves nothing.</returns>
    /// <exception cref="HttpRequestException">The signing keys cannot be fetched.</exception>
    public async Task<(SignedIn? Who, string Reason)> ValidateAsync(
        string idToken, string issuer, string jwksUri, string clientId, string? nonce, CancellationToken cancel)
    {
        var handler = new JsonWebTokenHandler { MapInboundClaims = false, MaximumTokenSizeInBytes = 64 * 1024 };
        if (!handler.CanReadToken(idToken)) return (null, "The id_token is not a signed token");

        var keys = issuer.Length == 0 ? [] : await providers.KeysAsync(jwksUri, handler.ReadJsonWebToken(idToken).Kid, cancel);
        var result = await handler.ValidateTokenAsync(idToken, Rules(issuer, clientId, keys));
        if (!result.IsValid) return (null, $"The id_token is not valid: {result.Exception.GetType().Name}");
        if (nonce is not null && Claim(result, "nonce") != nonce) return (null, "The id_token answers another sign-in (nonce)");
        var account = Claim(result, "preferred_username") is { Length: > 0 } name ? name : Claim(result, "email");
        var subject = Claim(result, "oid") is { Length: > 0 } oid ? oid : Claim(result, "sub");
        return (new SignedIn(account, subject, Claim(result, "tid")), "");
    }

    private TokenValidationParameters Rules(string issuer, string clientId, IReadOnlyList<SecurityKey> keys)
    {
        var signed = issuer.Length > 0;
        return new TokenValidationParameters
        {
            ValidateIssuer = signed,
            ValidIssuer = issuer,
            ValidAudience = clientId,
            IssuerSigningKeys = keys,
            RequireSignedTokens = signed,
            SignatureValidator = signed ? null : static (token, _) => new JsonWebToken(token),
            ValidAlgorithms = ["RS256", "PS256", "ES256"],
            LifetimeValidator = (from, until, _, _) => InTime(from, until),
        };
    }

    private bool InTime(DateTime? from, DateTime? until)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var skew = TimeSpan.FromSeconds(Math.Max(options.Value.ClockSkewSeconds, 300)); // Entra's own tolerance is five minutes
        return until is { } end && end + skew > now && (from is not { } start || start - skew < now);
    }

    private static string Claim(TokenValidationResult result, string name) =>
        result.Claims.TryGetValue(name, out var value) ? value as string ?? "" : "";
}
