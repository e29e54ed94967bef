using Passerelle.Gateway.Access;

namespace Passerelle.Gateway.Api;

/// <summary>The organisation that the caller works for; endpoints name it as a parameter and get it from nowhere else.</summary>
internal sealed record Organisation(Guid Id, Guid? PersonId)
{
    /// <summary>Every endpoint requires a caller, so one is always there.</summary>
    public static ValueTask<Organisation?> BindAsync(HttpContext http) =>
        ValueTask.FromResult(Caller.Of(http.User) is { } caller ? new Organisation(caller.OrganisationId, caller.PersonId) : null);
}
