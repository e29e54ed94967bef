using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Sending;

/// <summary>Is the app connected now?</summary>
internal abstract record ConnectOutcome
{
    private ConnectOutcome() { }

    /// <param name="Reply">The server's 235, or which permission of Graph does it.</param>
    /// <param name="Freed">Letters that were blocked and are due now.</param>
    public sealed record Connected(string Reply, int Freed) : ConnectOutcome;

    /// <summary>Somebody else than the mailbox signed in, and the server does not take that. Nothing was stored.</summary>
    public sealed record AnotherAccount(string SignedInAs, string Mailbox, Finding Finding) : ConnectOutcome;

    /// <summary>Nothing was stored.</summary>
    /// <param name="Principal">Object id of the enterprise application, when its own token came and told it; else empty.</param>
    public sealed record Refused(Finding Finding, string Principal = "") : ConnectOutcome;

    /// <summary>The provider or the server does not answer now. Nothing was stored.</summary>
    public sealed record Later(string Reason) : ConnectOutcome;
}

/// <summary>Connected means that the submission server said 235 to what the app holds, or that its token for Graph lets it send; only then is anything kept.</summary>
internal sealed class Connect(
    IStore store, Sealer sealer, SubmissionProbe probe, TokenSource tokens, TokenRequests requests, GraphTokens graphTokens, Signals signals, RecordChange record,
    TimeProvider time, ILogger<Connect> log)
{
    /// <summary>A token was issued: prove it as <c>user=</c> the mailbox, then store the grant.</summary>
    public async Task<ConnectOutcome> ProveAsync(Redemption redemption, CancellationToken cancel)
    {
        var app = redemption.App;
        var ready = new TokenAnswer.Ready(redemption.Tokens.AccessToken, IsPassword: false);
        switch (await TryAsync(app, ready, () => graphTokens.ForSendingAsync(app, redemption.Tokens.RefreshToken, cancel), cancel))
        {
            case ProbeOutcome.Accepted when app.Transport == Transports.Graph && redemption.IsAnotherAccount: // no server has seen who it is
                var other = SignInCauses.Another(app, redemption.Who.Account);
                await NoteAsync(app, redemption.Who.Account, other);
                return new ConnectOutcome.AnotherAccount(redemption.Who.Account, redemption.Expected, other);
            case ProbeOutcome.Accepted accepted:
                var grant = Sealed(redemption);
                var freed = await KeepAsync(app, tx => Keep(tx, redemption, grant));
                return freed is { } count
                    ? new ConnectOutcome.Connected(accepted.Reply, count)
                    : new ConnectOutcome.Later("The app's settings changed, or the owner's link ended, while somebody was signing in: authorise again");
            case ProbeOutcome.Refused refused:
                var why = Explain(redemption, refused);
                await NoteAsync(app, redemption.Who.Account, why);
                return redemption.IsAnotherAccount && refused.Last is SubmissionStep.SignIn
                    ? new ConnectOutcome.AnotherAccount(redemption.Who.Account, redemption.Expected, why)
                    : new ConnectOutcome.Refused(why);
            case ProbeOutcome.Later later:
                return new ConnectOutcome.Later(later.Finding.Detail);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Nobody signs in: ask for the application's own token and prove that.</summary>
    public async Task<ConnectOutcome> ProveApplicationAsync(EmailApp app, CancellationToken cancel)
    {
        switch (await requests.ApplicationAsync(app, cancel))
        {
            case TokenReply.Issued issued:
                var claims = TokenClaims.Read(issued.AccessToken);
                var who = new SignedIn("", claims?.Subject ?? "", claims?.Directory ?? "");
                return await ProveAsync(new Redemption(app, issued, who, time.GetUtcNow()), cancel) switch
                {
                    ConnectOutcome.Refused refused => refused with { Principal = who.Subject },
                    var outcome => outcome,
                };
            case TokenReply.Failed failed: return await RefuseAsync(app, Causes.Find(failed.Error));
            case TokenReply.Unfit unfit: return await RefuseAsync(app, unfit.Finding);
            case TokenReply.Unreachable unreachable: return new ConnectOutcome.Later(unreachable.Reason);
            default: throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Tries what the app holds already: a password, or its grant with a fresh token. The way back from broken.</summary>
    public async Task<ConnectOutcome> ProveAgainAsync(EmailApp app, CancellationToken cancel)
    {
        if (app.IsAppOnly) return await ProveApplicationAsync(app, cancel);
        switch (await tokens.RenewAsync(app, cancel))
        {
            case TokenAnswer.Broken broken: return new ConnectOutcome.Refused(broken.Finding);
            case TokenAnswer.Later later: return new ConnectOutcome.Later(later.Reason);
            case TokenAnswer.Ready ready:
                return await TryAsync(app, ready, () => graphTokens.ForSendingAsync(app, cancel), cancel) switch
                {
                    ProbeOutcome.Accepted accepted when await KeepAsync(app, _ => true) is { } freed => new ConnectOutcome.Connected(accepted.Reply, freed),
                    ProbeOutcome.Accepted => new ConnectOutcome.Later("The app's settings changed meanwhile"),
                    ProbeOutcome.Refused refused => new ConnectOutcome.Refused(refused.Finding),
                    ProbeOutcome.Later later => new ConnectOutcome.Later(later.Finding.Detail),
                    _ => throw new System.Diagnostics.UnreachableException(),
                };
            default: throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>At the server; where SMTP AUTH is switched off and the admin lets letters leave by Graph then, by what Graph's token says.</summary>
    private async Task<ProbeOutcome> TryAsync(EmailApp app, TokenAnswer.Ready ready, Func<Task<TokenAnswer>> graph, CancellationToken cancel)
    {
        var bySmtp = await probe.TryAsync(app, ready, cancel);
        return app.Transport == Transports.SmtpThenGraph && bySmtp is ProbeOutcome.Refused refused && Departure.IsSwitchedOff(refused.Finding)
            && await graph() is TokenAnswer.Ready token
            ? SubmissionProbe.ByGraph(app, token)
            : bySmtp;
    }

    /// <summary>Grant, state and letters in one transaction.</summary>
    /// <param name="keepGrant">False: what began it has ended meanwhile, and nothing is kept.</param>
    /// <returns>Letters set free; null when the settings that were proved are not the app's any more.</returns>
    private async Task<int?> KeepAsync(EmailApp app, Func<Tx, bool> keepGrant)
    {
        var now = time.GetUtcNow();
        var freed = await store.WriteAsync<int?>(
            Lane.Work,
            tx =>
            {
                if (AppRows.Find(tx, app.OrganisationId, app.Id) is not { } before || before.Version != app.Version) return null;
                if (!keepGrant(tx)) return null;
                RefusedSignIns.Forget(tx, app.OrganisationId, app.Id);
                AppStates.Connect(tx, app.OrganisationId, app.Id, "", now);
                Breakages.Mended(tx, before, record, now);
                return Letters.Unblock(tx, app.OrganisationId, app.Id, now);
            },
            CancellationToken.None); // the code is spent: keep what it bought even when the browser has gone
        if (freed is null) return null;
        tokens.Forget(app.OrganisationId, app.Id);
        log.Connected(app.Id, freed.Value);
        signals.Letters.Raise();
        signals.Messages.Raise(); // mail that was held may be routed now
        signals.Views.Raise();
        return freed;
    }

    private bool Keep(Tx tx, Redemption redemption, Grant grant)
    {
        if (redemption.OwnerLinkId is { } link && !OwnerLink.Use(tx, grant.OrganisationId, link, time.GetUtcNow())) return false;
        Grants.Put(tx, grant);
        return true;
    }

    /// <summary>The server's one word for many things, in the light of who signed in and of what the token says.</summary>
    private static Finding Explain(Redemption redemption, ProbeOutcome.Refused refused) =>
        refused is { Last: SubmissionStep.SignIn, Finding: { SetupStep: "G3" } finding }
            ? SignInCauses.Explain(redemption.App, redemption.Who.Account, TokenClaims.Read(redemption.Tokens.AccessToken), finding.Detail) ?? finding
            : refused.Finding;

    private async Task<ConnectOutcome> RefuseAsync(EmailApp app, Finding finding)
    {
        await NoteAsync(app, "", finding);
        return new ConnectOutcome.Refused(finding);
    }

    private Task NoteAsync(EmailApp app, string account, Finding finding) => store.WriteAsync(
        Lane.Work,
        tx =>
        {
            RefusedSignIns.Put(tx, app, account, finding, time.GetUtcNow());
            return true;
        },
        CancellationToken.None);

    private Grant Sealed(Redemption redemption)
    {
        var (app, tokens) = (redemption.App, redemption.Tokens);
        return new Grant
        {
            OrganisationId = app.OrganisationId,
            AppId = app.Id,
            AccessToken = Seal("access_token", tokens.AccessToken),
            AccessExpiresAt = tokens.ExpiresAt,
            RefreshToken = tokens.RefreshToken is { } refresh ? Seal("refresh_token", refresh) : null,
            Scope = tokens.Scope,
            SignedInAs = redemption.Who.Account,
            Subject = redemption.Who.Subject,
            IssuerDirectory = redemption.Who.Directory,
            ObtainedAt = redemption.At,
            RefreshedAt = redemption.At,
            State = "good",
            Epoch = 1,
        };

        string Seal(string column, SecretText secret) => sealer.Seal("oauth_grant", column, app.OrganisationId, app.Id, secret.Reveal());
    }
}
