using Microsoft.IdentityModel.JsonWebTokens;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tokens;

/// <summary>
/// What an access token says of itself. Read only to explain a refusal, never to decide whether somebody may do something:
/// a token is the business of the service that it is for.
/// </summary>
/// <param name="Scopes">scp: what a person granted.</param>
/// <param name="Roles">roles: what an administrator granted to the application itself.</param>
/// <param name="Account">upn, else preferred_username; empty when it says neither.</param>
internal sealed record TokenClaims(string Audience, IReadOnlyList<string> Scopes, IReadOnlyList<string> Roles, string Account)
{
    private const string SendAsApp = "SMTP.SendAsApp";

    /// <summary>oid: of an application's own token the object id of its enterprise application, which New-ServicePrincipal wants.</summary>
    public string Subject { get; init; } = "";

    /// <summary>exp; null when it has none.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>tid.</summary>
    public string Directory { get; init; } = "";

    /// <returns>Null: it is opaque to us, as a provider may well make it.</returns>
    public static TokenClaims? Read(SecretText token)
    {
        var handler = new JsonWebTokenHandler { MaximumTokenSizeInBytes = 64 * 1024 };
        if (!handler.CanReadToken(token.Reveal())) return null;
        try
        {
            var read = handler.ReadJsonWebToken(token.Reveal());
            return new(
                read.Audiences.FirstOrDefault() ?? "",
                Text(read, "scp").Split(' ', StringSplitOptions.RemoveEmptyEntries),
                [.. read.Claims.Where(claim => claim.Type == "roles").Select(claim => claim.Value)],
                Text(read, "upn") is { Length: > 0 } upn ? upn : Text(read, "preferred_username"))
            {
                Subject = Text(read, "oid"),
                Directory = Text(read, "tid"),
                EndsAt = read.ValidTo == DateTime.MinValue ? null : new DateTimeOffset(read.ValidTo, TimeSpan.Zero),
            };
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or System.Text.Json.JsonException)
        {
            return null; // three parts with dots between them, and no token
        }
    }

    public bool IsForExchange => Audience.Contains("outlook.office", StringComparison.OrdinalIgnoreCase) || Audience == ExchangeId;

    public bool IsForGraph => Audience.Contains("graph.microsoft", StringComparison.OrdinalIgnoreCase) || Audience == GraphId;

    public bool MaySend => Scopes.Contains("SMTP.Send", StringComparer.OrdinalIgnoreCase) || Roles.Contains(SendAsApp, StringComparer.OrdinalIgnoreCase);

    /// <returns>Why an application must not even try to send; null when nothing speaks against it.</returns>
    public Finding? MissingRight => IsForExchange && !Roles.Contains(SendAsApp)
        ? Causes.Find(NoRight, Roles.Count == 0 ? $"The application's token has no role at all, so {SendAsApp} was never granted" : $"The application's token has the roles {string.Join(", ", Roles)}, and not {SendAsApp}")
        : null;

    private static Cause NoRight { get; } = new(
        "permission-and-consent", "E6", Cause.Entra,
        "API permissions › Add a permission › APIs my organization uses › Office 365 Exchange Online › Application permissions › SMTP.SendAsApp, then Grant admin consent",
        Reaction.Configure);

    private const string ExchangeId = "00000002-0000-0ff1-ce00-000000000000";
    private const string GraphId = "00000003-0000-0000-c000-000000000000";

    private static string Text(JsonWebToken token, string name) => token.TryGetPayloadValue<string>(name, out var value) ? value : "";
}
