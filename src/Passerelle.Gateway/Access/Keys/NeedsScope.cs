using Microsoft.AspNetCore.Authorization;

namespace Passerelle.Gateway.Access.Keys;

/// <summary>What a key must be allowed to reach the endpoint. An endpoint without it is for people and for the operator.</summary>
internal sealed record NeedsScope(string Scope);

/// <summary>People and the operator pass by what they are; a key passes only where the endpoint names a scope that it has.</summary>
/// <param name="AdminOnly">Of people, only an admin.</param>
internal sealed record MayEnter(bool AdminOnly) : IAuthorizationRequirement;

internal sealed class MayEnterHandler : AuthorizationHandler<MayEnter>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, MayEnter requirement)
    {
        if (Caller.Of(context.User) is { } caller && Passes(caller, requirement, context.Resource as HttpContext)) context.Succeed(requirement);
        return Task.CompletedTask;
    }

    private static bool Passes(Caller caller, MayEnter requirement, HttpContext? http) => caller.IsKey
        ? http?.GetEndpoint()?.Metadata.GetMetadata<NeedsScope>() is { } needs && caller.Scopes.Contains(needs.Scope)
        : !requirement.AdminOnly || caller.IsAdmin;
}
