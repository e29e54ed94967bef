using Passerelle.Gateway.Access.Keys;

namespace Passerelle.Gateway.Api;

internal static class Keyed
{
    /// <summary>Programs may do this too, with a key that has the scope. An endpoint without it is for people and the operator only.</summary>
    public static RouteHandlerBuilder ForKeys(this RouteHandlerBuilder endpoint, string scope) => endpoint.WithMetadata(new NeedsScope(scope));
}
