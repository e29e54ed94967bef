using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Queue.Outbox;
using Passerelle.Gateway.Queue.Returns;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue;

/// <summary>Where a letter stands after an attempt.</summary>
internal sealed record LetterFate(string State, string Reason, long Attempts, DateTimeOffset? DueAt, DateTimeOffset? SettledAt);

/// <summary>Writes what an attempt came to: letter, recipients, attempt and app in one transaction.</summary>
internal static class LetterSettling
{
    /// <returns>False when the letter is not this owner's any more; nothing was written then.</returns>
    public static bool Settle(
        Tx tx, QueueOptions options, ClaimedLetter letter, Ownership owner, SendOutcome outcome, RecordChange record, DateTimeOffset now, double spread)
    {
        if (outcome is SendOutcome.Accepted { NotTo: [] } whole) return Taken.Settle(tx, letter, owner, whole, now);
        if (!Ownerships.Holds(tx, owner)) return false;
        var fate = outcome switch
        {
            // Repaired while this attempt was failing: the finding is about the grant that was.
            SendOutcome.Blocked { BreaksApp: true } blocked when ConnectedSince(tx, letter) =>
                new("waiting", Cut(blocked.Finding.Detail), letter.Row.Attempts - 1, now, null),
            _ => Decide(options, letter, outcome, now, spread),
        };
        if (!Move(tx, letter, owner, fate)) return false;

        WriteRecipients(tx, letter, outcome, fate);
        End(tx, letter, outcome, now);
        EventOutbox.AddFate(tx, letter.OrganisationId, letter.Id, fate.State, fate.Reason, now);
        if (outcome is SendOutcome.Blocked { BreaksApp: true } broken && fate.State == "blocked")
        {
            Breakages.Break(tx, letter.OrganisationId, letter.AppId, broken.Finding, record, now);
        }
        if (outcome is SendOutcome.Accepted accepted)
        {
            Taken.MarkSent(tx, letter, now);
            LetterAliases.Note(tx, letter, accepted.Reply);
        }
        return true;
    }

    /// <summary>Pure: the state machine's last step.</summary>
    internal static LetterFate Decide(
        QueueOptions options, ClaimedLetter letter, SendOutcome outcome, DateTimeOffset now, double spread)
    {
        var attempts = letter.Row.Attempts;
        var hasMore = attempts < options.MaxAttempts;
        return outcome switch
        {
            SendOutcome.Accepted { NotTo: var refused } accepted when hasMore && refused.Any(one => one.IsTransient) =>
                new("waiting", Cut(accepted.Reply), attempts, Later(null), null),
            SendOutcome.Accepted accepted => new("settled", Cut(accepted.Reply), attempts, null, now),
            SendOutcome.Deferred { Until: { } until } away => new("waiting", Cut(away.Reason), attempts - 1, until, null),
            SendOutcome.Deferred { Counts: false } early => new("waiting", Cut(early.Reason), attempts - 1, Later(early.AtLeast), null),
            SendOutcome.Deferred deferred when hasMore => new("waiting", Cut(deferred.Reason), attempts, Later(deferred.AtLeast), null),
            SendOutcome.Deferred deferred => new("dead", Cut(deferred.Reason), attempts, null, now),
            SendOutcome.Refused refused => new("dead", Cut(refused.Reason), attempts, null, now),
            SendOutcome.Blocked blocked => new("blocked", Cut(blocked.Finding.Detail), attempts - 1, null, null),
            SendOutcome.Unclear unclear => new("unclear", Cut(unclear.Reason), attempts, null, null),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        DateTimeOffset Later(TimeSpan? atLeast) => now + Backoff.After(
            attempts - 1,
            TimeSpan.FromSeconds(options.FirstRetrySeconds),
            TimeSpan.FromSeconds(options.LongestRetrySeconds),
            spread,
            atLeast);
    }

    /// <summary>From unclear too: the sweep gave up waiting, and then the answer came after all.</summary>
    private static bool Move(Tx tx, ClaimedLetter letter, Ownership owner, LetterFate fate) => tx.For(letter.OrganisationId).Execute(
        """
        UPDATE letter SET state = @State, state_reason = @Reason, attempts = @Attempts, due_at = @DueAt, settled_at = @SettledAt,
            submitting_until = NULL
        WHERE organisation_id = @organisation AND id = @Id AND epoch = @Epoch AND attempts = @claimed
          AND state IN ('claimed', 'submitting', 'unclear')
        """,
        new { fate.State, fate.Reason, fate.Attempts, fate.DueAt, fate.SettledAt, letter.Id, owner.Epoch, claimed = letter.Row.Attempts }) == 1;

    private static void WriteRecipients(Tx tx, ClaimedLetter letter, SendOutcome outcome, LetterFate fate)
    {
        if (outcome is SendOutcome.Accepted accepted)
        {
            foreach (var refused in accepted.NotTo)
            {
                var waits = refused.IsTransient && fate.State == "waiting";
                Answer(tx, letter, refused.Address, waits ? "waiting" : "refused", refused.Words);
            }
            foreach (var address in letter.Recipients.Except(accepted.NotTo.Select(one => one.Address)))
            {
                Answer(tx, letter, address, "accepted", accepted.Reply);
            }
        }
        else if (fate.State == "dead")
        {
            foreach (var address in letter.Recipients) Answer(tx, letter, address, "refused", fate.Reason);
        }
    }

    private static void Answer(Tx tx, ClaimedLetter letter, string address, string outcome, string words) =>
        tx.For(letter.OrganisationId).Execute(
            """
            UPDATE letter_recipient SET outcome = @outcome, words = @words
            WHERE organisation_id = @organisation AND letter_id = @Id AND address = @address
            """,
            new { letter.Id, address, outcome, words = Cut(words) });

    private static void End(Tx tx, ClaimedLetter letter, SendOutcome outcome, DateTimeOffset now)
    {
        var (word, words) = outcome switch
        {
            SendOutcome.Accepted accepted => ("accepted", accepted.Reply),
            SendOutcome.Deferred deferred => ("deferred", deferred.Reason),
            SendOutcome.Refused refused => ("refused", refused.Reason),
            SendOutcome.Blocked blocked => ("blocked", blocked.Finding.Detail),
            SendOutcome.Unclear unclear => ("unclear", unclear.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        tx.For(letter.OrganisationId).Execute(
            """
            UPDATE attempt SET ended_at = @now, outcome = @word, last_step = @step, words = @words
            WHERE organisation_id = @organisation AND letter_id = @Id AND number = @Number
            """,
            new { letter.Id, letter.Number, now, word, step = outcome.Last.ToString(), words = Cut(words) });
    }

    private static bool ConnectedSince(Tx tx, ClaimedLetter letter) => tx.For(letter.OrganisationId).One<long>(
        """
        SELECT COUNT(*) FROM app WHERE organisation_id = @organisation AND id = @AppId
          AND state IN ('connected', 'degraded') AND connected_at > @StartedAt
        """,
        new { letter.AppId, letter.StartedAt }) == 1;

    /// <summary>A server may talk for long; a row keeps what a person reads.</summary>
    internal static string Cut(string words) => words.Length > 1000 ? words[..1000] : words;
}
