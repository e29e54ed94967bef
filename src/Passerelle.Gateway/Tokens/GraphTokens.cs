using System.Collections.Concurrent;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tokens;

/// <summary>
/// A token for Microsoft Graph from what the app holds already. A refresh token of Entra belongs to who signed in and to the
/// application, not to a resource, and using it ends no other (facts/microsoft365.md §1.5, §1.12): what was granted
/// besides sending by SMTP is asked for with the same one. Nothing of it is stored, and no refusal touches the grant for sending.
/// </summary>
internal sealed class GraphTokens(IStore store, Sealer sealer, TokenRequests requests, TimeProvider time)
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<(Guid AppId, string Permission), (long Version, SecretText Token, DateTimeOffset Until)> _known = new();

    /// <param name="permission">Delegated, e.g. <c>Mail.ReadBasic</c>; an application gets all that was granted to it.</param>
    public async Task<TokenAnswer> GetAsync(EmailApp app, string permission, CancellationToken cancel)
    {
        if (_known.TryGetValue((app.Id, permission), out var known) && known.Version == app.Version && known.Until - Ahead > time.GetUtcNow())
        {
            return new TokenAnswer.Ready(known.Token, IsPassword: false);
        }
        var grant = app.IsAppOnly ? null : await store.ReadAsync(tx => Grants.Find(tx, app.OrganisationId, app.Id), cancel);
        var refresh = grant?.RefreshToken is { } text ? sealer.Open("oauth_grant", "refresh_token", app.OrganisationId, app.Id, text) : null;
        return await AskAsync(app, permission, refresh, cancel);
    }

    /// <summary>For a letter of an app that signs in for SMTP; one whose own words do not let it send is <see cref="TokenAnswer.Broken"/>.</summary>
    public async Task<TokenAnswer> ForSendingAsync(EmailApp app, CancellationToken cancel) =>
        Judged(app, await GetAsync(app, Transports.GraphPermission(app.SignsInAs), cancel));

    /// <inheritdoc cref="ForSendingAsync(EmailApp, CancellationToken)"/>
    /// <param name="refresh">Of who has just signed in, not stored yet.</param>
    public async Task<TokenAnswer> ForSendingAsync(EmailApp app, SecretText? refresh, CancellationToken cancel) =>
        Judged(app, await AskAsync(app, Transports.GraphPermission(app.SignsInAs), refresh?.Reveal(), cancel));

    private static TokenAnswer Judged(EmailApp app, TokenAnswer answer) =>
        answer is TokenAnswer.Ready ready && GraphRights.Missing(app, ready.Secret) is { } missing ? new TokenAnswer.Broken(missing) : answer;

    private async Task<TokenAnswer> AskAsync(EmailApp app, string permission, string? refresh, CancellationToken cancel)
    {
        if (!app.IsAppOnly && refresh is null) return new TokenAnswer.Later("The app holds no refresh token");
        var reply = app.IsAppOnly
            ? await requests.ApplicationAsync(app with { Scope = Transports.GraphAppScope }, cancel)
            : await requests.RefreshAsync(app with { Scope = Transports.GraphResource + permission }, refresh!, cancel); // null only of an application
        if (reply is TokenReply.Issued issued) _known[(app.Id, permission)] = (app.Version, issued.AccessToken, issued.ExpiresAt);
        return TokenAnswer.Of(reply);
    }

    /// <summary>Graph takes it no more, or somebody has granted more than it says.</summary>
    public void Forget(Guid appId)
    {
        foreach (var key in _known.Keys.Where(key => key.AppId == appId)) _known.TryRemove(key, out _);
    }
}
