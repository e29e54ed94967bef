using Passerelle.Gateway.Apps;
using static Passerelle.Gateway.Apps.Finding;

namespace Passerelle.Gateway.Tokens;

/// <summary>
/// Exchange says <c>535 5.7.3</c> for whatever is wrong with a token, a name or a mailbox (facts/microsoft365.md §5.4). What we hold
/// tells them apart: the token's own words, who signed in, and whom the app names.
/// </summary>
internal static class SignInCauses
{
    /// <param name="signedInAs">Of the grant; empty when the provider does not tell.</param>
    /// <param name="claims">Null: the token is opaque.</param>
    /// <param name="reply">The server's, as it said it.</param>
    /// <returns>Null: nothing that we hold explains it.</returns>
    public static Finding? Explain(EmailApp app, string signedInAs, TokenClaims? claims, string reply)
    {
        var account = signedInAs.Length > 0 ? signedInAs : claims?.Account ?? "";
        return (OfToken(claims, reply) ?? OfNames(app, account, reply)) is { } finding ? finding with { Check = "smtp-sign-in" } : null;
    }

    private static Finding? OfToken(TokenClaims? claims, string reply) => claims switch
    {
        null => null,
        { IsForGraph: true } => Faulty(
            "G1", Probed, Phrase.Of("The token is for Microsoft Graph, and the mail server wants one for Exchange Online"), Cause.Passerelle,
            Phrase.Of("Set the scope to {0}", Preset.MicrosoftScope), reply),
        { IsForExchange: true, MaySend: false, Scopes.Count: > 0 } => Faulty(
            "E5", Probed, Phrase.Of("The token covers {0}, and SMTP needs SMTP.Send", string.Join(' ', claims.Scopes)), Cause.Entra,
            Phrase.Of("API permissions › Add a permission › SMTP.Send, then authorise again"), reply),
        _ => null,
    };

    private static Finding? OfNames(EmailApp app, string account, string reply) => account switch
    {
        "" => null,
        _ when Same(account, app.UserName) || Same(account, app.SignsInAs) => null,
        _ when Same(account, app.EmailId) => Faulty(
            "G2", Probed, Phrase.Of("The user name {0} is not the mailbox {1} that signed in", app.UserName, account), Cause.Passerelle,
            Phrase.Of("Settings › User name: {0}", account), reply),
        _ when Spelling.IsSlip(account, app.UserName) => Faulty(
            "G1", Probed, Phrase.Of("The app says {0}, and {1} signed in: one of them is mistyped", app.UserName, account), Cause.Passerelle,
            Phrase.Of("Settings › Email ID and user name: {0}", account), reply),
        _ => Another(app, account, reply),
    };

    /// <summary>Somebody signed in who is neither the mailbox nor its delegate.</summary>
    public static Finding Another(EmailApp app, string account, string reply = "") => Faulty(
        "G3", Probed,
        Phrase.Of("Signed in as {0}, and the server does not let that account send as {1}. Often it is the administrator's own session in the browser", account, app.UserName),
        Cause.Mailbox, Phrase.Of("Sign out and authorise again as {0}", app.SignsInAs.Length > 0 ? app.SignsInAs : app.UserName), reply);

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
