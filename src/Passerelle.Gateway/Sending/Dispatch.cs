using System.Diagnostics;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Sending;

/// <summary>How one letter leaves. Read top to bottom: that is the whole room.</summary>
internal sealed class Dispatch(
    Letters letters, EmailApps apps, Breakages breakages, TokenSource tokens, RawMails raws, Submission submission, TimeProvider time, ILogger<Dispatch> log)
{
    private const int TriesWhileStopping = 20;

    /// <returns>False when nothing is due.</returns>
    /// <exception cref="OwnershipLost">Somebody newer works for the app.</exception>
    public async Task<bool> SendNextAsync(Ownership owner, SubmissionPool pool, CancellationToken cancel)
    {
        if (await letters.ClaimAsync(owner, cancel) is not { } letter) return false;

        var outcome = await TryAsync(letter, owner, pool, cancel);
        await SettleAsync(letter, owner, outcome, cancel);
        log.LetterAttempted(letter.Id, letter.Number, outcome.GetType().Name, outcome.Last);
        return true;
    }

    private async Task<SendOutcome> TryAsync(ClaimedLetter letter, Ownership owner, SubmissionPool pool, CancellationToken cancel)
    {
        try
        {
            var app = await apps.FindAsync(letter.OrganisationId, letter.AppId, cancel);
            return app switch
            {
                null => new SendOutcome.Refused("The app is gone"),
                { State: AppState.Broken } => new SendOutcome.Blocked(await StillBrokenAsync(app, cancel)),
                _ => await SendAsync(letter, owner, app, pool, cancel),
            };
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return new SendOutcome.Deferred("The server was stopped before the letter was handed over", TimeSpan.Zero);
        }
        catch (Exception fault) when (fault is not OwnershipLost)
        {
            log.LetterFault(letter.Id, fault);
            return new SendOutcome.Deferred($"Fault: {fault.GetType().Name}");
        }
    }

    private async Task<SendOutcome> SendAsync(
        ClaimedLetter letter, Ownership owner, EmailApp app, SubmissionPool pool, CancellationToken cancel)
    {
        switch (await tokens.GetAsync(app, cancel))
        {
            case TokenAnswer.Broken broken: return new SendOutcome.Blocked(broken.Finding);
            case TokenAnswer.Later later: return new SendOutcome.Deferred(later.Reason) { Counts = false };
            case TokenAnswer.Ready ready:
                var outcome = await SubmitAsync(letter, owner, app, ready, pool, cancel);
                return IsTokenRefused(outcome, ready) ? await WithAnotherAsync(letter, owner, app, ready, pool, cancel) : outcome;
            default: throw new UnreachableException();
        }
    }

    private async Task<SendOutcome> SubmitAsync(
        ClaimedLetter letter, Ownership owner, EmailApp app, TokenAnswer.Ready ready, SubmissionPool pool, CancellationToken cancel)
    {
        await using var raw = await raws.OpenAsync(letter.OrganisationId, letter.Row.RawId, cancel);
        // MarkSubmittingAsync throws OwnershipLost when the epoch has moved: then no DATA is issued.
        return await submission.SendAsync(
            letter, app, ready, raw, pool, () => letters.MarkSubmittingAsync(letter, owner, cancel), cancel);
    }

    private static bool IsTokenRefused(SendOutcome outcome, TokenAnswer.Ready ready) =>
        !ready.IsPassword
        && outcome is SendOutcome.Blocked { Last: SubmissionStep.SignIn } refused
        && Causes.OfSmtp(refused.Finding.Detail, isPassword: false).Reaction is Reaction.SignIn;

    /// <summary>
    /// 535 to a token whose time is not up. The provider tells why within the same attempt: it names the revocation, or gives a
    /// token that the server takes. A second 535 stands.
    /// </summary>
    private async Task<SendOutcome> WithAnotherAsync(
        ClaimedLetter letter, Ownership owner, EmailApp app, TokenAnswer.Ready refused, SubmissionPool pool, CancellationToken cancel) =>
        await tokens.ReplaceAsync(app, refused, cancel) switch
        {
            TokenAnswer.Broken broken => new SendOutcome.Blocked(broken.Finding) { Last = SubmissionStep.SignIn },
            TokenAnswer.Later later => new SendOutcome.Deferred(later.Reason) { Last = SubmissionStep.SignIn, Counts = false },
            TokenAnswer.Ready another => await SubmitAsync(letter, owner, app, another, pool, cancel),
            _ => throw new UnreachableException(),
        };

    /// <summary>Answered: record it, however long the store is away; nobody else knows the answer. A stop waits for it a while only, and then the
    /// letter is in doubt.</summary>
    private async Task SettleAsync(ClaimedLetter letter, Ownership owner, SendOutcome outcome, CancellationToken cancel)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                await letters.SettleAsync(letter, owner, outcome, CancellationToken.None);
                return;
            }
            catch (StoreUnavailable away) when (!cancel.IsCancellationRequested || tried < TriesWhileStopping)
            {
                log.SettleDelayed(letter.Id, away);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(250 * tried, 5000)), time, CancellationToken.None);
            }
        }
    }

    private async Task<Finding> StillBrokenAsync(EmailApp app, CancellationToken cancel) =>
        await breakages.FindAsync(app.OrganisationId, app.Id, cancel)
        ?? Causes.Find(new Cause("sign-in", "G3", Cause.Mailbox, "Mend the app as its page says", Reaction.Configure), app.StateReason);
}
