using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Limits;

namespace Passerelle.Gateway.Access.Keys;

/// <summary>
/// Recognises the key of a program: <c>Authorization: Bearer psk_…</c> (RFC 6750), on <c>/v2</c> also the header <c>key</c> as
/// clients of the model product send it. A request that brings one is never taken for a person's, whatever cookie is beside it.
/// </summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys, KeyBrake brake)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "key";
    private const string Bearer = "Bearer ";
    private TimeSpan? _wait;
    private string _why = "Send a key that was made in Settings › API keys as Authorization: Bearer psk_…";

    /// <summary>The paths that programs use; elsewhere a key is not even looked at.</summary>
    public static bool IsForPrograms(PathString path) => path.StartsWithSegments("/api/v1") || IsRelayed(path);

    public static bool IsShown(HttpContext http) => IsForPrograms(http.Request.Path) && TextOf(http) is not null;

    private static bool IsRelayed(PathString path) => path.StartsWithSegments("/v2");

    private static string? TextOf(HttpContext http) =>
        http.Request.Headers.Authorization.ToString() is { Length: > 0 } given ? given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? given[Bearer.Length..].Trim() : ""
        : IsRelayed(http.Request.Path) && http.Request.Headers.TryGetValue("key", out var key) ? key.ToString().Trim()
        : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (TextOf(Context) is not { } text) return AuthenticateResult.NoResult();
        var (client, from) = (Client.Of(Context.Connection.RemoteIpAddress), $"{Context.Connection.RemoteIpAddress}");
        if ((_wait = brake.WaitFor(client)) is not null) return AuthenticateResult.Fail(_why = "Too many wrong keys came from this address: wait as Retry-After says");
        var (key, refusal) = await keys.RecogniseAsync(text, from, Context.RequestAborted);
        if (key is null)
        {
            brake.CountWrong(client);
            return AuthenticateResult.Fail(_why = refusal switch
            {
                KeyRefusal.Revoked => "This key was revoked: ask an admin for another one",
                KeyRefusal.Expired => "This key has expired: ask an admin for another one",
                _ => "There is no such key: send one that was made in Settings › API keys as Authorization: Bearer psk_…",
            });
        }
        if ((_wait = brake.TakeFor(key.Id)) is not null) return AuthenticateResult.Fail(_why = "This key gives more orders a minute than it may: wait as Retry-After says");
        var caller = new Caller(key.OrganisationId, null, Caller.Key, key.Name, "", [])
        {
            From = $"{Caller.KeyOrigin}{key.Name} ({from})",
            KeyId = key.Id,
            Scopes = key.ScopeList,
        };
        return AuthenticateResult.Success(new AuthenticationTicket(caller.ToPrincipal(SchemeName), SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await HandleAuthenticateOnceSafeAsync();
        if (_wait is { } wait)
        {
            Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await AnswerAsync(StatusCodes.Status429TooManyRequests, _why);
            return;
        }
        Response.Headers.WWWAuthenticate = "Bearer";
        await AnswerAsync(StatusCodes.Status401Unauthorized, _why);
    }

    /// <summary>The key counts, and is not allowed this.</summary>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => AnswerAsync(
        StatusCodes.Status403Forbidden,
        Context.GetEndpoint()?.Metadata.GetMetadata<NeedsScope>() is { } needs
            ? $"This key lacks the scope {needs.Scope}: ask an admin for a key that has it"
            : "No key may do this: a person does it in the portal, or the operator over the socket");

    /// <summary>Clients of the model product expect an empty 401 (facts/webex-connect.md §3.3).</summary>
    private async Task AnswerAsync(int status, string detail)
    {
        if (IsRelayed(Request.Path)) Response.StatusCode = status;
        else await TypedResults.Problem(detail, statusCode: status).ExecuteAsync(Context);
    }
}
