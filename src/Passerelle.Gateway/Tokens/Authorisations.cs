using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Duende.IdentityModel.Client;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tokens;

/// <summary>The authorization-code flow with PKCE (RFC 6749 §4.1, RFC 7636, RFC 9700), from Authorise to a redeemed code.</summary>
internal sealed class Authorisations(
    IStore store, Sealer sealer, Installations installations, Providers providers, TokenRequests requests, IdTokens idTokens,
    IOptions<TokensOptions> options, TimeProvider time, ILogger<Authorisations> log)
{
    /// <param name="sessionHash">SHA-256 of the session that asks; only the same may come back.</param>
    public async Task<BeginOutcome> BeginAsync(EmailApp app, Guid personId, byte[] sessionHash, CancellationToken cancel) =>
        await providers.FindAsync(app.AuthorizationUrl, cancel) switch
        {
            Provider.Known known => await StartAsync(app, personId, sessionHash, known.Issuer, cancel),
            Provider.Silent => await StartAsync(app, personId, sessionHash, "", cancel),
            Provider.Failed failed => new BeginOutcome.Refused(Causes.Find(failed.Error)),
            Provider.Unreachable unreachable => new BeginOutcome.Later(unreachable.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <param name="cookie">Value of the cookie that <see cref="BeginAsync"/> gave; null when the browser sent none.</param>
    public async Task<CompleteOutcome> CompleteAsync(CallbackQuery query, byte[] sessionHash, string? cookie, CancellationToken cancel)
    {
        if (query.State is not { Length: > 0 and <= 512 } state) return new CompleteOutcome.Forged();
        var row = await store.ReadAsync(tx => AuthorisationRow.Find(tx, Hash(state)), cancel);
        var now = time.GetUtcNow();
        switch (row)
        {
            case null: return new CompleteOutcome.Forged();
            case var other when !IsSame(other.SessionHash, sessionHash) || !IsSame(other.CookieHash, Hash(cookie ?? "")): return new CompleteOutcome.Foreign();
            case { UsedAt: not null } used: return new CompleteOutcome.AlreadyDone(used.OrganisationId, used.AppId, used.Outcome);
            case var late when late.ExpiresAt <= now: return new CompleteOutcome.Expired(late.OrganisationId, late.AppId);
        }
        if (!await store.WriteAsync(Lane.Work, tx => row.Use(tx, now), cancel))
        {
            return new CompleteOutcome.AlreadyDone(row.OrganisationId, row.AppId, "using");
        }
        var outcome = await RedeemAsync(row, query, cancel);
        if (outcome is CompleteOutcome.Refused refused) log.AuthorisationRefused(row.AppId, refused.Finding.Check, refused.Finding.SetupStep);
        await store.WriteAsync(Lane.Work, tx => Closed(tx, row, outcome, now), CancellationToken.None);
        return outcome;
    }

    private async Task<BeginOutcome> StartAsync(EmailApp app, Guid personId, byte[] sessionHash, string issuer, CancellationToken cancel)
    {
        var installation = await installations.GetAsync(cancel);
        var (state, verifier, nonce, cookie) = (Secret(), Secret(), Secret(), Secret());
        var now = time.GetUtcNow();
        var stateHash = Hash(state);
        var row = new AuthorisationRow
        {
            OrganisationId = app.OrganisationId,
            StateHash = stateHash,
            AppId = app.Id,
            PersonId = personId,
            SessionHash = sessionHash,
            CookieHash = Hash(cookie),
            Verifier = sealer.Seal("authorisation", "verifier", app.OrganisationId, RowId(stateHash), verifier),
            Nonce = nonce,
            ClientId = app.ClientId,
            Issuer = issuer,
            TokenUrl = app.TokenUrl,
            RedirectUri = installation.CallbackUrl,
            Scope = app.Scope,
            CreatedAt = now,
            ExpiresAt = now.AddMinutes(options.Value.AuthoriseMinutes),
            Outcome = "",
        };
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                row.Insert(tx);
                return true;
            },
            cancel);
        var isHttps = installation.PublicUrl.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        return new BeginOutcome.Started(
            new RequestUrl(app.AuthorizationUrl).CreateAuthorizeUrl(
                clientId: app.ClientId,
                responseType: "code",
                scope: app.Scope,
                redirectUri: row.RedirectUri,
                state: state,
                nonce: nonce,
                loginHint: app.EmailId,
                codeChallenge: Base64Url.EncodeToString(Hash(verifier)),
                codeChallengeMethod: "S256"),
            new AuthorisationCookie(isHttps ? "__Host-passerelle-authorise" : "passerelle-authorise", cookie, isHttps, row.ExpiresAt));
    }

    private async Task<CompleteOutcome> RedeemAsync(AuthorisationRow row, CallbackQuery query, CancellationToken cancel)
    {
        var app = await store.ReadAsync(tx => AppRows.Find(tx, row.OrganisationId, row.AppId), cancel);
        var changed = app is null || app.ClientId != row.ClientId || app.TokenUrl != row.TokenUrl || app.Scope != row.Scope;
        if (query.Error is { Length: > 0 } error)
        {
            return Refused(row, Causes.Find(OAuthError.OfRedirect(error, query.ErrorDescription ?? "", query.Suberror ?? "")));
        }
        if (app is null || changed) return Refused(row, "sign-in", "The app's settings changed while somebody was signing in");
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
            TokenReply.Unreachable unreachable => new CompleteOutcome.Later(row.OrganisationId, row.AppId, unreachable.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private async Task<CompleteOutcome> IdentifyAsync(AuthorisationRow row, EmailApp app, TokenReply.Issued issued, CancellationToken cancel)
    {
        if (issued.IdToken is not { } idToken)
        {
            return app.Scope.Split(' ').Contains("openid")
                ? Refused(row, "token-request", "The provider sent no id_token although openid was asked for")
                : new CompleteOutcome.Redeemed(new Redemption(app, issued, SignedIn.Nobody, time.GetUtcNow()));
        }
        try
        {
            var jwks = row.Issuer.Length == 0 ? "" : await providers.FindAsync(app.AuthorizationUrl, cancel) is Provider.Known known ? known.JwksUri : null;
            if (jwks is null) return new CompleteOutcome.Later(row.OrganisationId, row.AppId, "The provider's keys cannot be fetched");
            var (who, reason) = await idTokens.ValidateAsync(idToken, row.Issuer, jwks, row.ClientId, row.Nonce, cancel);
            return who is null
                ? Refused(row, "sign-in", reason)
                : new CompleteOutcome.Redeemed(new Redemption(app, issued, who, time.GetUtcNow()));
        }
        catch (HttpRequestException)
        {
            return new CompleteOutcome.Later(row.OrganisationId, row.AppId, "The provider's keys cannot be fetched");
        }
    }

    private static CompleteOutcome.Refused Refused(AuthorisationRow row, Finding finding) => new(row.OrganisationId, row.AppId, finding);

    private static CompleteOutcome.Refused Refused(AuthorisationRow row, string check, string words) =>
        Refused(row, Causes.Find(new Cause(check, "G3", Cause.Mailbox, "Press Authorise again", Reaction.SignIn), words));

    private static bool Closed(Tx tx, AuthorisationRow row, CompleteOutcome outcome, DateTimeOffset now)
    {
        if (outcome is CompleteOutcome.Refused refused && AppRows.Find(tx, row.OrganisationId, row.AppId) is { } app)
        {
            RefusedSignIns.Put(tx, app, "", refused.Finding, now);
        }
        row.Close(tx, outcome switch
        {
            CompleteOutcome.Redeemed => "redeemed",
            CompleteOutcome.Refused => "refused",
            _ => "later",
        });
        return true;
    }

    /// <summary>256 random bits, 43 characters of base64url: also a PKCE verifier (RFC 7636 §4.1).</summary>
    private static string Secret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static bool IsSame(byte[] stored, byte[] given) => CryptographicOperations.FixedTimeEquals(stored, given);

    private static Guid RowId(byte[] stateHash) => new(stateHash.AsSpan(0, 16), bigEndian: true);
}
