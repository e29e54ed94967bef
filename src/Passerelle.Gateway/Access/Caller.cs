using System.Globalization;
using System.Security.Claims;

namespace Passerelle.Gateway.Access;

/// <summary>Who gives an order, and for which organisation.</summary>
/// <param name="PersonId">Null: the operator of the machine, over the socket, or a program with a key.</param>
/// <param name="Role"><see cref="Admin"/>, <see cref="Member"/> or <see cref="Key"/>.</param>
/// <param name="SessionHash">SHA-256 of the cookie's secret; empty for the operator.</param>
internal sealed record Caller(Guid OrganisationId, Guid? PersonId, string Role, string Name, string Email, byte[] SessionHash)
{
    public const string Admin = "admin";
    public const string Member = "member";

    /// <summary>The role of a program: no page and no order is open to it but those that name a scope it has.</summary>
    public const string Key = "key";

    /// <summary>Where the operator's orders come from.</summary>
    public const string OperatorSocket = "operator";

    /// <summary>How the origin of a program's order begins; its name and network address follow.</summary>
    public const string KeyOrigin = "key ";

    /// <summary>Network address of whoever gives the order, or <see cref="OperatorSocket"/>; empty when not known.</summary>
    public string From { get; init; } = "";

    private const string OrganisationClaim = "organisation";
    private const string SessionClaim = "session";
    private const string FromClaim = "from";
    private const string KeyClaim = "key";
    private const string ScopeClaim = "scope";

    /// <summary>The key that a program showed; null: a person or the operator.</summary>
    public Guid? KeyId { get; init; }

    /// <summary>Of the key; empty for people and the operator, whose role decides.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    public bool IsAdmin => Role == Admin;
    public bool IsKey => KeyId is not null;

    public ClaimsPrincipal ToPrincipal(string scheme) => new(new ClaimsIdentity(
    [
        new(OrganisationClaim, OrganisationId.ToString()),
        new(SessionClaim, Convert.ToHexString(SessionHash)),
        new(FromClaim, From),
        new(ClaimTypes.NameIdentifier, PersonId?.ToString() ?? ""),
        new(ClaimTypes.Name, Name),
        new(ClaimTypes.Email, Email),
        new(ClaimTypes.Role, Role),
        .. KeyId is { } key ? new Claim[] { new(KeyClaim, key.ToString()), new(ScopeClaim, string.Join(' ', Scopes)) } : [],
    ],
    scheme));

    /// <returns>Null when nobody is signed in.</returns>
    public static Caller? Of(ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirstValue(OrganisationClaim), CultureInfo.InvariantCulture, out var organisation)
            ? new Caller(
                organisation,
                Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var person) ? person : null,
                user.FindFirstValue(ClaimTypes.Role) ?? Member,
                user.FindFirstValue(ClaimTypes.Name) ?? "",
                user.FindFirstValue(ClaimTypes.Email) ?? "",
                Convert.FromHexString(user.FindFirstValue(SessionClaim) ?? ""))
            {
                From = user.FindFirstValue(FromClaim) ?? "",
                KeyId = Guid.TryParse(user.FindFirstValue(KeyClaim), out var key) ? key : null,
                Scopes = (user.FindFirstValue(ScopeClaim) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            }
            : null;
}
