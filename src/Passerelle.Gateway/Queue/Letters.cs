using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue;

/// <summary>The life of a letter: waiting, claimed, submitting, then settled, dead, blocked or unclear.</summary>
internal sealed class Letters(
    IStore store, IPlacement placement, Signals signals, RecordChange record, IOptions<QueueOptions> options, TimeProvider time)
{
    /// <summary>Within the caller's transaction; raise <see cref="Signals.Letters"/> once it has committed.</summary>
    public static void Insert(Tx tx, NewLetter letter, DateTimeOffset now) => LetterRows.Insert(tx, letter, now);

    /// <returns>In the order in which they are to leave; none when nothing is due (or the app is paused).</returns>
    /// <exception cref="OwnershipLost">The epoch has moved.</exception>
    public Task<List<ClaimedLetter>> ClaimAsync(Ownership owner, LetterClaim claim, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return store.WriteAsync(
            Lane.Work,
            tx =>
            {
                if (!Ownerships.Holds(tx, owner)) throw new OwnershipLost(owner);
                var rows = LetterRows.Claim(tx, owner, claim, now, Deadline(now));
                return rows.Count == 0 ? [] : LetterRows.Begin(tx, owner, rows, now);
            },
            cancel);
    }

    /// <summary>Committed before DATA is issued: from now on, silence means doubt.</summary>
    /// <exception cref="OwnershipLost">Another owner, or the sweep, has taken the letter: nothing may be sent.</exception>
    public Task<bool> MarkSubmittingAsync(IReadOnlyList<ClaimedLetter> some, Ownership owner, CancellationToken cancel)
    {
        var until = Deadline(time.GetUtcNow());
        return store.WriteAsync(
            Lane.Work,
            tx => some.All(letter => LetterRows.MarkSubmitting(tx, letter, owner, until)) ? true : throw new OwnershipLost(owner),
            cancel);
    }

    /// <exception cref="OwnershipLost">One of them is not this owner's any more; its new owner decides. The others are settled.</exception>
    public async Task SettleAsync(IReadOnlyList<(ClaimedLetter Letter, SendOutcome Outcome)> outcomes, Ownership owner, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var settled = await store.WriteAsync(
            Lane.Work,
            tx => LetterSettling.Settle(tx, options.Value, outcomes, owner, record, now),
            cancel);
        signals.Views.Raise();
        if (settled < outcomes.Count) throw new OwnershipLost(owner);
    }

    /// <summary>Apps that have a letter due and are no other node's.</summary>
    public Task<List<DueApp>> DueAsync(CancellationToken cancel) =>
        store.ReadAsync(tx => LetterRows.Due(tx, time.GetUtcNow(), placement.Others), cancel);

    /// <summary>When the next letter of any app falls due, after that moment; null when none waits.</summary>
    public Task<DateTimeOffset?> NextDueAsync(DateTimeOffset after, CancellationToken cancel) => store.ReadAsync(tx => LetterRows.NextDue(tx, after), cancel);

    /// <summary>The grant works again, inside the transaction that says so: what was blocked is due now.</summary>
    /// <returns>Letters set free.</returns>
    public static int Unblock(Tx tx, Guid organisationId, Guid appId, DateTimeOffset now) => tx.For(organisationId).Execute(
        """
        UPDATE letter SET state = 'waiting', due_at = @now, state_reason = ''
        WHERE organisation_id = @organisation AND app_id = @appId AND state = 'blocked'
        """,
        new { appId, now });

    private DateTimeOffset Deadline(DateTimeOffset now) => now.AddSeconds(options.Value.SubmittingSeconds);
}

/// <summary>What a worker takes at once.</summary>
/// <param name="Most">Letters.</param>
internal sealed record LetterClaim(int Most)
{
    /// <summary>Letters of a lower lane stay.</summary>
    public LetterLane Lowest { get; init; } = LetterLane.Bulk;

    /// <summary>A connection stands, and the bytes go at once: what is claimed is submitting in the same write. Silence means doubt from then on.</summary>
    public bool Marked { get; init; }
}

/// <summary>An app that has something to send.</summary>
internal sealed record DueApp
{
    public required Guid OrganisationId { get; init; }
    public required Guid AppId { get; init; }

    /// <summary>A <see cref="LetterLane"/>: of the letter that leaves first.</summary>
    public long Lane { get; init; }
}
