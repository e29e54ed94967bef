using System.Diagnostics;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending.Graph;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Sending;

/// <summary>How one letter leaves. Read top to bottom: that is the whole room.</summary>
internal sealed class Dispatch(
    Letters letters, EmailApps apps, Breakages breakages, TokenSource tokens, RawMails raws, Departure departure, TimeProvider time, ILogger<Dispatch> log)
{
    private const int TriesWhileStopping = 20;
    private static readonly SendOutcome NotBegun = new SendOutcome.Deferred("The server was stopped before the letter was handed over", TimeSpan.Zero);

    /// <summary>
    /// Takes the next letters. The caller asks for so many as leave in a moment: whoever dies in it leaves in doubt all that it had marked.
    /// Where a connection stands they are marked in the same write.
    /// </summary>
    /// <exception cref="OwnershipLost">Somebody newer works for the app.</exception>
    public async Task<Claimed> ClaimAsync(Ownership owner, SubmissionPool pool, LetterClaim claim, CancellationToken cancel)
    {
        var marked = claim.Marked || pool.Stands;
        var claimed = await letters.ClaimAsync(owner, claim with { Marked = marked }, cancel);
        return new Claimed(claimed, owner, pool, marked);
    }

    /// <summary>
    /// Marks them when the connection stands, sends one after the other and settles them together: the write that does it shares its commit with
    /// the next claim.
    /// </summary>
    /// <param name="heard">Told of every attempt's outcome at once.</param>
    /// <returns>The write that settles them, to be awaited; it throws <see cref="OwnershipLost"/> too.</returns>
    /// <exception cref="OwnershipLost">Somebody newer works for the app.</exception>
    public async Task<Task> SendAsync(Claimed some, Action<ClaimedLetter, SendOutcome> heard, CancellationToken cancel)
    {
        var outcomes = new List<(ClaimedLetter Letter, SendOutcome Outcome)>(some.Count);
        try
        {
            while (outcomes.Count < some.Count)
            {
                var letter = some.Letters[outcomes.Count];
                var outcome = await TryAsync(some, outcomes.Count, cancel);
                if (outcome is not SendOutcome.Accepted) some.App = null; // believed for as long as all goes well
                heard(letter, outcome);
                outcomes.Add((letter, outcome));
                log.LetterAttempted(letter.Id, letter.Number, outcome.GetType().Name, outcome.Last);
            }
        }
        catch (OwnershipLost) when (outcomes.Count > 0)
        {
            await SettleAsync(outcomes, some.Owner, cancel); // what was answered before; refused where it is another's by now
            throw;
        }
        return outcomes.Count == 0 ? Task.CompletedTask : SettleAsync(outcomes, some.Owner, cancel);
    }

    /// <summary>None of them was begun: they wait again.</summary>
    /// <exception cref="OwnershipLost">Somebody newer works for the app.</exception>
    public Task ReturnAsync(Claimed some) =>
        some.Count == 0 ? Task.CompletedTask : letters.SettleAsync([.. some.Letters.Select(letter => (letter, NotBegun))], some.Owner, CancellationToken.None);

    private async Task<SendOutcome> TryAsync(Claimed some, int number, CancellationToken cancel)
    {
        var letter = some.Letters[number];
        try
        {
            some.App ??= await apps.FindAsync(letter.OrganisationId, letter.AppId, cancel);
            return some.App switch
            {
                null => new SendOutcome.Refused("The app is gone"),
                { State: AppState.Broken } => new SendOutcome.Blocked(await StillBrokenAsync(some.App, cancel)),
                _ => await SendAsync(some, number, some.App, cancel),
            };
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return NotBegun;
        }
        catch (Exception fault) when (fault is not OwnershipLost)
        {
            log.LetterFault(letter.Id, fault);
            return new SendOutcome.Deferred($"Fault: {fault.GetType().Name}");
        }
    }

    private async Task<SendOutcome> SendAsync(Claimed some, int number, EmailApp app, CancellationToken cancel)
    {
        switch (await tokens.GetAsync(app, cancel))
        {
            case TokenAnswer.Broken broken: return new SendOutcome.Blocked(broken.Finding);
            case TokenAnswer.Later later: return new SendOutcome.Deferred(later.Reason) { Counts = false };
            case TokenAnswer.Ready ready:
                var outcome = await SubmitAsync(some, number, app, ready, cancel);
                return IsTokenRefused(outcome, ready) ? await WithAnotherAsync(some, number, app, ready, cancel) : outcome;
            default: throw new UnreachableException();
        }
    }

    private async Task<SendOutcome> SubmitAsync(Claimed some, int number, EmailApp app, TokenAnswer.Ready ready, CancellationToken cancel)
    {
        var raw = await some.RawAsync(number, raws, cancel);
        // MarkSubmittingAsync throws OwnershipLost when the epoch has moved: then no DATA is issued.
        return await departure.SendAsync(some.Letters[number], app, ready, raw, some.Pool, () => some.MarkAsync(number, letters, cancel), cancel);
    }

    private static bool IsTokenRefused(SendOutcome outcome, TokenAnswer.Ready ready) =>
        !ready.IsPassword
        && (GraphAnswers.IsTokenRefused(outcome)
            || (outcome is SendOutcome.Blocked { Last: SubmissionStep.SignIn } refused && Causes.OfSmtp(refused.Finding.Detail, isPassword: false).Reaction is Reaction.SignIn));

    /// <summary>
    /// 535, or Graph's 401, to a token whose time is not up. The provider tells why within the same attempt: it names the revocation, or gives a
    /// token that the server takes. A second one stands.
    /// </summary>
    private async Task<SendOutcome> WithAnotherAsync(Claimed some, int number, EmailApp app, TokenAnswer.Ready refused, CancellationToken cancel) =>
        await tokens.ReplaceAsync(app, refused, cancel) switch
        {
            TokenAnswer.Broken broken => new SendOutcome.Blocked(broken.Finding) { Last = SubmissionStep.SignIn },
            TokenAnswer.Later later => new SendOutcome.Deferred(later.Reason) { Last = SubmissionStep.SignIn, Counts = false },
            TokenAnswer.Ready another => await SubmitAsync(some, number, app, another, cancel),
            _ => throw new UnreachableException(),
        };

    /// <summary>Answered: record it, however long the store is away; nobody else knows the answer. A stop waits for it a while only, and then the
    /// letters are in doubt.</summary>
    private async Task SettleAsync(IReadOnlyList<(ClaimedLetter Letter, SendOutcome Outcome)> outcomes, Ownership owner, CancellationToken cancel)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                await letters.SettleAsync(outcomes, owner, CancellationToken.None);
                return;
            }
            catch (StoreUnavailable away) when (!cancel.IsCancellationRequested || tried < TriesWhileStopping)
            {
                log.SettleDelayed(outcomes[0].Letter.Id, away);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(250 * tried, 5000)), time, CancellationToken.None);
            }
        }
    }

    private async Task<Finding> StillBrokenAsync(EmailApp app, CancellationToken cancel) =>
        await breakages.FindAsync(app.OrganisationId, app.Id, cancel)
        ?? Causes.Find(new Cause("sign-in", "G3", Cause.Mailbox, "Mend the app as its page says", Reaction.Configure), app.StateReason);
}

/// <summary>Letters that were claimed together, on their way one after the other.</summary>
/// <param name="marked">They are submitting already.</param>
internal sealed class Claimed(List<ClaimedLetter> letters, Ownership owner, SubmissionPool pool, bool marked)
{
    /// <summary>Bytes that are read together; a larger mail is read alone.</summary>
    private const long MostAtOnce = 256 * 1024;
    private Piece? _piece;
    private Piece? _next;
    private bool _marked = marked;

    public IReadOnlyList<ClaimedLetter> Letters => letters;
    public int Count => letters.Count;
    public Ownership Owner => owner;
    public SubmissionPool Pool => pool;

    /// <summary>As last read; null: to be read again.</summary>
    public EmailApp? App { get; set; }

    /// <summary>The bytes of this letter. Small mails are read together, and the next ones while these travel.</summary>
    public async Task<ReadOnlyMemory<byte>> RawAsync(int number, RawMails raws, CancellationToken cancel)
    {
        if (_piece is null || number >= _piece.End)
        {
            _piece = _next ?? Read(number, raws, cancel);
            _next = _piece.End < letters.Count ? Read(_piece.End, raws, cancel) : null;
        }
        var id = letters[number].Row.RawId;
        return (await _piece.Rows).TryGetValue(id, out var row) ? row : await raws.ReadAsync(owner.OrganisationId, id, cancel);
    }

    /// <summary>All that have not been tried yet, at the first one that has a connection.</summary>
    public async Task MarkAsync(int number, Letters queue, CancellationToken cancel)
    {
        if (_marked) return;
        await queue.MarkSubmittingAsync(letters[number..], owner, cancel);
        _marked = true;
    }

    private Piece Read(int from, RawMails raws, CancellationToken cancel)
    {
        var end = from + 1;
        for (var bytes = letters[from].Row.Size; end < letters.Count && (bytes += letters[end].Row.Size) <= MostAtOnce; end++)
        {
        }
        return new Piece(end, raws.ReadRowsAsync(owner.OrganisationId, [.. letters[from..end].Select(letter => letter.Row.RawId)], cancel));
    }

    /// <param name="End">The number of the letter that follows it.</param>
    private sealed record Piece(int End, Task<Dictionary<Guid, ReadOnlyMemory<byte>>> Rows);
}
