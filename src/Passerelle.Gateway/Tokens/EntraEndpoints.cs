using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tokens;

/// <summary>
/// Entra's layout of addresses (facts/microsoft365.md §1.1), whoever typed them: <c>https://{host}/{directory}/oauth2/v2.0/token</c>.
/// </summary>
/// <param name="Directory">Its id or a domain of it, or <c>common</c> and its like.</param>
internal sealed record EntraEndpoints(Uri Token, string Directory)
{
    private const string TokenPath = "/oauth2/v2.0/token";

    public Uri Discovery => DiscoveryOf(Directory);

    public bool IsShared => Directory is "common" or "organizations" or "consumers";

    /// <returns>Null: the app's addresses are another provider's, or there are none.</returns>
    public static EntraEndpoints? Of(EmailApp app) =>
        Uri.TryCreate(app.TokenUrl, UriKind.Absolute, out var token)
        && token.AbsolutePath.EndsWith(TokenPath, StringComparison.OrdinalIgnoreCase)
        && token.AbsolutePath[..^TokenPath.Length].Trim('/') is { Length: > 0 } directory && !directory.Contains('/', StringComparison.Ordinal)
            ? new(token, Uri.UnescapeDataString(directory))
            : null;

    public Uri DiscoveryOf(string directory) => new(Token, $"/{Uri.EscapeDataString(directory)}/v2.0/.well-known/openid-configuration");
}
