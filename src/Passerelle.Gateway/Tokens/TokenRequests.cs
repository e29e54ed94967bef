using System.Net.Http.Headers;
using System.Text.Json;
using Duende.IdentityModel.Client;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;

namespace Passerelle.Gateway.Tokens;

/// <summary>What the token endpoint answered.</summary>
internal abstract record TokenReply
{
    private TokenReply() { }

    /// <param name="RefreshToken">Null: the provider keeps the old one valid.</param>
    public sealed record Issued(
        SecretText AccessToken, DateTimeOffset ExpiresAt, SecretText? RefreshToken, string? IdToken, string Scope) : TokenReply;

    public sealed record Failed(OAuthError Error) : TokenReply;

    /// <summary>Our own side says no: there is nothing to prove the client with, or the token that came cannot do its work.</summary>
    public sealed record Unfit(Finding Finding) : TokenReply;

    /// <param name="AtLeast">What the provider asked for (Retry-After), at most an hour.</param>
    public sealed record Unreachable(string Reason, TimeSpan? AtLeast) : TokenReply;
}

/// <summary>The calls to a token endpoint (RFC 6749 §4.1.3, §4.4.2, §6; RFC 8628 §3.4), each with the app's proof in the body.</summary>
internal sealed class TokenRequests(OutboundHttp http, ClientProofs proofs, TimeProvider time)
{
    private const string NotJson = "The token endpoint answered with something else than a JSON object";

    public Task<TokenReply> RedeemAsync(
        EmailApp app, string tokenUrl, string code, string verifier, string redirectUri, CancellationToken cancel) =>
        AskAsync(
            app,
            new AuthorizationCodeTokenRequest { Address = tokenUrl, Code = code, CodeVerifier = verifier, RedirectUri = redirectUri },
            (client, request) => client.RequestAuthorizationCodeTokenAsync(request, cancel),
            cancel);

    public Task<TokenReply> RefreshAsync(EmailApp app, string refreshToken, CancellationToken cancel) =>
        AskAsync(
            app,
            new RefreshTokenRequest { Address = RenewalUrl(app), RefreshToken = refreshToken, Scope = app.Scope },
            (client, request) => client.RequestRefreshTokenAsync(request, cancel),
            cancel);

    /// <summary>The application's own token, read before anybody uses it: one without the right to send is <see cref="TokenReply.Unfit"/>.</summary>
    public async Task<TokenReply> ApplicationAsync(EmailApp app, CancellationToken cancel)
    {
        var reply = await AskAsync(
            app,
            new ClientCredentialsTokenRequest { Address = RenewalUrl(app), Scope = app.Scope },
            (client, request) => client.RequestClientCredentialsTokenAsync(request, cancel),
            cancel);
        return reply is TokenReply.Issued issued && TokenClaims.Read(issued.AccessToken)?.MissingRight is { } finding
            ? new TokenReply.Unfit(finding)
            : reply;
    }

    /// <summary>One poll of RFC 8628 §3.4; <c>authorization_pending</c> and its like are <see cref="TokenReply.Failed"/>.</summary>
    public Task<TokenReply> DeviceAsync(EmailApp app, string deviceCode, CancellationToken cancel) =>
        AskAsync(
            app,
            new DeviceTokenRequest { Address = app.TokenUrl, DeviceCode = deviceCode },
            (client, request) => client.RequestDeviceTokenAsync(request, cancel),
            cancel);

    private static string RenewalUrl(EmailApp app) => app.RefreshUrl.Length > 0 ? app.RefreshUrl : app.TokenUrl;

    private async Task<TokenReply> AskAsync<T>(EmailApp app, T request, Func<HttpClient, T, Task<TokenResponse>> ask, CancellationToken cancel)
        where T : ProtocolRequest
    {
        var proof = await proofs.OfAsync(app, request.Address!, cancel); // each caller gives one
        if (proof is ClientProof.Missing missing) return new TokenReply.Unfit(missing.Finding);
        request.ClientId = app.ClientId;
        request.ClientCredentialStyle = ClientCredentialStyle.PostBody;
        proof.Put(request);
        var now = time.GetUtcNow(); // before the answer: a slow one must not lengthen the token's life
        using var client = http.Client("tokens");
        try
        {
            using var response = await ask(client, request);
            cancel.ThrowIfCancellationRequested();
            return Read(response, app.Scope, now);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new TokenReply.Unreachable($"The token endpoint did not answer within {client.Timeout.TotalSeconds:0} seconds", null);
        }
    }

    private TokenReply Read(TokenResponse response, string asked, DateTimeOffset now) => response switch
    {
        { Raw: { } page } when !IsObject(response) && page.Contains("AADSTS", StringComparison.Ordinal) => Failed(response, OAuthError.OfPage(page, (int)response.HttpStatusCode)),
        { ErrorType: ResponseErrorType.Exception } => Unreachable(response),
        { Raw.Length: > 0 } when !IsObject(response) => new TokenReply.Unreachable(NotJson, null),
        { IsError: false } when AccessTokenIn(response) is { Length: > 0 } token => new TokenReply.Issued(
            new SecretText(token),
            now.AddSeconds(response.ExpiresIn > 0 ? response.ExpiresIn : 3600),
            response.RefreshToken is { Length: > 0 } refresh ? new SecretText(refresh) : null,
            response.IdentityToken,
            response.Scope is { Length: > 0 } scope ? scope : asked),
        { IsError: false } => new TokenReply.Failed(OAuthError.Of("The answer holds no access token", (int)response.HttpStatusCode, response.Json)),
        _ => Failed(response, OAuthError.Of(response)),
    };

    /// <summary>Anything else the library cannot be asked about.</summary>
    private static bool IsObject(TokenResponse response) => response.Json is { ValueKind: JsonValueKind.Object };

    /// <summary>Only a string is a token; the library would give an object's text.</summary>
    private static string? AccessTokenIn(TokenResponse response) =>
        response.Json is { } body && body.TryGetProperty("access_token", out var token) && token.ValueKind is JsonValueKind.String ? token.GetString() : null;

    private TokenReply Failed(TokenResponse response, OAuthError error) => Causes.Of(error).Reaction is Reaction.Retry
        ? new TokenReply.Unreachable(error.Words, RetryAfter(response.HttpResponse?.Headers.RetryAfter))
        : new TokenReply.Failed(error);

    /// <summary>A closed address is a setting to change, not a provider to wait for.</summary>
    private static TokenReply Unreachable(TokenResponse response) => response.Exception switch
    {
        { } failure when OutboundRefused.In(failure) is { } refused =>
            new TokenReply.Failed(new OAuthError { Error = "not allowed", Description = refused.Message }),
        JsonException => new TokenReply.Unreachable(NotJson, null),
        { } failure when failure is OperationCanceledException || failure.InnerException is OperationCanceledException =>
            new TokenReply.Unreachable("The token endpoint did not answer in time", null),
        { } failure => new TokenReply.Unreachable($"The token endpoint cannot be reached: {failure.GetBaseException().Message}", null),
        null => new TokenReply.Unreachable("The token endpoint cannot be reached", null),
    };

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var asked = header?.Delta ?? header?.Date - time.GetUtcNow();
        return asked is { } wait && wait > TimeSpan.Zero ? (wait < TimeSpan.FromHours(1) ? wait : TimeSpan.FromHours(1)) : null;
    }
}
