using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tokens;

/// <summary>
/// An administrator's consent for the whole directory (facts/microsoft365.md §1.16). The link may be opened by somebody who
/// has no account here, so its answer is bound to the state in the row and to nothing else, and it is a hint: no code is
/// redeemed by it, nobody is signed in, and whether it helped the next token says.
/// </summary>
internal sealed class AdminConsents(IStore store, Installations installations, TimeProvider time)
{
    private const string AuthorizePath = "/oauth2/v2.0/authorize";

    /// <summary>Time enough for another department.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>Entra has such an address beside its sign-in page; others have none.</summary>
    public static bool IsOffered(EmailApp app) => AddressOf(app) is not null;

    /// <returns>The link, good once and for seven days; null when the provider has none.</returns>
    public async Task<string?> MakeAsync(EmailApp app, Guid personId, CancellationToken cancel)
    {
        if (AddressOf(app) is not { } address) return null;
        var callback = (await installations.GetAsync(cancel)).CallbackUrl;
        var state = AuthorisationSecrets.New();
        var row = AuthorisationRow.For(app, state, callback, time.GetUtcNow(), Life) with { PersonId = personId, Errand = AuthorisationRow.AdminConsent };
        await store.WriteAsync(Lane.Work, row.Insert, cancel);
        return address + QueryString.Create(new Dictionary<string, string?>
        {
            ["client_id"] = app.ClientId,
            ["scope"] = app.Scope,
            ["redirect_uri"] = callback,
            ["state"] = state,
        });
    }

    /// <returns>The last one made for the app, with its answer when there is one.</returns>
    public Task<AuthorisationRow?> LastAsync(Guid organisationId, Guid appId, CancellationToken cancel) =>
        store.ReadAsync(tx => AuthorisationRow.Last(tx, organisationId, appId, AuthorisationRow.AdminConsent), cancel);

    /// <param name="row">Of this errand, unused and in time.</param>
    public async Task<CompleteOutcome> CompleteAsync(AuthorisationRow row, CallbackQuery query, CancellationToken cancel)
    {
        var app = await store.ReadAsync(tx => AppRows.Find(tx, row.OrganisationId, row.AppId), cancel);
        var finding = Judge(row, app, query);
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                row.Close(tx, finding is null ? "consented" : "refused", finding);
                return true;
            },
            CancellationToken.None);
        return new CompleteOutcome.AdminAnswered(row.OrganisationId, row.AppId, finding);
    }

    /// <summary>The error first: a refusal says <c>admin_consent=True</c> too.</summary>
    private static Finding? Judge(AuthorisationRow row, EmailApp? app, CallbackQuery query) => query switch
    {
        { Error: { Length: > 0 } error } => Causes.Find(OAuthError.OfRedirect(error, query.ErrorDescription ?? "", query.Suberror ?? "")),
        _ when app is null || app.ClientId != row.ClientId => Refuse("The app's settings changed since the link was made"),
        _ when !string.Equals(query.AdminConsent, "true", StringComparison.OrdinalIgnoreCase) => Refuse("The answer says neither that an administrator agreed nor why not"),
        _ when IsOtherDirectory(app, query.Tenant) => Refuse($"An administrator agreed for another directory ({Guid.Parse(query.Tenant!)})"), // it is an id
        _ => null,
    };

    private static bool IsOtherDirectory(EmailApp app, string? tenant) =>
        Guid.TryParse(tenant, out var answered) && Guid.TryParse(app.DirectoryId, out var own) && answered != own;

    private static Finding Refuse(string words) => Causes.Find(
        new Cause("consent", "E6", Cause.Entra, "Make a new link, and let an administrator of the app's own directory open it", Reaction.SignIn), words);

    private static string? AddressOf(EmailApp app) =>
        app.AuthorizationUrl.EndsWith(AuthorizePath, StringComparison.OrdinalIgnoreCase)
            ? $"{app.AuthorizationUrl[..^AuthorizePath.Length]}/v2.0/adminconsent"
            : null;
}
