using System.Buffers.Text;
using Duende.IdentityModel.Client;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tokens;

/// <summary>The authorization-code flow with PKCE (RFC 6749 §4.1, RFC 7636, RFC 9700), from Authorise to a redeemed code.</summary>
internal sealed class Authorisations(
    IStore store, Sealer sealer, Installations installations, Providers providers, TokenRequests requests, IdTokens idTokens,
    OwnerLinks ownerLinks, AdminConsents adminConsents, IOptions<TokensOptions> options, TimeProvider time, ILogger<Authorisations> log)
{
    public async Task<BeginOutcome> BeginAsync(EmailApp app, Asker asker, CancellationToken cancel) =>
        await providers.FindAsync(app.AuthorizationUrl, cancel) switch
        {
            Provider.Known known => await StartAsync(app, asker, known.Issuer, cancel),
            Provider.Silent => await StartAsync(app, asker, "", cancel),
            Provider.Failed failed => new BeginOutcome.Refused(Causes.Find(failed.Error)),
            Provider.Unreachable unreachable => new BeginOutcome.Later(unreachable.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    public async Task<CompleteOutcome> CompleteAsync(CallbackQuery query, ReturningBrowser browser, CancellationToken cancel)
    {
        if (query.State is not { Length: > 0 and <= 512 } state) return new CompleteOutcome.Forged();
        var row = await store.ReadAsync(tx => AuthorisationRow.Find(tx, AuthorisationSecrets.Hash(state)), cancel);
        var now = time.GetUtcNow();
        switch (row)
        {
            case null: return new CompleteOutcome.Forged();
            case { Errand: not AuthorisationRow.AdminConsent } other when !IsTheirs(other, browser): return new CompleteOutcome.Foreign();
            case { UsedAt: not null } used: return new CompleteOutcome.AlreadyDone(used.OrganisationId, used.AppId, used.Outcome);
            case var late when late.ExpiresAt <= now: return new CompleteOutcome.Expired(late.OrganisationId, late.AppId);
        }
        if (!await store.WriteAsync(Lane.Work, tx => row.Use(tx, now), cancel))
        {
            return new CompleteOutcome.AlreadyDone(row.OrganisationId, row.AppId, "using");
        }
        if (row.Errand == AuthorisationRow.AdminConsent) return await adminConsents.CompleteAsync(row, query, cancel);

        var outcome = await RedeemAsync(row, query, cancel);
        if (outcome is CompleteOutcome.Refused refused) log.AuthorisationRefused(row.AppId, refused.Finding.Check, refused.Finding.SetupStep);
        await store.WriteAsync(Lane.Work, tx => Closed(tx, row, outcome, now), CancellationToken.None);
        return outcome;
    }

    private async Task<BeginOutcome> StartAsync(EmailApp app, Asker asker, string issuer, CancellationToken cancel)
    {
        var installation = await installations.GetAsync(cancel);
        var (state, verifier, nonce, cookie) = (AuthorisationSecrets.New(), AuthorisationSecrets.New(), AuthorisationSecrets.New(), AuthorisationSecrets.New());
        var row = AuthorisationRow.For(app, state, installation.CallbackUrl, time.GetUtcNow(), TimeSpan.FromMinutes(options.Value.AuthoriseMinutes)) with
        {
            PersonId = asker.PersonId,
            SessionHash = asker.SessionHash,
            CookieHash = AuthorisationSecrets.Hash(cookie),
            Verifier = sealer.Seal("authorisation", "verifier", app.OrganisationId, RowId(AuthorisationSecrets.Hash(state)), verifier),
            Nonce = nonce,
            Issuer = issuer,
            Scope = asker.Besides?.Scope ?? app.Scope,
            Errand = asker.Besides?.Errand ?? AuthorisationRow.SignIn,
            OwnerLinkId = asker.OwnerLinkId,
        };
        await store.WriteAsync(Lane.Work, row.Insert, cancel);
        var isHttps = installation.PublicUrl.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        return new BeginOutcome.Started(
            new RequestUrl(app.AuthorizationUrl).CreateAuthorizeUrl(
                clientId: app.ClientId,
                responseType: "code",
                scope: row.Scope,
                redirectUri: row.RedirectUri,
                state: state,
                nonce: nonce,
                loginHint: app.SignsInAs.Length > 0 ? app.SignsInAs : app.EmailId,
                codeChallenge: Base64Url.EncodeToString(AuthorisationSecrets.Hash(verifier)),
                codeChallengeMethod: "S256",
                extra: Extra(app, asker)),
            new AuthorisationCookie(isHttps ? "__Host-passerelle-authorise" : "passerelle-authorise", cookie, isHttps, row.ExpiresAt));
    }

    /// <summary>What the provider wants besides, and the consent page when somebody asked to see it.</summary>
    private static Parameters Extra(EmailApp app, Asker asker)
    {
        var extra = new Dictionary<string, string>(Presets.Find(app.Preset)?.AuthorizeParameters ?? new Dictionary<string, string>());
        if (asker.ReviewConsent) extra["prompt"] = "consent";
        return new Parameters(extra);
    }

    private async Task<CompleteOutcome> RedeemAsync(AuthorisationRow row, CallbackQuery query, CancellationToken cancel)
    {
        var app = await store.ReadAsync(tx => AppRows.Find(tx, row.OrganisationId, row.AppId), cancel);
        var changed = app is null || app.ClientId != row.ClientId || app.TokenUrl != row.TokenUrl || (row.Errand == AuthorisationRow.SignIn && app.Scope != row.Scope);
        if (query.Error is { Length: > 0 } error)
        {
            return Refused(row, Causes.Find(OAuthError.OfRedirect(error, query.ErrorDescription ?? "", query.Suberror ?? "")));
        }
        if (app is null || changed) return Refused(row, "sign-in", "The app's settings changed while somebody was signing in");
        if (row.OwnerLinkId is { } id && (await ownerLinks.FindAsync(row.OrganisationId, id, cancel))?.IsOpenAt(time.GetUtcNow()) != true)
        {
            return Refused(row, "sign-in", "The owner's link was used, withdrawn or ran out while somebody was signing in");
        }
        if (query.Issuer is { Length: > 0 } issuer && row.Issuer.Length > 0 && issuer != row.Issuer) // RFC 9207 §2.4
        {
            return Refused(row, "sign-in", "The answer came from another provider than the one that was asked");
        }
        if (query.Code is not { Length: > 0 and <= 8192 } code) return Refused(row, "token-request", "The provider sent neither a code nor an error");

        var verifier = sealer.Open("authorisation", "verifier", row.OrganisationId, RowId(row.StateHash), row.Verifier);
        return await requests.RedeemAsync(app, row.TokenUrl, code, verifier, row.RedirectUri, cancel) switch
        {
            TokenReply.Issued issued => await IdentifyAsync(row, app, issued, cancel),
            TokenReply.Failed failed => Refused(row, Causes.Find(failed.Error)),
            TokenReply.Unfit unfit => Refused(row, unfit.Finding),
            TokenReply.Unreachable unreachable => new CompleteOutcome.Later(row.OrganisationId, row.AppId, unreachable.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private async Task<CompleteOutcome> IdentifyAsync(AuthorisationRow row, EmailApp app, TokenReply.Issued issued, CancellationToken cancel) =>
        await idTokens.IdentifyAsync(app, issued, row.Issuer, row.Nonce, cancel) switch
        {
            Identification.Known known when row.Errand == AuthorisationRow.Reading => new CompleteOutcome.MayRead(
                new Redemption(app, issued, known.Who, time.GetUtcNow()) { Asked = row.Scope }),
            Identification.Known known when row.Errand == AuthorisationRow.Graph => new CompleteOutcome.MaySendByGraph(
                new Redemption(app, issued, known.Who, time.GetUtcNow()) { Asked = row.Scope }),
            Identification.Known known => new CompleteOutcome.Redeemed(
                new Redemption(app, issued, known.Who, time.GetUtcNow()) { Asked = row.Scope, OwnerLinkId = row.OwnerLinkId }),
            Identification.Unproven unproven => Refused(row, unproven.Check, unproven.Words),
            Identification.Later later => new CompleteOutcome.Later(row.OrganisationId, row.AppId, later.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>The session that began it, a person's or a link's, in the same browser.</summary>
    private static bool IsTheirs(AuthorisationRow row, ReturningBrowser browser) =>
        AuthorisationSecrets.IsSame(row.SessionHash, row.OwnerLinkId is null ? browser.Session : browser.Owner)
        && AuthorisationSecrets.IsSame(row.CookieHash, AuthorisationSecrets.Hash(browser.Cookie ?? ""));

    private static CompleteOutcome.Refused Refused(AuthorisationRow row, Finding finding) => new(row.OrganisationId, row.AppId, finding);

    private static CompleteOutcome.Refused Refused(AuthorisationRow row, string check, string words) =>
        Refused(row, Causes.Find(new Cause(check, "G3", Cause.Mailbox, "Press Authorise again", Reaction.SignIn), words));

    private static bool Closed(Tx tx, AuthorisationRow row, CompleteOutcome outcome, DateTimeOffset now)
    {
        if (outcome is CompleteOutcome.Refused refused && row.Errand == AuthorisationRow.SignIn && AppRows.Find(tx, row.OrganisationId, row.AppId) is { } app)
        {
            RefusedSignIns.Put(tx, app, "", refused.Finding, now);
        }
        row.Close(tx, outcome switch
        {
            CompleteOutcome.Redeemed or CompleteOutcome.MayRead or CompleteOutcome.MaySendByGraph => "redeemed",
            CompleteOutcome.Refused => "refused",
            _ => "later",
        });
        return true;
    }

    private static Guid RowId(byte[] stateHash) => new(stateHash.AsSpan(0, 16), bigEndian: true);
}
