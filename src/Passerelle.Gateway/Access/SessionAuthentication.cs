using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Access;

/// <summary>Recognises the session cookie; the row is read on every request, so a revoked session ends at once.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    SessionCookie cookie, Sessions sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (await cookie.ReadAsync(Context) is not { Length: > 0 and < 100 } secret) return AuthenticateResult.NoResult();
        return await sessions.FindAsync(Sessions.HashOf(secret), Context.RequestAborted) is { } caller
            ? AuthenticateResult.Success(new AuthenticationTicket((caller with { From = $"{Context.Connection.RemoteIpAddress}" }).ToPrincipal(SchemeName), SchemeName))
            : AuthenticateResult.Fail("The session has ended");
    }

    /// <summary>Pages go to the sign-in page and come back; the API says 401.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (Keys.ApiKeyAuthentication.IsForPrograms(Request.Path))
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }
        var back = HttpMethods.IsGet(Request.Method) ? Request.Path + Request.QueryString : "/";
        Response.Redirect($"/sign-in{QueryString.Create("back", back)}");
        return Task.CompletedTask;
    }
}
