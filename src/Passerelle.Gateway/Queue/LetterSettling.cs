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
    /// <param name="outcomes">Of letters of the owner's app.</param>
    /// <returns>How many were written; the others are not this owner's any more.</returns>
    public static int Settle(
        Tx tx, QueueOptions options, IReadOnlyList<(ClaimedLetter Letter, SendOutcome Outcome)> outcomes, Ownership owner, RecordChange record, DateTimeOffset now)
    {
        var settled = 0;
        var wasSent = false;
        foreach (var (letter, outcome) in outcomes)
        {
            if (!Settle(tx, options, letter, owner, outcome, record, now, Random.Shared.NextDouble())) continue;
            settled++;
            wasSent |= outcome is SendOutcome.Accepted;
        }
        if (wasSent) MarkSent(tx, owner, now);
        return settled;
    }

    private static bool Settle(
        Tx tx, QueueOptions options, ClaimedLetter letter, Ownership owner, SendOutcome outcome, RecordChange record, DateTimeOffset now, double spread)
    {
        if (outcome is not SendOutcome.Accepted && !Ownerships.Holds(tx, owner)) return false; // nearly all are accepted, and then the move itself asks
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
        if (outcome is SendOutcome.Accepted accepted) LetterAliases.Note(tx, letter, accepted.Reply);
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
    private static bool Move(Tx tx, ClaimedLetter letter, Ownership owner, LetterFate fate) => tx.For(letter.OrganisationId).Change(
        $"""
        UPDATE letter SET state = @state, state_reason = @reason, attempts = @attempts, due_at = @due, settled_at = @settled, submitting_until = NULL
        WHERE organisation_id = @organisation AND id = @id AND epoch = @epoch AND attempts = @claimed
          AND {LetterRows.StateOfOne} IN ('claimed', 'submitting', 'unclear')
          AND @epoch = (SELECT epoch FROM app WHERE organisation_id = @organisation AND id = @app)
        """,
        new Moved(letter, owner.Epoch, fate)) == 1;

    private static void WriteRecipients(Tx tx, ClaimedLetter letter, SendOutcome outcome, LetterFate fate)
    {
        switch (outcome)
        {
            case SendOutcome.Accepted { NotTo: var refused } accepted:
                foreach (var one in refused) Answer(tx, letter, one.Address, one.IsTransient && fate.State == "waiting" ? "waiting" : "refused", one.Words);
                foreach (var address in letter.Recipients.Except(refused.Select(one => one.Address))) Answer(tx, letter, address, "accepted", accepted.Reply);
                break;
            case var _ when fate.State == "dead":
                foreach (var address in letter.Recipients) Answer(tx, letter, address, "refused", fate.Reason);
                break;
        }
    }

    private static void Answer(Tx tx, ClaimedLetter letter, string address, string outcome, string words) => tx.For(letter.OrganisationId).Put(
        """
        UPDATE letter_recipient SET outcome = @outcome, words = @words
        WHERE organisation_id = @organisation AND letter_id = @id AND address = @address
        """,
        new Answered(letter.Id, address, outcome, Cut(words)));

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
        tx.For(letter.OrganisationId).Put(
            """
            UPDATE attempt SET ended_at = @now, outcome = @outcome, last_step = @step, words = @words
            WHERE organisation_id = @organisation AND letter_id = @id AND number = @number
            """,
            new Ended(letter, word, outcome.Last.ToString(), Cut(words), now));
    }

    /// <summary>To the second: an app that sends much does not write its row each time.</summary>
    private static void MarkSent(Tx tx, Ownership owner, DateTimeOffset now) => tx.For(owner.OrganisationId).Put(
        """
        UPDATE app SET last_sent_at = @now
        WHERE organisation_id = @organisation AND id = @app AND (last_sent_at IS NULL OR last_sent_at <= @before)
        """,
        new Sent(owner.AppId, now));

    private static bool ConnectedSince(Tx tx, ClaimedLetter letter) => tx.For(letter.OrganisationId).One<long>(
        """
        SELECT COUNT(*) FROM app WHERE organisation_id = @organisation AND id = @AppId
          AND state IN ('connected', 'degraded') AND connected_at > @StartedAt
        """,
        new { letter.AppId, letter.StartedAt }) == 1;

    /// <summary>A server may talk for long; a row keeps what a person reads.</summary>
    internal static string Cut(string words) => words.Length > 1000 ? words[..1000] : words;

    private sealed record Moved(ClaimedLetter Letter, long Epoch, LetterFate Fate) : IRow
    {
        public void TellTo(IValues values)
        {
            values.Add("id", Letter.Id);
            values.Add("app", Letter.AppId);
            values.Add("epoch", Epoch);
            values.Add("claimed", Letter.Row.Attempts);
            values.Add("state", Fate.State);
            values.Add("reason", Fate.Reason);
            values.Add("attempts", Fate.Attempts);
            values.Add("due", Fate.DueAt);
            values.Add("settled", Fate.SettledAt);
        }
    }

    private sealed record Answered(Guid LetterId, string Address, string Outcome, string Words) : IRow
    {
        public void TellTo(IValues values)
        {
            values.Add("id", LetterId);
            values.Add("address", Address);
            values.Add("outcome", Outcome);
            values.Add("words", Words);
        }
    }

    private sealed record Ended(ClaimedLetter Letter, string Outcome, string Step, string Words, DateTimeOffset Now) : IRow
    {
        public void TellTo(IValues values)
        {
            values.Add("id", Letter.Id);
            values.Add("number", Letter.Number);
            values.Add("outcome", Outcome);
            values.Add("step", Step);
            values.Add("words", Words);
            values.Add("now", Now);
        }
    }

    private sealed record Sent(Guid AppId, DateTimeOffset Now) : IRow
    {
        public void TellTo(IValues values)
        {
            values.Add("app", AppId);
            values.Add("now", Now);
            values.Add("before", Now.AddSeconds(-1));
        }
    }
}
