using System.Collections.Immutable;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>A parsed <c>scope</c> parameter (facts §1.14). Comparison of names ignores case; the resource's spelling is kept.</summary>
/// <param name="Wanted">Permissions by resource, in the order asked; several resources only at authorize.</param>
/// <param name="SignIn">openid, profile, email, offline_access.</param>
internal sealed record Scopes(ImmutableArray<ResourceScopes> Wanted, ImmutableArray<string> SignIn)
{
    /// <summary>What an access token is for when only sign-in scopes were asked.</summary>
    private static readonly ResourceScopes GraphOnly = new(Resources.Graph, "https://graph.microsoft.com", [], false);

    public bool OpenId => SignIn.Contains("openid");
    public bool Offline => SignIn.Contains("offline_access");
    public ResourceScopes Target => Wanted.Length > 0 ? Wanted[0] : GraphOnly;

    /// <returns>The scopes, or the error that answers them.</returns>
    /// <param name="adminConsent">There <c>.default</c> may stand for application permissions alone.</param>
    public static (Scopes? Scopes, StsError? Error) Parse(string text, AppRegistration app, LabDirectory directory, bool adminConsent = false)
    {
        var signIn = ImmutableArray.CreateBuilder<string>();
        var wanted = new List<ResourceScopes>();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Permissions.SignIn.FirstOrDefault(s => s.Equals(word, StringComparison.OrdinalIgnoreCase)) is { } known)
            {
                signIn.Add(known);
                continue;
            }

            (var audience, var name) = Split(word);
            if (name.Length == 0) return (null, StsErrors.ScopeInvalid(word));
            if (IsItself(app, audience) || IsItself(app, word)) return (null, ForItself(app));
            if (Resources.OfAudience(audience) is not { } resource) return (null, StsErrors.ResourceNotFound(audience, directory));
            if (!name.Equals(".default", StringComparison.Ordinal) && Permissions.Find(resource, name, PermissionKind.Delegated) is null)
                return (null, StsErrors.ScopeNotOffered(app, name, resource));
            Add(wanted, resource, audience, name);
        }

        if (wanted.Any(w => w.Default && (w.Names.Length > 0 || wanted.Count > 1))) return (null, StsErrors.DefaultMixed(text));
        return wanted.Find(w => w.Default && !Lists(app, w.Resource, adminConsent)) is { } unlisted
            ? (null, StsErrors.ResourceNotListed(app, unlisted.Audience, unlisted.Resource))
            : (new Scopes([.. wanted], signIn.ToImmutable()), null);
    }

    /// <summary>Everything that the application lists, of every resource.</summary>
    public static Scopes Registered(AppRegistration app) =>
        new([.. app.Permissions.GroupBy(p => p.Resource).Select(g => new ResourceScopes(g.Key, g.Key.ToString(), [], true))], []);

    private static bool Lists(AppRegistration app, Guid resource, bool adminConsent) => adminConsent
        ? app.Permissions.Any(p => p.Resource == resource) || Consent.Registered(app, resource).Length > 0
        : Consent.Registered(app, resource).Length > 0;

    private static bool IsItself(AppRegistration app, string audience) =>
        Guid.TryParse(audience.StartsWith("api://", StringComparison.Ordinal) ? audience[6..] : audience, out Guid id) && id == app.ClientId;

    private static StsError ForItself(AppRegistration app) =>
        app.Permissions.Any(p => p.Resource == Resources.Graph && p.Name == "User.Read" && p.Kind is PermissionKind.Delegated)
            ? StsErrors.TokenForItself(app)
            : StsErrors.SignInNotListed(app);

    /// <summary>"https://host/Name" names its resource; a bare name means Graph. A doubled slash, as in
    /// <c>https://outlook.office.com//.default</c>, belongs to the resource in the real service; the lab forgives it.</summary>
    public static (string Audience, string Name) Split(string word)
    {
        var slash = word.LastIndexOf('/');
        return slash < 0 ? ("https://graph.microsoft.com", word) : (word[..slash].TrimEnd('/'), word[(slash + 1)..]);
    }

    private static void Add(List<ResourceScopes> wanted, Guid resource, string audience, string name)
    {
        var at = wanted.FindIndex(w => w.Resource == resource);
        ResourceScopes entry = at < 0 ? new ResourceScopes(resource, audience, [], false) : wanted[at];
        entry = name == ".default"
            ? entry with { Default = true }
            : entry with { Names = entry.Names.Add(Permissions.Find(resource, name, PermissionKind.Delegated)!.Name) }; // checked by the caller
        if (at < 0) wanted.Add(entry);
        else wanted[at] = entry;
    }
}

/// <param name="Audience">As asked, so <c>outlook.office.com</c> and <c>outlook.office365.com</c> stay apart in <c>aud</c>.</param>
/// <param name="Default">Asked as <c>/.default</c>: everything registered for the resource.</param>
internal sealed record ResourceScopes(Guid Resource, string Audience, ImmutableArray<string> Names, bool Default);
