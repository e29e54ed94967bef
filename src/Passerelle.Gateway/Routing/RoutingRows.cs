using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Routing;

/// <summary>A message whose turn it is.</summary>
internal sealed record ReadyMessage
{
    public required Guid OrganisationId { get; init; }
    public required Guid AppId { get; init; }
    public required Guid Id { get; init; }
    public required Guid ReceiptId { get; init; }
    public required Guid ConversationId { get; init; }
    public required long Attempts { get; init; }
}

/// <summary>How a routing ended.</summary>
internal enum Routed
{
    /// <summary>A run began, and ended unless it waits for an answer from outside.</summary>
    Run,
    Kept,
    Held,

    /// <summary>Someone else has settled this message.</summary>
    Already,
}

/// <summary>The SQL of Routing, within the caller's transaction.</summary>
internal static class RoutingRows
{
    private const int MostUnread = 1000;

    /// <summary>
    /// Messages in receipt order, one of each conversation (design §8.6): the first that is ready, once no run of that
    /// conversation waits for an answer from outside. A message also waits for older mail of its app that is being read
    /// for the first time, for that may belong before it; mail whose reading was put off does not hold the others up.
    /// </summary>
    /// <param name="others">Nodes whose apps are theirs: <see cref="IPlacement.Others"/>.</param>
    public static List<ReadyMessage> Due(Tx tx, DateTimeOffset now, string others, int limit)
    {
        var ready = tx.Across("the oldest ready messages of all apps").List<ReadyMessage>(
            $"""
            -- across: the oldest ready messages of all apps
            SELECT m.organisation_id, m.app_id, m.id, m.receipt_id, m.conversation_id, m.attempts FROM message m
            WHERE m.state = 'ready' AND m.due_at <= @now
              AND NOT EXISTS (SELECT 1 FROM message e WHERE e.organisation_id = m.organisation_id
                  AND e.conversation_id = m.conversation_id AND e.id < m.id AND e.state = 'ready')
              AND NOT EXISTS (SELECT 1 FROM run r WHERE r.organisation_id = m.organisation_id
                  AND r.conversation_id = m.conversation_id AND r.state = 'waiting')
              AND NOT EXISTS (SELECT 1 FROM app a WHERE a.organisation_id = m.organisation_id AND a.id = m.app_id
                  AND {Ownerships.IsTheirs})
            ORDER BY m.due_at, m.id LIMIT @limit
            """,
            new { now, others, limit });
        if (ready.Count == 0) return ready;
        var unread = tx.Across("the oldest unread receipts of all apps").List<Unread>(
            """
            -- across: the oldest unread receipts of all apps
            SELECT organisation_id, app_id, id FROM receipt
            WHERE state = 'received' AND due_at <= @now AND attempts = 0 AND scans = 0 ORDER BY due_at, id LIMIT @MostUnread
            """,
            new { now, MostUnread });
        ready.RemoveAll(message => IsOvertaking(message, unread));
        return ready;
    }

    private static bool IsOvertaking(ReadyMessage message, List<Unread> unread) =>
        unread.Exists(older => older.AppId == message.AppId && older.OrganisationId == message.OrganisationId
            && IsBefore(older.Id, message.ReceiptId))
        || (unread.Count == MostUnread && IsBefore(unread[^1].Id, message.ReceiptId)); // there may be more of this app

    private static bool IsBefore(Guid one, Guid other) => one.CompareTo(other) < 0; // UUIDv7: CompareTo compares from the left, as big-endian bytes do

    /// <summary>Settles the message without a run.</summary>
    public static Routed Keep(Tx tx, ReadyMessage message, string reason, Ownership owner, DateTimeOffset now) =>
        Settle(tx, message, MessageState.Kept, reason, owner, now) ? Routed.Kept : Routed.Already;

    /// <summary>Settles the message and writes its run with all that follows, or nothing.</summary>
    /// <exception cref="OwnershipLost">Nothing was written.</exception>
    public static Routed Run(Tx tx, ReadyMessage message, RunRow run, RunPlan plan, AnswerCaps caps, Ownership owner, DateTimeOffset now)
    {
        if (!Settle(tx, message, MessageState.Routed, "", owner, now)) return Routed.Already;
        RunRows.Insert(tx, run, owner.Epoch);
        RunRows.Write(tx, run, plan, caps, owner.Epoch, now);
        return Routed.Run;
    }

    /// <summary>Its app has stopped in between: held like the mail that comes now.</summary>
    /// <returns>Null when the app works.</returns>
    public static Routed? Hold(Tx tx, ReadyMessage message, Ownership owner, DateTimeOffset now)
    {
        var app = Enum.TryParse<AppState>(
            tx.For(message.OrganisationId).One<string>(
                "SELECT state FROM app WHERE organisation_id = @organisation AND id = @AppId", new { message.AppId }),
            ignoreCase: true,
            out var state) ? state : AppState.Gone;
        var (next, reason) = Admission.Of(app);
        if (next is MessageState.Ready) return null;
        return Settle(tx, message, next, reason, owner, now) ? Routed.Held : Routed.Already;
    }

    /// <summary>Tries again later; the attempt is counted.</summary>
    public static void PutOff(Tx tx, ReadyMessage message, DateTimeOffset due) => tx.For(message.OrganisationId).Execute(
        """
        UPDATE message SET attempts = attempts + 1, due_at = @due
        WHERE organisation_id = @organisation AND id = @Id AND state = 'ready'
        """,
        new { message.Id, due });

    private static bool Settle(Tx tx, ReadyMessage message, MessageState state, string reason, Ownership owner, DateTimeOffset now)
    {
        if (!Ownerships.Holds(tx, owner)) throw new OwnershipLost(owner);
        return tx.For(message.OrganisationId).Execute(
            """
            UPDATE message SET state = @state, state_reason = @reason, routed_at = @now, epoch = @Epoch
            WHERE organisation_id = @organisation AND id = @Id AND state = 'ready'
            """,
            new { message.Id, state = MessageRows.Word(state), reason, now, owner.Epoch }) == 1;
    }

    private sealed record Unread
    {
        public required Guid OrganisationId { get; init; }
        public required Guid AppId { get; init; }
        public required Guid Id { get; init; }
    }
}
