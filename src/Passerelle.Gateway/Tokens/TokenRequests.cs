using System.Net.Http.Headers;
using Duende.IdentityModel.Client;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tokens;

/// <summary>What the token endpoint answered.</summary>
internal abstract record TokenReply
{
    private TokenReply() { }

    /// <param name="RefreshToken">Null: the provider keeps the old one valid.</param>
    public sealed record Issued(
        SecretText AccessToken, DateTimeOffset ExpiresAt, SecretText? RefreshToken, string? IdToken, string Scope) : TokenReply;

    public sealed record Failed(OAuthError Error) : TokenReply;

    /// <param name="AtLeast">What the provider asked for (Retry-After), at most an hour.</param>
    public sealed record Unreachable(string Reason, TimeSpan? AtLeast) : TokenReply;
}

/// <summary>The two calls to a token endpoint (RFC 6749 §4.1.3, §6), client secret in the body, PKCE (RFC 7636).</summary>
internal sealed class TokenRequests(OutboundHttp http, Sealer sealer, TimeProvider time)
{
    public Task<TokenReply> RedeemAsync(
        EmailApp app, string tokenUrl, string code, string verifier, string redirectUri, CancellationToken cancel) =>
        AskAsync(
            client => client.RequestAuthorizationCodeTokenAsync(
                new AuthorizationCodeTokenRequest
                {
                    Address = tokenUrl,
                    ClientId = app.ClientId,
                    ClientSecret = ClientSecret(app),
                    ClientCredentialStyle = ClientCredentialStyle.PostBody,
                    Code = code,
                    CodeVerifier = verifier,
                    RedirectUri = redirectUri,
                },
                cancel),
            app.Scope,
            cancel);

    public Task<TokenReply> RefreshAsync(EmailApp app, string refreshToken, CancellationToken cancel) =>
        AskAsync(
            client => client.RequestRefreshTokenAsync(
                new RefreshTokenRequest
                {
                    Address = app.RefreshUrl.Length > 0 ? app.RefreshUrl : app.TokenUrl,
                    ClientId = app.ClientId,
                    ClientSecret = ClientSecret(app),
                    ClientCredentialStyle = ClientCredentialStyle.PostBody,
                    RefreshToken = refreshToken,
                    Scope = app.Scope,
                },
                cancel),
            app.Scope,
            cancel);

    private async Task<TokenReply> AskAsync(
        Func<HttpClient, Task<TokenResponse>> ask, string asked, CancellationToken cancel)
    {
        var now = time.GetUtcNow(); // before the answer: a slow one must not lengthen the token's life
        using var client = http.Client("tokens");
        using var response = await ask(client);
        cancel.ThrowIfCancellationRequested();
        return response switch
        {
            { ErrorType: ResponseErrorType.Exception } => Unreachable(response),
            { IsError: false, AccessToken: { Length: > 0 } token } => new TokenReply.Issued(
                new SecretText(token),
                now.AddSeconds(response.ExpiresIn > 0 ? response.ExpiresIn : 3600),
                response.RefreshToken is { Length: > 0 } refresh ? new SecretText(refresh) : null,
                response.IdentityToken,
                response.Scope is { Length: > 0 } scope ? scope : asked),
            { IsError: false } => new TokenReply.Failed(OAuthError.Of("The answer holds no access token", (int)response.HttpStatusCode, response.Json)),
            _ => Failed(response),
        };
    }

    private TokenReply Failed(TokenResponse response)
    {
        var error = OAuthError.Of(response);
        return Causes.Of(error).Reaction is Reaction.Retry
            ? new TokenReply.Unreachable(error.Words, RetryAfter(response.HttpResponse?.Headers.RetryAfter))
            : new TokenReply.Failed(error);
    }

    /// <summary>A closed address is a setting to change, not a provider to wait for.</summary>
    private static TokenReply Unreachable(TokenResponse response) => OutboundRefused.In(response.Exception) is { } refused
        ? new TokenReply.Failed(new OAuthError { Error = "not allowed", Description = refused.Message })
        : new TokenReply.Unreachable($"The token endpoint cannot be reached: {response.Exception?.GetBaseException().Message}", null);

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var asked = header?.Delta ?? header?.Date - time.GetUtcNow();
        return asked is { } wait && wait > TimeSpan.Zero ? (wait < TimeSpan.FromHours(1) ? wait : TimeSpan.FromHours(1)) : null;
    }

    private string? ClientSecret(EmailApp app) => app.ClientSecret is { } secret
        ? sealer.Open("app", "client_secret", app.OrganisationId, app.Id, secret)
        : null;
}
