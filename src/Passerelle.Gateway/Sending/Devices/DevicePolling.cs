using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Sending.Devices;

/// <summary>
/// Asks for each sign-in on another device whether it has happened, no faster than the provider allows (RFC 8628 §3.5). The
/// rows say what is due, so a restart goes on where it was.
/// </summary>
internal sealed class DevicePolling(
    IStore store, Sealer sealer, TokenRequests requests, IdTokens idTokens, Connect connect, Signals signals, TimeProvider time,
    ILogger<DevicePolling> log) : BackgroundService
{
    private const int SlowDownSeconds = 5; // RFC 8628 §3.5: added for good at each slow_down
    private const long LongestInterval = 60;
    private static readonly TimeSpan LookAtLeastEvery = TimeSpan.FromSeconds(30);

    /// <summary>Longer than a request may take: until then nobody else polls the same.</summary>
    private static readonly TimeSpan Claimed = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var begun = signals.DeviceSignIns.Listen();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var next = await LookAsync(stoppingToken);
                var wait = next - time.GetUtcNow();
                await begun.WaitAsync(wait < LookAtLeastEvery ? (wait > TimeSpan.Zero ? wait.Value : TimeSpan.FromMilliseconds(50)) : LookAtLeastEvery, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping
        }
    }

    /// <summary>One round over those that are due, side by side: an authority that is silent holds up nobody else's.</summary>
    /// <returns>When the next is due; null when nobody waits.</returns>
    internal async Task<DateTimeOffset?> LookAsync(CancellationToken cancel)
    {
        try
        {
            var due = await store.ReadAsync(tx => DeviceSignIn.Due(tx, time.GetUtcNow()), cancel);
            await Task.WhenAll(due.Select(signIn => PollAsync(signIn, cancel)));
            return await store.ReadAsync(DeviceSignIn.NextDue, cancel);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.LookFault(fault);
            return null;
        }
    }

    private async Task PollAsync(DeviceSignIn signIn, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (!await store.WriteAsync(Lane.Work, tx => signIn.Claim(tx, now + Claimed), cancel)) return;
        var app = await store.ReadAsync(tx => AppRows.Find(tx, signIn.OrganisationId, signIn.AppId), cancel);
        if (signIn.ExpiresAt <= now) await EndAsync(signIn, DeviceSignIn.Expired, null);
        else if (app is null || app.Version != signIn.AppVersion) await EndAsync(signIn, DeviceSignIn.Stopped, null);
        else await AskAsync(signIn, app, cancel);
    }

    private async Task AskAsync(DeviceSignIn signIn, EmailApp app, CancellationToken cancel)
    {
        var code = sealer.Open("device_sign_in", "device_code", signIn.OrganisationId, signIn.Id, signIn.DeviceCode);
        switch (await requests.DeviceAsync(app, code, cancel))
        {
            case TokenReply.Issued issued:
                await ConnectAsync(signIn, app, issued);
                return;
            case TokenReply.Failed { Error.Error: "authorization_pending" }:
                await WaitAsync(signIn, signIn.IntervalSeconds);
                return;
            case TokenReply.Failed { Error.Error: "slow_down" }:
                await WaitAsync(signIn, Math.Min(signIn.IntervalSeconds + SlowDownSeconds, LongestInterval));
                return;
            case TokenReply.Failed { Error.Error: "expired_token" }:
                await EndAsync(signIn, DeviceSignIn.Expired, null);
                return;
            case TokenReply.Failed { Error: { Error: "authorization_declined" or "access_denied" } declined }:
                await RefuseAsync(signIn, app, DeviceSignIn.Declined, Causes.Find(declined));
                return;
            case TokenReply.Failed failed:
                await RefuseAsync(signIn, app, DeviceSignIn.Refused, DeviceRequests.Find(failed.Error));
                return;
            case TokenReply.Unfit unfit:
                await RefuseAsync(signIn, app, DeviceSignIn.Refused, unfit.Finding);
                return;
            default: // RFC 8628 §3.5: on a time-out ask less often, for instance half as often
                await WaitAsync(signIn, Math.Min(signIn.IntervalSeconds * 2, LongestInterval));
                return;
        }
    }

    /// <summary>The device code is spent: from here on nothing is cancelled.</summary>
    private async Task ConnectAsync(DeviceSignIn signIn, EmailApp app, TokenReply.Issued issued)
    {
        switch (await idTokens.IdentifyAsync(app, issued, signIn.Issuer, nonce: null, CancellationToken.None))
        {
            case Identification.Known known:
                var (state, finding) = await ProveAsync(new Redemption(app, issued, known.Who, time.GetUtcNow()));
                await EndAsync(signIn, state, finding);
                return;
            case Identification.Unproven unproven:
                await RefuseAsync(signIn, app, DeviceSignIn.Refused, Again(unproven.Check, unproven.Words));
                return;
            case Identification.Later later:
                await EndAsync(signIn, DeviceSignIn.Refused, Again("provider", later.Reason));
                return;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<(string State, Finding? Finding)> ProveAsync(Redemption redemption) =>
        await connect.ProveAsync(redemption, CancellationToken.None) switch
        {
            ConnectOutcome.Connected => (DeviceSignIn.Connected, null),
            ConnectOutcome.Refused refused => (DeviceSignIn.Refused, refused.Finding),
            ConnectOutcome.AnotherAccount another => (DeviceSignIn.Refused, another.Finding),
            ConnectOutcome.Later later => (DeviceSignIn.Refused, Again("smtp-server", later.Reason)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static Finding Again(string check, string words) =>
        Causes.Find(new Cause(check, "G3", Cause.Mailbox, "Ask for a new code and sign in again", Reaction.SignIn), words);

    private async Task WaitAsync(DeviceSignIn signIn, long interval)
    {
        var next = time.GetUtcNow().AddSeconds(interval);
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                signIn.Wait(tx, interval, next);
                return true;
            },
            CancellationToken.None);
    }

    /// <summary>Kept as what the last sign-in came to, too: whoever looks for the cause later looks there.</summary>
    private async Task RefuseAsync(DeviceSignIn signIn, EmailApp app, string state, Finding finding)
    {
        await EndAsync(signIn, state, state == DeviceSignIn.Declined ? null : finding);
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                RefusedSignIns.Put(tx, app, "", finding, time.GetUtcNow());
                return true;
            },
            CancellationToken.None);
    }

    private async Task EndAsync(DeviceSignIn signIn, string state, Finding? finding)
    {
        if (!await store.WriteAsync(Lane.Work, tx => signIn.End(tx, state, finding), CancellationToken.None)) return;
        log.DeviceSignedIn(signIn.AppId, state);
        signals.Views.Raise();
    }
}
