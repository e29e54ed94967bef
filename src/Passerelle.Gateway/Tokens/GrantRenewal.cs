using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tokens;

/// <summary>From the stored grant to a token that works: the row's own, or a new one that is stored first.</summary>
internal sealed class GrantRenewal(
    IStore store, Sealer sealer, TokenRequests requests, RecordChange record, IOptions<TokensOptions> options, TimeProvider time,
    ILogger<GrantRenewal> log)
    : IDisposable
{
    /// <summary>Longer than a request may last; a worker that died half-way is waited for no longer.</summary>
    private static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _places = new(options.Value.Concurrent);

    /// <param name="force">Go to the provider even when the row holds a good token or says broken.</param>
    public async Task<Fetched> FetchAsync(EmailApp app, bool force)
    {
        var grant = await store.ReadAsync(tx => Grants.Find(tx, app.OrganisationId, app.Id), CancellationToken.None);
        return grant switch
        {
            null => NotAuthorised(),
            { Broken: { } finding } when !force => new Fetched.Broken(new TokenAnswer.Broken(finding)),
            { AccessToken: { } token, AccessExpiresAt: { } end } when !force && HasLife(end) => new Fetched.Token(Open(grant, "access_token", token), end),
            { RefreshToken: null } when !app.IsAppOnly => NoRefreshToken(app),
            _ => await RefreshAsync(app, grant, isTrial: false),
        };
    }

    /// <summary>
    /// Renews with a proof of the client that is not the stored one (yet). A refusal is about that proof: it breaks nothing.
    /// What is issued belongs to the grant all the same and is stored as ever.
    /// </summary>
    public async Task<Fetched> TryAsync(EmailApp app)
    {
        var grant = await store.ReadAsync(tx => Grants.Find(tx, app.OrganisationId, app.Id), CancellationToken.None);
        return grant switch
        {
            null => NotAuthorised(),
            { RefreshToken: null } when !app.IsAppOnly => NoRefreshToken(app),
            _ => await RefreshAsync(app, grant, isTrial: true),
        };
    }

    public void Dispose() => _places.Dispose();

    private async Task<Fetched> RefreshAsync(EmailApp app, Grant found, bool isTrial)
    {
        await _places.WaitAsync();
        try
        {
            if (await ClaimAsync(found) is not { } grant) return await NewerAsync(app);
            return await AskAsync(app, found) switch
            {
                TokenReply.Issued issued => await KeepAsync(app, grant, issued),
                TokenReply.Failed failed when isTrial => await LetGoAsync(grant, new Fetched.Broken(new TokenAnswer.Broken(Causes.Find(failed.Error)))),
                TokenReply.Failed failed => await BreakAsync(app, grant, Causes.Find(failed.Error)),
                TokenReply.Unfit unfit when isTrial => await LetGoAsync(grant, new Fetched.Broken(new TokenAnswer.Broken(unfit.Finding))),
                TokenReply.Unfit unfit => await BreakAsync(app, grant, unfit.Finding),
                TokenReply.Unreachable unreachable => await LetGoAsync(grant, new Fetched.Later(unreachable.Reason, unreachable.AtLeast)),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>An application renews by asking again; a person's grant by its refresh token.</summary>
    private Task<TokenReply> AskAsync(EmailApp app, Grant grant) => app.IsAppOnly
        ? requests.ApplicationAsync(app, CancellationToken.None)
        : requests.RefreshAsync(app, Open(grant, "refresh_token", grant.RefreshToken!).Reveal(), CancellationToken.None); // who calls has seen it

    private Task<Grant?> ClaimAsync(Grant found)
    {
        var now = time.GetUtcNow();
        return store.WriteAsync(Lane.Work, tx => Grants.Claim(tx, found, now, now + LongestRequest), CancellationToken.None);
    }

    private async Task<Fetched> LetGoAsync(Grant claimed, Fetched fetched)
    {
        await store.WriteAsync(Lane.Work, tx => Grants.LetGo(tx, claimed), CancellationToken.None);
        return fetched;
    }

    /// <summary>On disk before anybody uses it: a provider that rotates refresh tokens has forgotten the old one by now.</summary>
    private async Task<Fetched> KeepAsync(EmailApp app, Grant grant, TokenReply.Issued issued)
    {
        var access = Seal(grant, "access_token", issued.AccessToken);
        var refresh = issued.RefreshToken is { } next ? Seal(grant, "refresh_token", next) : null;
        var now = time.GetUtcNow();
        if (!await WriteAsync(tx => Grants.Renew(tx, grant, access, issued.ExpiresAt, refresh, now))) return await NewerAsync(app);
        log.GrantRenewed(app.Id, issued.ExpiresAt);
        return new Fetched.Token(issued.AccessToken, issued.ExpiresAt);
    }

    /// <summary>A store that is away for a moment must not cost the only refresh token there is.</summary>
    private async Task<bool> WriteAsync(Func<Tx, bool> renew)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await store.WriteAsync(Lane.Work, renew, CancellationToken.None);
            }
            catch (StoreUnavailable) when (tried < 20)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250 * tried), time, CancellationToken.None);
            }
        }
    }

    private async Task<Fetched> BreakAsync(EmailApp app, Grant grant, Finding finding)
    {
        var now = time.GetUtcNow();
        if (!await store.WriteAsync(Lane.Work, tx => Grants.Break(tx, grant, finding, record, now), CancellationToken.None)) return await NewerAsync(app);
        log.GrantBroken(app.Id, finding.Check, finding.SetupStep);
        return new Fetched.Broken(new TokenAnswer.Broken(finding));
    }

    /// <summary>Somebody renewed, replaced or dropped the grant while we asked: theirs counts.</summary>
    private async Task<Fetched> NewerAsync(EmailApp app)
    {
        var grant = await store.ReadAsync(tx => Grants.Find(tx, app.OrganisationId, app.Id), CancellationToken.None);
        return grant switch
        {
            null => NotAuthorised(),
            { Broken: { } finding } => new Fetched.Broken(new TokenAnswer.Broken(finding)),
            { RenewingUntil: { } until } when until > time.GetUtcNow() => UnderWay,
            { AccessToken: { } token, AccessExpiresAt: { } end } when HasLife(end) => new Fetched.Token(Open(grant, "access_token", token), end),
            _ => UnderWay,
        };
    }

    private static Fetched.Later UnderWay { get; } = new("The grant is being renewed by another worker", null);

    private bool HasLife(DateTimeOffset end) => end - time.GetUtcNow() > TimeSpan.FromMinutes(options.Value.RenewMinutes);

    private static Fetched.Broken NotAuthorised() => Broken(
        new Cause("sign-in", "G3", Cause.Mailbox, "Press Authorise and sign in as the mailbox", Reaction.SignIn), "The app has not been authorised");

    private static Fetched.Broken NoRefreshToken(EmailApp app) => app.Scope.Split(' ').Contains("offline_access")
        ? Broken(new Cause("sign-in", "G3", Cause.Passerelle, "Authorise again", Reaction.SignIn), "No refresh token is stored and the access token has ended")
        : Broken(new Cause("scope", "G1", Cause.Passerelle, "Add offline_access to the scope and authorise again", Reaction.Configure), "The scope asked for no refresh token");

    private static Fetched.Broken Broken(Cause cause, string words) => new(new TokenAnswer.Broken(Causes.Find(cause, words)));

    private SecretText Open(Grant grant, string column, string text) =>
        new(sealer.Open("oauth_grant", column, grant.OrganisationId, grant.AppId, text));

    private string Seal(Grant grant, string column, SecretText secret) =>
        sealer.Seal("oauth_grant", column, grant.OrganisationId, grant.AppId, secret.Reveal());
}
