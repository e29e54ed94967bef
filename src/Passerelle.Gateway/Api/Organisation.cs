using Passerelle.Gateway.Access;

namespace Passerelle.Gateway.Api;

/// <summary>The organisation that the caller works for; endpoints name it as a parameter and get it from nowhere else.</summary>
internal sealed record Organisation(Guid Id, Guid? PersonId, Guid? KeyId = null)
{
    /// <summary>Who orders, where two callers may choose the same words: the person, the program, or the operator of the machine.</summary>
    public Guid Orderer => KeyId ?? PersonId ?? Guid.Empty;

    /// <summary>Every endpoint requires a caller, so one is always there.</summary>
    public static ValueTask<Organisation?> BindAsync(HttpContext http) =>
        ValueTask.FromResult(Caller.Of(http.User) is { } caller ? new Organisation(caller.OrganisationId, caller.PersonId, caller.KeyId) : null);
}
