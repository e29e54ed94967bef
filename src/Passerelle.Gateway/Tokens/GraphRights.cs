using Passerelle.Gateway.Apps;
using static Passerelle.Gateway.Apps.Finding;

namespace Passerelle.Gateway.Tokens;

/// <summary>Whether a token lets letters leave by Microsoft Graph, by its own words (scp, roles), before anybody tries.</summary>
internal static class GraphRights
{
    public const string Check = "graph-permission";

    private const string ReadWrite = "Mail.ReadWrite";

    /// <returns>Null: nothing speaks against sending with it.</returns>
    public static Finding? Missing(EmailApp app, SecretText token) => TokenClaims.Read(token) is { } claims
        ? OfAudience(claims) ?? Of(app, claims, app.IsAppOnly ? Transports.MailSend : Transports.GraphPermission(app.SignsInAs))
        : null; // opaque to us

    /// <summary>A letter that is too large for one request is a draft first, and that is more than Mail.Send allows (facts/microsoft365.md §4.3).</summary>
    /// <returns>Null: nothing speaks against drafting with it.</returns>
    public static Finding? MissingForDraft(EmailApp app, SecretText token)
    {
        var permission = app.IsAppOnly || app.SignsInAs.Length == 0 ? ReadWrite : $"{ReadWrite}.Shared";
        return TokenClaims.Read(token) is { } claims && Of(app, claims, permission) is { } missing
            ? missing with { What = Phrase.Of("The letter is too large for one request to Microsoft Graph, and a draft for it needs {0}", permission) }
            : null;
    }

    private static Finding? OfAudience(TokenClaims claims) => claims.IsForGraph || claims.Audience.Length == 0
        ? null
        : Faulty(
            "G1", Probed, Phrase.Of("The token is for {0}, and Microsoft Graph wants one of its own", claims.Audience), Cause.Passerelle,
            Phrase.Of("Press Authorise again: the app's letters leave by Microsoft Graph now")) with
        { Check = Check };

    private static Finding? Of(EmailApp app, TokenClaims claims, string permission)
    {
        var granted = app.IsAppOnly ? claims.Roles : claims.Scopes;
        if (granted.Contains(permission, StringComparer.OrdinalIgnoreCase)) return null;
        var what = Phrase.Of("The token covers {0}, and sending by Microsoft Graph needs {1}", granted.Count > 0 ? string.Join(' ', granted) : "–", permission);
        return Faulty(
            app.IsAppOnly ? "E6" : "E5", Probed, what, Cause.Entra,
            app.IsAppOnly
                ? Phrase.Of("API permissions › Add a permission › Microsoft Graph › Application permissions › {0}, then Grant admin consent; {0} of Office 365 Exchange Online is another permission", permission)
                : Phrase.Of("API permissions › Add a permission › Microsoft Graph › Delegated permissions › {0}, then authorise for it", permission)) with
        { Check = Check };
    }
}
