using System.Globalization;
using static Passerelle.Gateway.Tokens.Reaction;

namespace Passerelle.Gateway.Tokens;

/// <summary>
/// A number that facts/microsoft365.md §2 does not list: Microsoft numbers by subject, so its first digits still say whose
/// matter it is. The longest beginning that fits decides.
/// </summary>
internal static class EntraFamilies
{
    private static readonly (string Beginning, Cause Cause)[] Table =
    [
        ("530", Policy), ("53", Policy),
        ("65", new("consent", "E6", Cause.Entra, "API permissions: compare the list with what the app asks for, then Grant admin consent", SignIn) { What = "Microsoft refuses for a reason of permissions or consent" }),
        ("70002", Client), ("70003", Client), ("7002", Client), ("7003", Client),
        ("7000", Grant), ("700", Grant), ("70", Grant),
        ("50", Account), ("51", Account), ("16", Account), ("54", Account), ("501", Account),
        ("5001", Redirect), ("9002", Request), ("900", Request), ("90", Request), ("28", Request), ("100", Request),
    ];

    private static Cause Policy => new("conditional-access", "E10", Cause.Entra, "Protection › Conditional Access: the sign-in log names the policy by the trace id", Configure) { What = "Microsoft refuses for a reason of access policies" };

    private static Cause Client => new("client-secret", "E4", Cause.Entra, "Certificates & secrets: compare the secret or certificate with the app's settings", Configure) { What = "Microsoft refuses the proof of the application" };

    private static Cause Grant => new("sign-in", "G3", Cause.Mailbox, "Authorise again as the mailbox", SignIn) { What = "Microsoft does not accept the authorisation" };

    private static Cause Account => new("mailbox", "X1", Cause.Entra, "Active users: the account must exist, be enabled and be able to sign in", Configure) { What = "Microsoft refuses the account that signed in" };

    private static Cause Redirect => new("redirect-uri", "E2", Cause.Entra, "Authentication › Web › Redirect URIs: add the call back URL exactly as shown", Configure) { What = "Microsoft refuses the redirect URI" };

    private static Cause Request => new("token-request", "G1", Cause.Passerelle, "Compare directory, client id, addresses and scope with the registration", Configure) { What = "Microsoft refuses the request as it was put" };

    /// <returns>Null: there is no number, or nothing is known even of its kind.</returns>
    public static Cause? Of(IEnumerable<long> numbers) => numbers
        .Select(number => Of(number.ToString(CultureInfo.InvariantCulture)))
        .FirstOrDefault(cause => cause is not null);

    private static Cause? Of(string number) => Table
        .Where(row => number.StartsWith(row.Beginning, StringComparison.Ordinal))
        .OrderByDescending(row => row.Beginning.Length).FirstOrDefault().Cause;

    /// <summary>All of them, for who checks that each can be read in every language.</summary>
    public static IEnumerable<Cause> All => Table.Select(row => row.Cause);
}
