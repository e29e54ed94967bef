using Microsoft.Extensions.Options;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Queue.Outbox;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue;

/// <param name="Started">Attempts of the last minute, oldest first: what the budget has already spent.</param>
/// <param name="QuietUntil">Until then connections of the old owner may still stand; null when it had none.</param>
internal sealed record TakenOver(IReadOnlyList<DateTimeOffset> Started, DateTimeOffset? QuietUntil);

/// <summary>What an owner left unfinished: claimed letters wait again, submitting ones are in doubt.</summary>
internal sealed class LetterRecovery(
    IStore store, IPlacement placement, Signals signals, IOptions<QueueOptions> options, TimeProvider time)
{
    /// <summary>Of the letters <c>l</c>.</summary>
    private const string InHand = $"l.state IN {LetterRows.OpenStates} AND l.state IN ('claimed', 'submitting')";

    /// <summary>From that index alone: for whole rows SQLite would rather go through all of the organisation's letters.</summary>
    private const string InHandOfApp = $"SELECT l.id FROM letter l WHERE l.organisation_id = @organisation AND l.app_id = @AppId AND {InHand}";
    private const string Died = "The worker stopped before the letter was handed over";
    private const string InDoubt = "The worker stopped while the server had the letter: it may have left";

    /// <summary>Of an idle connection of a node that is frozen, or whose machine has gone: until the server ends it (RFC 5321 §4.5.3.2.7: five minutes at least).</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    /// <summary>Called once per ownership, before its first claim.</summary>
    /// <exception cref="OwnershipLost">Somebody newer has taken over meanwhile.</exception>
    public async Task<TakenOver> TakeOverAsync(Ownership owner, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var taken = await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                if (!Ownerships.Holds(tx, owner)) throw new OwnershipLost(owner);
                DateTimeOffset? quiet = null;
                while (LeftBehind(tx, owner) is { Count: > 0 } left) // again while one of them moved on between the look and the write
                {
                    quiet = Later(quiet, left.Max(letter => letter.SubmittingUntil));
                    foreach (var letter in left) Recover(tx, letter, now);
                }
                var started = Started(tx, owner, now);
                if (placement.Node.Length > 0) quiet = Later(quiet, LastStarted(tx, owner, started, now) + Idle); // alone: what this machine's last process had open went with it
                return new TakenOver(started, quiet > now ? quiet : null);
            },
            cancel);
        signals.Views.Raise();
        return taken;
    }

    /// <summary>Takes letters past their deadline from whoever has them, lets those try again that wait for a person, and buries what has expired.</summary>
    /// <returns>How many.</returns>
    public async Task<int> SweepAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var swept = await store.WriteAsync(
            Lane.Maintenance,
            tx =>
            {
                var late = Overdue(tx, now);
                foreach (var letter in late) Recover(tx, letter, now);
                return late.Count + BlockedLetters.Sweep(tx, now) + LetterExpiry.Sweep(tx, now);
            },
            cancel);
        if (swept == 0) return 0;
        signals.Letters.Raise();
        signals.Views.Raise();
        return swept;
    }

    /// <summary>Apps with letters in the hands of an owner that is no other node: when this one does not own them, that owner is dead.</summary>
    public Task<List<DueApp>> UnfinishedAsync(CancellationToken cancel) => store.ReadAsync(
        tx => tx.Across("takeover at start").List<DueApp>(
            $"""
            -- across: takeover at start
            SELECT DISTINCT l.organisation_id, l.app_id FROM letter l
            JOIN app a ON a.organisation_id = l.organisation_id AND a.id = l.app_id
            WHERE {InHand} AND NOT ({Ownerships.IsTheirs})
            """,
            new { others = placement.Others }),
        cancel);

    /// <summary>Nothing when the letter is no more as it was seen: whoever has it was not dead yet.</summary>
    private void Recover(Tx tx, LetterRow letter, DateTimeOffset now)
    {
        var fate = letter.State switch
        {
            LetterState.Submitting => new LetterFate("unclear", InDoubt, letter.Attempts, null, null),
            _ when letter.Attempts >= options.Value.MaxAttempts => new("dead", Died, letter.Attempts, null, now),
            _ => new("waiting", Died, letter.Attempts, now, null),
        };
        var seen = letter.State is LetterState.Submitting ? "submitting" : "claimed";
        var recovered = tx.For(letter.OrganisationId).Execute(
            """
            UPDATE letter SET state = @State, state_reason = @Reason, due_at = @DueAt, settled_at = @SettledAt, submitting_until = NULL
            WHERE organisation_id = @organisation AND id = @Id AND state = @seen AND epoch = @Epoch AND attempts = @Attempts
            """,
            new { letter.Id, fate.State, fate.Reason, fate.DueAt, fate.SettledAt, seen, letter.Epoch, letter.Attempts });
        if (recovered == 0) return;
        tx.For(letter.OrganisationId).Execute(
            """
            UPDATE attempt SET ended_at = @now, outcome = @outcome, words = @Reason
            WHERE organisation_id = @organisation AND letter_id = @Id AND ended_at IS NULL
            """,
            new { letter.Id, now, outcome = fate.State == "unclear" ? "unclear" : "deferred", fate.Reason });
        EventOutbox.AddFate(tx, letter.OrganisationId, letter.Id, fate.State, fate.Reason, now);
    }

    private static List<LetterRow> LeftBehind(Tx tx, Ownership owner) => tx.For(owner.OrganisationId).List<LetterRow>(
        $"SELECT * FROM letter WHERE organisation_id = @organisation AND id IN ({InHandOfApp}) AND epoch < @Epoch",
        new { owner.AppId, owner.Epoch });

    private static List<LetterRow> Overdue(Tx tx, DateTimeOffset now) => tx.Across("deadline sweep").List<LetterRow>(
        $"""
        -- across: deadline sweep
        SELECT * FROM letter l WHERE {InHand} AND l.submitting_until <= @now LIMIT 100
        """,
        new { now });

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;

    /// <summary>By an older owner: this one has not begun yet.</summary>
    private static DateTimeOffset? LastStarted(Tx tx, Ownership owner, List<DateTimeOffset> started, DateTimeOffset now) =>
        started.Count > 0
            ? started[^1]
            : tx.For(owner.OrganisationId).One<DateTimeOffset?>(
                "SELECT started_at FROM attempt WHERE organisation_id = @organisation AND app_id = @AppId AND started_at > @since ORDER BY started_at DESC LIMIT 1",
                new { owner.AppId, since = now - Idle });

    private static List<DateTimeOffset> Started(Tx tx, Ownership owner, DateTimeOffset now) =>
        tx.For(owner.OrganisationId).List<long>(
            """
            SELECT started_at FROM attempt WHERE organisation_id = @organisation AND app_id = @AppId AND started_at > @since
            ORDER BY started_at
            """,
            new { owner.AppId, since = now.AddMinutes(-1) }).ConvertAll(DateTimeOffset.FromUnixTimeMilliseconds);
}
