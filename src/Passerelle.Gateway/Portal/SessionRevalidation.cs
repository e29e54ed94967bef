using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Passerelle.Gateway.Access;

namespace Passerelle.Gateway.Portal;

/// <summary>An open page asks every 30 seconds whether its session and role still stand; if not, it is signed out.</summary>
internal sealed class SessionRevalidation(ILoggerFactory loggers, Sessions sessions, IHostApplicationLifetime lifetime)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        !lifetime.ApplicationStopping.IsCancellationRequested // the store may have gone
        && Caller.Of(authenticationState.User) is { } caller
        && await sessions.FindAsync(caller.SessionHash, cancellationToken) is { } current
        && current.Role == caller.Role
        && current.OrganisationId == caller.OrganisationId;
}
