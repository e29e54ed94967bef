using System.Globalization;
using System.Text.RegularExpressions;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tokens;

/// <summary>
/// From an error of the provider or the server to who must do what. Decided by numbers; by words only where one number
/// stands for several things and the facts know the words.
/// </summary>
internal static partial class Causes
{
    public static Cause Of(OAuthError error)
    {
        if (error.Codes.Contains(NoSuchService) && error.Description.Contains("outlook.office", StringComparison.OrdinalIgnoreCase)) return NoExchange;
        var cause = EntraCauses.Of(error.Codes) ?? Sort(error);
        return EntraWords.Of(error.Codes) is { } what ? cause with { What = what } : cause;
    }

    /// <summary>No number decides: the status, the number's family, then the word of RFC 6749.</summary>
    private static Cause Sort(OAuthError error) => error switch
    {
        { HttpStatus: 429 or >= 500 } or { Error: "temporarily_unavailable" or "server_error" } =>
            new("provider", "G4", Cause.Passerelle, "Wait: the provider does not answer now", Reaction.Retry) { What = "The provider has trouble of its own" },
        { Codes.Count: > 0 } when EntraFamilies.Of(error.Codes) is { } family => family,
        { Error: "invalid_client" } => new("client-secret", "E4", Cause.Entra, "Check client id and client secret", Reaction.Configure) { What = "The provider does not accept client id and secret" },
        { Error: "unauthorized_client" } => new("client-id", "E8", Cause.Passerelle, "Check the client id and the directory", Reaction.Configure) { What = "The provider does not let this application in" },
        { Error: "access_denied" } => new("consent", "G3", Cause.Mailbox, "Authorise again and accept the permissions", Reaction.SignIn) { What = "The person or the provider refused" },
        { Error: "invalid_scope" or "invalid_resource" } => new("scope", "G1", Cause.Passerelle, "Check the scope", Reaction.Configure) { What = "The provider does not understand the scope" },
        { Error: "invalid_grant" or "interaction_required" or "login_required" or "consent_required" } =>
            new("sign-in", "G3", Cause.Mailbox, "Authorise again as the mailbox", Reaction.SignIn) { What = "The authorisation is no longer accepted" },
        { HttpStatus: 404 } => new("token-url", "G1", Cause.Passerelle, "Check the access token URL: nothing is there", Reaction.Configure) { What = "Nothing answers at the access token URL" },
        { Error: NotAllowed } => new("token-request", "G4", Cause.Passerelle, "Read the provider's words above", Reaction.Configure) { What = "Passerelle may not connect there" },
        _ => new("token-request", "G4", Cause.Passerelle, "Read the provider's words above", Reaction.Configure) { What = "The provider answered with something that we do not know" },
    };

    /// <summary>AADSTS500011: a scope that is mistyped, or a service that the directory does not have; its name tells which (facts/microsoft365.md §2.5).</summary>
    private const long NoSuchService = 500011;

    private static Cause NoExchange { get; } =
        new("mailbox", "X1", Cause.Exchange, "Give the mailbox an Exchange Online licence", Reaction.Configure) { What = "The directory has no Exchange Online" };

    /// <summary>The error that stands for a connection that the outbound policy closed.</summary>
    private const string NotAllowed = "not allowed";

    public static Finding Find(OAuthError error) => Find(Of(error), error.Words);

    /// <param name="reply">As the server said it: <c>535 5.7.139 Authentication unsuccessful…</c></param>
    public static Finding FindSmtp(string reply, bool isPassword) => Find(OfSmtp(reply, isPassword), reply);

    public static Cause OfSmtp(string reply, bool isPassword)
    {
        var match = ReplyCodes().Match(reply);
        if (!match.Success) return SmtpCauses.Of(0, "", isPassword);
        var code = int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        return (isPassword ? SmtpCauses.OfPasswordByWords(reply) : SmtpCauses.ByWords(code, reply)) ?? SmtpCauses.Of(code, match.Groups[2].Value, isPassword);
    }

    /// <summary>A sign-in that the server refuses means something else when it is not the mailbox itself that signs in.</summary>
    public static Finding ForWay(EmailApp app, Finding finding) => finding switch
    {
        { Check: "smtp-sign-in", SetupStep: "G3" } when app.IsAppOnly => Find(NotRegistered, finding.Detail),
        { Check: "smtp-sign-in", SetupStep: "G3" } when app.SignsInAs.Length > 0 => Find(NoFullAccess, finding.Detail),
        _ => finding,
    };

    public static Finding Find(Cause cause, string words) =>
        new(cause.Check, cause.Step, Finding.Wrong, Finding.Seen, words, cause.Owner, cause.Fix)
        {
            What = cause.What.Length > 0 ? new Phrase(cause.What) : null,
            How = cause.Fix.Length > 0 ? new Phrase(cause.Fix) : null,
            Raw = cause.What.Length > 0 ? words : "",
        };

    private static Cause NotRegistered { get; } = new(
        "mailbox-access", "X4", Cause.Exchange, "Run New-ServicePrincipal with the Object ID of the enterprise application (not of the app registration), then Add-MailboxPermission for the mailbox", Reaction.Configure);

    private static Cause NoFullAccess { get; } = new(
        "mailbox-access", "X5", Cause.Exchange, "Give the account that signs in full access to the shared mailbox (Add-MailboxPermission), and let it send as it", Reaction.Configure);

    [GeneratedRegex(@"^(\d{3})[ :-]+(\d\.\d{1,3}\.\d{1,3})?")]
    private static partial Regex ReplyCodes();
}
