using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Queue.Outbox;
using Passerelle.Gateway.Queue.Returns;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue;

/// <summary>
/// The server took the letter for every recipient: what nearly every attempt comes to, so its statements are bound without reflection.
/// They write what <see cref="LetterSettling"/> writes.
/// </summary>
internal static class Taken
{
    /// <returns>False when the letter is not this owner's any more; nothing was written then.</returns>
    public static bool Settle(Tx tx, ClaimedLetter letter, Ownership owner, SendOutcome.Accepted accepted, DateTimeOffset now)
    {
        var sql = tx.For(letter.OrganisationId);
        var row = new Row(letter, owner.Epoch, LetterSettling.Cut(accepted.Reply), accepted.Last.ToString(), now);
        var moved = sql.Change(
            """
            UPDATE letter SET state = 'settled', state_reason = @reply, due_at = NULL, settled_at = @now, submitting_until = NULL
            WHERE organisation_id = @organisation AND id = @id AND epoch = @epoch AND attempts = @attempts
              AND state IN ('claimed', 'submitting', 'unclear')
              AND @epoch = (SELECT epoch FROM app WHERE organisation_id = @organisation AND id = @app)
            """,
            row);
        if (moved != 1) return false;
        sql.Put(
            """
            UPDATE letter_recipient SET outcome = 'accepted', words = @reply
            WHERE organisation_id = @organisation AND letter_id = @id AND outcome = 'waiting'
            """,
            row);
        sql.Put(
            """
            UPDATE attempt SET ended_at = @now, outcome = 'accepted', last_step = @step, words = @reply
            WHERE organisation_id = @organisation AND letter_id = @id AND number = @number
            """,
            row);
        EventOutbox.AddFate(tx, letter.OrganisationId, letter.Id, "settled", row.Reply, now);
        MarkSent(tx, letter, now);
        LetterAliases.Note(tx, letter, accepted.Reply);
        return true;
    }

    /// <summary>To the second: an app that sends much does not write its row for each letter.</summary>
    public static void MarkSent(Tx tx, ClaimedLetter letter, DateTimeOffset now) => tx.For(letter.OrganisationId).Put(
        """
        UPDATE app SET last_sent_at = @now
        WHERE organisation_id = @organisation AND id = @app AND (last_sent_at IS NULL OR last_sent_at <= @before)
        """,
        new Sent(letter.AppId, now));

    private sealed record Row(ClaimedLetter Letter, long Epoch, string Reply, string Step, DateTimeOffset Now) : IRow
    {
        public void TellTo(IValues values)
        {
            values.Add("id", Letter.Id);
            values.Add("app", Letter.AppId);
            values.Add("epoch", Epoch);
            values.Add("attempts", Letter.Row.Attempts);
            values.Add("number", Letter.Number);
            values.Add("reply", Reply);
            values.Add("step", Step);
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
