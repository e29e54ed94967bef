using System.Globalization;
using System.Text.RegularExpressions;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tokens;

/// <summary>From an error of the provider or the server to who must do what. Decided by numbers, never by prose.</summary>
internal static partial class Causes
{
    public static Cause Of(OAuthError error) => EntraCauses.Of(error.Codes) ?? error switch
    {
        { HttpStatus: 429 or >= 500 } or { Error: "temporarily_unavailable" or "server_error" } =>
            new("provider", "G4", Cause.Passerelle, "Wait: the provider does not answer now", Reaction.Retry),
        { Error: "invalid_client" } => new("client-secret", "E4", Cause.Entra, "Check client id and client secret", Reaction.Configure),
        { Error: "unauthorized_client" } => new("client-id", "E8", Cause.Passerelle, "Check the client id and the directory", Reaction.Configure),
        { Error: "access_denied" } => new("consent", "G3", Cause.Mailbox, "Authorise again and accept the permissions", Reaction.SignIn),
        { Error: "invalid_scope" or "invalid_resource" } => new("scope", "G1", Cause.Passerelle, "Check the scope", Reaction.Configure),
        { Error: "invalid_grant" or "interaction_required" or "login_required" or "consent_required" } =>
            new("sign-in", "G3", Cause.Mailbox, "Authorise again as the mailbox", Reaction.SignIn),
        { HttpStatus: 404 } => new("token-url", "G1", Cause.Passerelle, "Check the access token URL: nothing is there", Reaction.Configure),
        _ => new("token-request", "G4", Cause.Passerelle, "Read the provider's words above", Reaction.Configure),
    };

    public static Finding Find(OAuthError error) => Find(Of(error), error.Words);

    /// <param name="reply">As the server said it: <c>535 5.7.139 Authentication unsuccessful…</c></param>
    public static Finding FindSmtp(string reply, bool isPassword) => Find(OfSmtp(reply, isPassword), reply);

    public static Cause OfSmtp(string reply, bool isPassword)
    {
        var match = ReplyCodes().Match(reply);
        return match.Success
            ? SmtpCauses.Of(int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture), match.Groups[2].Value, isPassword)
            : SmtpCauses.Of(0, "", isPassword);
    }

    /// <summary>A sign-in that the server refuses means something else when it is not the mailbox itself that signs in.</summary>
    public static Finding ForWay(EmailApp app, Finding finding) => finding switch
    {
        { Check: "smtp-sign-in", SetupStep: "G3" } when app.IsAppOnly => Find(NotRegistered, finding.Detail),
        { Check: "smtp-sign-in", SetupStep: "G3" } when app.SignsInAs.Length > 0 => Find(NoFullAccess, finding.Detail),
        _ => finding,
    };

    public static Finding Find(Cause cause, string words) =>
        new(cause.Check, cause.Step, Finding.Wrong, Finding.Seen, words, cause.Owner, cause.Fix);

    private static Cause NotRegistered { get; } = new(
        "mailbox-access", "X4", Cause.Exchange, "Run New-ServicePrincipal with the Object ID of the enterprise application (not of the app registration), then Add-MailboxPermission for the mailbox", Reaction.Configure);

    private static Cause NoFullAccess { get; } = new(
        "mailbox-access", "X5", Cause.Exchange, "Give the account that signs in full access to the shared mailbox (Add-MailboxPermission), and let it send as it", Reaction.Configure);

    [GeneratedRegex(@"^(\d{3})[ :-]+(\d\.\d{1,3}\.\d{1,3})?")]
    private static partial Regex ReplyCodes();
}
