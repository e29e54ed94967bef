using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tokens;

/// <summary>
/// Entra's layout of addresses (facts/microsoft365.md §1.1), whoever typed them: <c>https://{host}/{directory}/oauth2/v2.0/token</c>.
/// </summary>
/// <param name="Directory">Its id or a domain of it, or <c>common</c> and its like.</param>
internal sealed record EntraEndpoints(Uri Token, string Directory)
{
    private const string TokenPath = "/oauth2/v2.0/token";
    private const string AuthorizePath = "/oauth2/v2.0/authorize";

    public Uri Discovery => DiscoveryOf(Directory);

    public bool IsShared => Directory is "common" or "organizations" or "consumers";

    /// <returns>Null: the app's addresses are another provider's, or there are none.</returns>
    public static EntraEndpoints? Of(EmailApp app) =>
        Uri.TryCreate(app.TokenUrl, UriKind.Absolute, out var token) && DirectoryIn(token, TokenPath) is { } directory ? new(token, directory) : null;

    /// <returns>The directory that a sign-in address names; null when it is no address of Entra.</returns>
    public static string? DirectoryOf(string authorizationUrl) =>
        Uri.TryCreate(authorizationUrl, UriKind.Absolute, out var page) ? DirectoryIn(page, AuthorizePath) : null;

    private static string? DirectoryIn(Uri address, string path) =>
        address.AbsolutePath.EndsWith(path, StringComparison.OrdinalIgnoreCase)
        && address.AbsolutePath[..^path.Length].Trim('/') is { Length: > 0 } directory && !directory.Contains('/', StringComparison.Ordinal)
            ? Uri.UnescapeDataString(directory)
            : null;

    public Uri DiscoveryOf(string directory) => new(Token, $"/{Uri.EscapeDataString(directory)}/v2.0/.well-known/openid-configuration");
}
