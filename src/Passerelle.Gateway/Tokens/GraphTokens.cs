using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tokens;

/// <summary>
/// A token for Microsoft Graph from what the app holds already. A refresh token of Entra belongs to who signed in and to the
/// application, not to a resource, and using it ends no other (facts/microsoft365.md §1.5, §1.12): what an administrator granted
/// besides sending is asked for with the same one. Nothing of it is stored, and no refusal touches the grant for sending.
/// </summary>
internal sealed class GraphTokens(IStore store, Sealer sealer, TokenRequests requests)
{
    private const string Resource = "https://graph.microsoft.com/"; // the name of the resource, wherever its server is

    /// <param name="permission">Delegated, e.g. <c>Mail.ReadBasic</c>; an application gets all that was granted to it.</param>
    public async Task<TokenAnswer> GetAsync(EmailApp app, string permission, CancellationToken cancel)
    {
        if (app.IsAppOnly) return TokenAnswer.Of(await requests.ApplicationAsync(app with { Scope = Resource + ".default" }, cancel));
        var grant = await store.ReadAsync(tx => Grants.Find(tx, app.OrganisationId, app.Id), cancel);
        if (grant?.RefreshToken is not { } text) return new TokenAnswer.Later("The app holds no refresh token");
        var refresh = sealer.Open("oauth_grant", "refresh_token", app.OrganisationId, app.Id, text);
        return TokenAnswer.Of(await requests.RefreshAsync(app with { Scope = Resource + permission }, refresh, cancel));
    }
}
