using System.Globalization;
using System.Security.Claims;

namespace Passerelle.Gateway.Access;

/// <summary>Who gives an order, and for which organisation.</summary>
/// <param name="PersonId">Null: the operator of the machine, over the socket.</param>
/// <param name="Role"><see cref="Admin"/> or <see cref="Member"/>.</param>
/// <param name="SessionHash">SHA-256 of the cookie's secret; empty for the operator.</param>
internal sealed record Caller(Guid OrganisationId, Guid? PersonId, string Role, string Name, string Email, byte[] SessionHash)
{
    public const string Admin = "admin";
    public const string Member = "member";

    /// <summary>Where the operator's orders come from.</summary>
    public const string OperatorSocket = "operator";

    /// <summary>Network address of whoever gives the order, or <see cref="OperatorSocket"/>; empty when not known.</summary>
    public string From { get; init; } = "";

    private const string OrganisationClaim = "organisation";
    private const string SessionClaim = "session";
    private const string FromClaim = "from";

    public bool IsAdmin => Role == Admin;

    public ClaimsPrincipal ToPrincipal(string scheme) => new(new ClaimsIdentity(
    [
        new(OrganisationClaim, OrganisationId.ToString()),
        new(SessionClaim, Convert.ToHexString(SessionHash)),
        new(FromClaim, From),
        new(ClaimTypes.NameIdentifier, PersonId?.ToString() ?? ""),
        new(ClaimTypes.Name, Name),
        new(ClaimTypes.Email, Email),
        new(ClaimTypes.Role, Role),
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
            }
            : null;
}
