using System.Buffers;
using Passerelle.Lab.Sites;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>Matching and registering of redirect URIs (facts §1.7).</summary>
internal static class RedirectUris
{
    private static readonly Word TooLong = new("at most 256 characters", "256 caractères au plus");
    private static readonly Word NotAbsolute = new("must be an absolute URI", "doit être une URI absolue");
    private static readonly Word HasFragment = new("must not have a fragment", "ne doit pas comporter de fragment");
    private static readonly Word HasForbidden = new("must not contain any of ! $ ' ( ) , ;", "ne doit contenir aucun des caractères ! $ ' ( ) , ;");
    private static readonly Word HasWildcard = new("must not contain a wildcard", "ne doit pas contenir de caractère générique");
    private static readonly Word HasQuery = new(
        "must not have a query when personal accounts are allowed", "ne doit pas comporter de requête lorsque les comptes personnels sont autorisés");
    private static readonly Word NotHttps = new("must start with https:// or http://localhost", "doit commencer par https:// ou http://localhost");
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("!$'(),;");
    private static readonly SearchValues<char> AfterHost = SearchValues.Create("/?#");

    /// <summary>The path is compared exactly, case included; scheme and host are not case-sensitive; on
    /// <c>http://localhost</c> the port is ignored.</summary>
    public static RedirectUri? Match(AppRegistration app, string sent) =>
        app.RedirectUris.FirstOrDefault(registered => Same(registered.Uri, sent));

    /// <returns>Null when the URI may be registered, else the reason for a person.</returns>
    public static Word? Fault(string text, RedirectPlatform platform)
    {
        if (text.Length > 256) return TooLong;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)) return NotAbsolute;
        if (uri.Fragment.Length > 0) return HasFragment;
        if (text.AsSpan().ContainsAny(Forbidden)) return HasForbidden;
        if (text.Contains('*', StringComparison.Ordinal)) return HasWildcard;
        if (platform is RedirectPlatform.PublicClient && uri.Scheme is not ("http" or "https" or "javascript" or "data")) return null;
        return uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.Host == "localhost") ? null : NotHttps;
    }

    /// <summary>What an application as a whole may register (facts §1.7): 256 URIs, 100 and no queries once personal accounts are
    /// allowed.</summary>
    public static Word? Fault(IReadOnlyCollection<RedirectUri> uris, SignInAudience audience)
    {
        var personal = audience is SignInAudience.AzureADandPersonalMicrosoftAccount or SignInAudience.PersonalMicrosoftAccount;
        var most = personal ? 100 : 256;
        if (uris.Count > most) return new Word($"at most {most} redirect URIs", $"{most} URI de redirection au plus");
        return personal && uris.Any(u => u.Uri.Contains('?', StringComparison.Ordinal)) ? HasQuery : null;
    }

    private static bool Same(string registered, string sent)
    {
        if (registered == sent) return true;
        if (!Uri.TryCreate(registered, UriKind.Absolute, out Uri? left) || !Uri.TryCreate(sent, UriKind.Absolute, out Uri? right)) return false;
        var anyPort = left.Scheme == Uri.UriSchemeHttp && left.Host == "localhost";
        return left.Scheme == right.Scheme && left.Host == right.Host && (anyPort || left.Port == right.Port)
            && right.UserInfo.Length == 0 && Rest(registered) == Rest(sent);
    }

    /// <summary>Path and query as written: <see cref="Uri"/> would tidy them, and tidied is not the same.</summary>
    private static string Rest(string text)
    {
        var host = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var path = text.AsSpan(host).IndexOfAny(AfterHost);
        return path < 0 ? "" : text[(host + path)..];
    }
}
