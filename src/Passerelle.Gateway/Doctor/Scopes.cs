using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Tokens;
using static Passerelle.Gateway.Apps.Finding;

namespace Passerelle.Gateway.Doctor;

/// <summary>What the app asks Entra for, read before anybody signs in (facts/microsoft365.md §1.14).</summary>
internal static class Scopes
{
    private static readonly string[] SignInClaims = ["openid", "profile", "email", "offline_access"];

    /// <returns>Null: the scope is what sending by SMTP needs.</returns>
    public static Finding? Fault(EmailApp app)
    {
        if (app.IsAppOnly) return null; // it asks for all that was granted
        if (app.Transport == Transports.Graph) return null; // the preset fills it in
        var asked = app.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var permissions = asked.Except(SignInClaims, StringComparer.OrdinalIgnoreCase).ToList();
        if (Presets.Find(app.Preset) is { } preset && permissions.Exists(one => preset.SendScopes.Contains(one, StringComparer.OrdinalIgnoreCase))) return Offline(asked);
        if (permissions is [var all] && IsOfExchange(all) && all.EndsWith("/.default", StringComparison.OrdinalIgnoreCase)) return Offline(asked); // what the registration lists
        if (!permissions.Exists(IsSmtpSend)) return WithoutSmtpSend(permissions);
        return Mixed(permissions) ?? Offline(asked);
    }

    /// <summary>A token is for one service, and .default for all of it (70011).</summary>
    private static Finding? Mixed(List<string> permissions) => permissions.TrueForAll(IsOfExchange) && !permissions.Exists(one => one.EndsWith("/.default", StringComparison.OrdinalIgnoreCase))
        ? null
        : Wrong("G1", Phrase.Of("The scope asks for {0} in one token, and a token is for one service and for named permissions or .default", string.Join(' ', permissions)));

    private static Finding? Offline(string[] asked) => asked.Contains("offline_access", StringComparer.OrdinalIgnoreCase) ? null : Wrong(
        "G1", Phrase.Of("The scope does not ask for offline_access: without it the authorisation ends after an hour"));

    private static Finding WithoutSmtpSend(List<string> permissions) => permissions switch
    {
        [] => Wrong("G1", Phrase.Of("The scope asks for no permission to send mail")),
        _ when permissions.Exists(IsOfGraph) => Wrong(
            "G1", Phrase.Of("The scope asks Microsoft Graph for {0}, and SMTP needs SMTP.Send of Exchange Online", string.Join(' ', permissions.Where(IsOfGraph)))),
        _ when permissions.TrueForAll(IsOfExchange) => Wrong(
            "E5", Phrase.Of("The scope covers {0}, and SMTP needs SMTP.Send", string.Join(' ', permissions))),
        _ => Wrong("G1", Phrase.Of("The scope asks for {0}, and SMTP needs SMTP.Send of Exchange Online", string.Join(' ', permissions))),
    };

    private static bool IsSmtpSend(string permission) => IsOfExchange(permission) && permission.EndsWith("/SMTP.Send", StringComparison.OrdinalIgnoreCase);

    private static bool IsOfExchange(string permission) =>
        Uri.TryCreate(permission, UriKind.Absolute, out var url) && (url.Host is "outlook.office.com" or "outlook.office365.com");

    /// <summary>A bare name is Graph's (facts §1.14).</summary>
    private static bool IsOfGraph(string permission) =>
        !permission.Contains("://", StringComparison.Ordinal) || permission.Contains("graph.microsoft", StringComparison.OrdinalIgnoreCase);

    private static Finding Wrong(string step, Phrase what) =>
        Faulty(step, Seen, what, Cause.Passerelle, Phrase.Of("Settings › Scope: {0}", Preset.MicrosoftScope));
}
