using Passerelle.Gateway.Queue.Outbox;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue;

internal enum LetterChange
{
    Done,

    /// <summary>The organisation has no such letter.</summary>
    Unknown,

    /// <summary>It is in another state by now, e.g. because a colleague was faster.</summary>
    Conflict,
}

/// <summary>What a person may do with a letter. Each is a compare-and-set on the state that the person saw.</summary>
internal sealed class LetterActions(IStore store, Signals signals, TimeProvider time)
{
    /// <summary>A dead letter is due now and has all its attempts again; recipients that took it stay out.</summary>
    public Task<LetterChange> RequeueAsync(Guid organisationId, Guid letterId, CancellationToken cancel) =>
        ChangeAsync(organisationId, letterId, LetterState.Dead, Wait, cancel);

    /// <summary>A letter that waits or is blocked is tried now, whatever it waits for.</summary>
    public Task<LetterChange> HurryAsync(Guid organisationId, Guid letterId, CancellationToken cancel) => WriteAsync(
        organisationId,
        letterId,
        tx => tx.For(organisationId).Execute(
            """
            UPDATE letter SET state = 'waiting', due_at = @now, not_before = NULL
            WHERE organisation_id = @organisation AND id = @letterId AND state IN ('waiting', 'blocked')
            """,
            new { letterId, now = time.GetUtcNow() }) == 1,
        cancel);

    /// <summary>A letter that waits or is blocked never leaves; it is kept as dead.</summary>
    public Task<LetterChange> CancelAsync(Guid organisationId, Guid letterId, string reason, CancellationToken cancel) =>
        ChangeAsync(
            organisationId,
            letterId,
            """
            UPDATE letter SET state = 'dead', state_reason = @reason, due_at = NULL, settled_at = @now
            WHERE organisation_id = @organisation AND id = @letterId AND state IN ('waiting', 'blocked')
            """,
            reason,
            recipients: null,
            EventTypes.LetterCancelled,
            cancel);

    /// <summary>An unclear letter did arrive: evidence or a person says so.</summary>
    public Task<LetterChange> ResolveAsLeftAsync(Guid organisationId, Guid letterId, string evidence, CancellationToken cancel) =>
        ChangeAsync(
            organisationId,
            letterId,
            """
            UPDATE letter SET state = 'settled', state_reason = @reason, settled_at = @now
            WHERE organisation_id = @organisation AND id = @letterId AND state = 'unclear'
            """,
            evidence,
            recipients: "accepted",
            EventTypes.LetterAccepted,
            cancel);

    /// <summary>An unclear letter did not arrive: it is sent again.</summary>
    /// <param name="evidence">Why anybody thinks so; empty: a person says it.</param>
    public Task<LetterChange> ResolveAsNotLeftAsync(Guid organisationId, Guid letterId, string evidence, CancellationToken cancel) =>
        ChangeAsync(organisationId, letterId, LetterState.Unclear, Wait, cancel, evidence);

    private const string Wait = """
        UPDATE letter SET state = 'waiting', state_reason = @reason, evidence = '', attempts = 0, due_at = @now, settled_at = NULL
        WHERE organisation_id = @organisation AND id = @letterId AND state = @seen
        """;

    private Task<LetterChange> ChangeAsync(Guid organisationId, Guid letterId, LetterState seen, string sql, CancellationToken cancel, string reason = "") =>
        WriteAsync(
            organisationId,
            letterId,
            tx =>
            {
                if (tx.For(organisationId).Execute(sql, new { letterId, seen = Word(seen), reason = LetterSettling.Cut(reason), now = time.GetUtcNow() }) == 0) return false;
                tx.For(organisationId).Execute(
                    """
                    UPDATE letter_recipient SET outcome = 'waiting'
                    WHERE organisation_id = @organisation AND letter_id = @letterId AND outcome = 'refused'
                    """,
                    new { letterId });
                return true;
            },
            cancel);

    private Task<LetterChange> ChangeAsync(
        Guid organisationId, Guid letterId, string sql, string reason, string? recipients, string told, CancellationToken cancel) =>
        WriteAsync(
            organisationId,
            letterId,
            tx =>
            {
                var now = time.GetUtcNow();
                if (tx.For(organisationId).Execute(sql, new { letterId, reason = LetterSettling.Cut(reason), now }) == 0) return false;
                EventOutbox.Add(tx, organisationId, new OutsideEvent(told) { LetterId = letterId, Words = reason }, now);
                if (recipients is null) return true;
                tx.For(organisationId).Execute(
                    """
                    UPDATE letter_recipient SET outcome = @recipients
                    WHERE organisation_id = @organisation AND letter_id = @letterId AND outcome = 'waiting'
                    """,
                    new { letterId, recipients });
                return true;
            },
            cancel);

    private async Task<LetterChange> WriteAsync(Guid organisationId, Guid letterId, Func<Tx, bool> change, CancellationToken cancel)
    {
        var changed = await store.WriteAsync(
            Lane.Work,
            tx => change(tx)
                ? LetterChange.Done
                : tx.For(organisationId).One<long>(
                    "SELECT COUNT(*) FROM letter WHERE organisation_id = @organisation AND id = @letterId", new { letterId }) == 0
                    ? LetterChange.Unknown
                    : LetterChange.Conflict,
            cancel);
        if (changed is not LetterChange.Done) return changed;
        signals.Letters.Raise();
        signals.Views.Raise();
        return changed;
    }

    private static string Word(LetterState state) => state is LetterState.Dead ? "dead" : "unclear";
}
