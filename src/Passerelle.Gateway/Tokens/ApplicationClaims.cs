using Microsoft.IdentityModel.JsonWebTokens;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tokens;

/// <summary>
/// What an application's own token says of itself. It is read to explain, never to trust: by contract it is opaque to us
/// (facts/microsoft365.md §1.13), so what cannot be read stands in nobody's way.
/// </summary>
/// <param name="Roles">Null: the token cannot be read.</param>
/// <param name="Subject">oid: the object id of the enterprise application, which New-ServicePrincipal wants.</param>
internal sealed record ApplicationClaims(IReadOnlyList<string>? Roles, string Subject, string Directory)
{
    private const string SendAsApp = "SMTP.SendAsApp";

    public static ApplicationClaims Of(SecretText accessToken)
    {
        var handler = new JsonWebTokenHandler { MaximumTokenSizeInBytes = 64 * 1024 };
        if (!handler.CanReadToken(accessToken.Reveal())) return new(null, "", "");
        try
        {
            var token = handler.ReadJsonWebToken(accessToken.Reveal());
            return new(
                [.. token.Claims.Where(claim => claim.Type == "roles").Select(claim => claim.Value)],
                Text(token, "oid"), Text(token, "tid"));
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or System.Text.Json.JsonException)
        {
            return new(null, "", ""); // three parts with dots between them, and no token
        }
    }

    /// <returns>Why sending must not even be tried; null when nothing speaks against it.</returns>
    public Finding? MissingRight(EmailApp app) =>
        Roles is { } roles && IsExchange(app) && !roles.Contains(SendAsApp)
            ? Causes.Find(NoRight, roles.Count == 0 ? $"The application's token has no role at all, so {SendAsApp} was never granted" : $"The application's token has the roles {string.Join(", ", roles)}, and not {SendAsApp}")
            : null;

    private static bool IsExchange(EmailApp app) =>
        Uri.TryCreate(app.Scope, UriKind.Absolute, out var scope) && scope.Host.Contains("outlook.", StringComparison.OrdinalIgnoreCase);

    private static string Text(JsonWebToken token, string name) => token.TryGetPayloadValue<string>(name, out var value) ? value ?? "" : "";

    private static Cause NoRight { get; } = new(
        "permission-and-consent", "E6", Cause.Entra,
        "API permissions › Add a permission › APIs my organization uses › Office 365 Exchange Online › Application permissions › SMTP.SendAsApp, then Grant admin consent",
        Reaction.Configure);
}
