using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Delivery;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Messages.Search;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Queue.Outbox;
using Passerelle.Gateway.Queue.Returns;
using Passerelle.Gateway.Store;
using Passerelle.Mail;

namespace Passerelle.Gateway.Reading;

/// <summary>How a reading ended.</summary>
internal enum Settled
{
    /// <summary>A new message.</summary>
    Read,

    /// <summary>Another copy of a message that is already there: linked to it, not run.</summary>
    Duplicate,

    /// <summary>Someone else has settled this receipt.</summary>
    Already,
}

/// <summary>The SQL of Reading, within the caller's transaction.</summary>
internal static class ReadingRows
{
    /// <param name="others">Nodes whose apps are theirs: <see cref="IPlacement.Others"/>. Mail of no app is anybody's: the first who settles it has it.</param>
    public static List<Receipt> Due(Tx tx, DateTimeOffset now, string others, int limit) => tx.Across("the oldest due receipts of all apps").List<Receipt>(
        $"""
        -- across: the oldest due receipts of all apps
        SELECT {ReceiptRows.Columns} FROM receipt WHERE state = 'received' AND due_at <= @now
          AND NOT EXISTS (SELECT 1 FROM app a WHERE a.organisation_id = receipt.organisation_id AND a.id = receipt.app_id
              AND {Ownerships.IsTheirs})
        ORDER BY due_at, id LIMIT @limit
        """,
        new { now, others, limit });

    /// <summary>Settles the receipt and writes what it became, all or nothing.</summary>
    /// <param name="owner">Null for mail that belongs to no app.</param>
    /// <exception cref="OwnershipLost">Nothing was written.</exception>
    public static Settled Settle(Tx tx, Receipt receipt, MessageDraft draft, Ownership? owner, RecordChange record, DateTimeOffset now)
    {
        if (owner is { } held && !Ownerships.Holds(tx, held)) throw new OwnershipLost(held);
        var first = CopyOf(tx, receipt, draft.Digest);
        var word = first is not null ? "duplicate" : draft.Message.Kind == MailKind.Unreadable.Word() ? "unreadable" : "read";
        if (!Close(tx, receipt, word, first ?? receipt.Id, owner?.Epoch ?? 0, now)) return Settled.Already;
        if (receipt.Origin.Length == 0) // else it proves nothing about forwarding
        {
            Touch(tx, receipt);
            TouchAddress(tx, receipt);
        }
        if (first is not null) return Settled.Duplicate;
        Write(tx, receipt, draft, owner?.Epoch ?? 0, now);
        if (draft.Signature is { } signature) record(tx, receipt.OrganisationId, "message-quarantined", receipt.Id, [new FieldChange("malware", "", signature)], now);
        return Settled.Read;
    }

    /// <summary>Looks again later; the attempt is counted.</summary>
    public static void PutOff(Tx tx, Receipt receipt, string reason, DateTimeOffset due) => tx.For(receipt.OrganisationId).Execute(
        """
        UPDATE receipt SET attempts = attempts + 1, due_at = @due, state_reason = @reason
        WHERE organisation_id = @organisation AND id = @Id AND state = 'received'
        """,
        new { receipt.Id, due, reason });

    /// <summary>Looks again later because a scanner gave no answer; the attempts of the reading stay as they are.</summary>
    public static int PutOffScan(Tx tx, Receipt receipt, string reason, DateTimeOffset due) => tx.For(receipt.OrganisationId).Execute(
        """
        UPDATE receipt SET scans = scans + 1, due_at = @due, state_reason = @reason
        WHERE organisation_id = @organisation AND id = @Id AND state = 'received'
        """,
        new { receipt.Id, due, reason });

    private static Guid? CopyOf(Tx tx, Receipt receipt, byte[] digest)
    {
        var found = tx.For(receipt.OrganisationId).List<Guid>(
            """
            SELECT message_id FROM message_digest
            WHERE organisation_id = @organisation AND app_id = @AppId AND digest = @digest
            """,
            new { receipt.AppId, digest });
        return found.Count > 0 ? found[0] : null;
    }

    private static bool Close(Tx tx, Receipt receipt, string word, Guid messageId, long epoch, DateTimeOffset now) =>
        tx.For(receipt.OrganisationId).Execute(
            """
            UPDATE receipt SET state = @word, state_reason = '', message_id = @messageId, settled_at = @now, epoch = @epoch
            WHERE organisation_id = @organisation AND id = @Id AND state = 'received'
            """,
            new { receipt.Id, word, messageId, now, epoch }) == 1;

    private static void Touch(Tx tx, Receipt receipt) => tx.For(receipt.OrganisationId).Execute(
        """
        UPDATE app SET last_received_at = @ReceivedAt
        WHERE organisation_id = @organisation AND id = @AppId AND (last_received_at IS NULL OR last_received_at < @ReceivedAt)
        """,
        new { receipt.AppId, receipt.ReceivedAt });

    private static void TouchAddress(Tx tx, Receipt receipt) => tx.For(receipt.OrganisationId).Execute(
        """
        UPDATE forwarding_address SET last_received_at = @ReceivedAt
        WHERE organisation_id = @organisation AND address = @address AND (last_received_at IS NULL OR last_received_at < @ReceivedAt)
        """,
        new { address = AddressText.Fold(receipt.EnvelopeTo), receipt.ReceivedAt });

    private static bool IsLate(Tx tx, Receipt receipt) => tx.For(receipt.OrganisationId).One<long>(
        """
        SELECT COUNT(*) FROM forwarding_address WHERE organisation_id = @organisation AND address = @address AND overlap_until < @ReceivedAt
        """,
        new { address = AddressText.Fold(receipt.EnvelopeTo), receipt.ReceivedAt }) > 0;

    private static void Write(Tx tx, Receipt receipt, MessageDraft draft, long epoch, DateTimeOffset now)
    {
        var app = receipt.AppId == Receipt.NoApp ? null : AppRows.Find(tx, receipt.OrganisationId, receipt.AppId);
        var stranger = app is not null && draft.Deliverer is { IsWelcome: false } unwelcome ? unwelcome : null;
        var (state, reason) = Admission.Of(
            receipt.AppId == Receipt.NoApp ? (AppState?)null : app?.State ?? AppState.Gone, // a missing row: then nothing runs
            IsLate(tx, receipt),
            app?.Delivery is DeliveryRule.Hold ? stranger?.Words : null);
        if (draft.Signature is { } signature) (state, reason) = (MessageState.Quarantined, Quarantine.Reason(signature));
        var placed = Threads.Place(tx, receipt.OrganisationId, receipt.AppId, draft.Thread, receipt.Id, now);
        MessageRows.Insert(
            tx,
            draft.Message with
            {
                ConversationId = placed.ConversationId,
                State = state,
                StateReason = reason,
                DeliveredBy = draft.Deliverer?.Words ?? "",
                Findings = JsonSerializer.Serialize(draft.Message.FindingList.Concat(FoundHere(tx, receipt, draft.Message, stranger))),
                Epoch = epoch,
            },
            draft.Attachments);
        SearchRows.Insert(tx, draft.Message, draft.Search);
        if (draft.Signature is null) // else programs are told when a person has released it
            EventOutbox.Add(tx, receipt.OrganisationId, new OutsideEvent(EventTypes.MessageReceived) { MessageId = receipt.Id }, now);
        Threads.Record(tx, receipt.OrganisationId, receipt.AppId, receipt.Id, draft.Thread, placed);
        if (app is not null && draft.Deliverer is { } who)
            DeliveryRules.Count(tx, receipt.OrganisationId, receipt.AppId, who.Name, who.Provider ?? "", receipt.ReceivedAt);
        if (app is not null && draft.Returned is { } returned) ReturnRows.Take(tx, receipt.OrganisationId, receipt.AppId, returned, now);
        if (draft.Confirmation is { } asked) ForwardingConfirmationRows.Insert(tx, receipt.OrganisationId, asked);
        tx.For(receipt.OrganisationId).Execute(
            """
            INSERT INTO message_digest (organisation_id, app_id, digest, message_id)
            VALUES (@organisation, @AppId, @Digest, @Id)
            """,
            new { receipt.AppId, draft.Digest, receipt.Id });
    }

    private static bool IsIdReused(Tx tx, Message message) => message.InternetId.Length > 0 && tx.For(message.OrganisationId).List<long>(
        """
        SELECT 1 FROM message WHERE organisation_id = @organisation AND app_id = @AppId AND internet_id = @InternetId LIMIT 1
        """,
        new { message.AppId, message.InternetId }).Count > 0;

    /// <summary>What only the rows tell.</summary>
    /// <param name="stranger">Delivered it though the app takes mail from others; null otherwise.</param>
    private static IEnumerable<string> FoundHere(Tx tx, Receipt receipt, Message message, Deliverer? stranger)
    {
        if (IsIdReused(tx, message)) yield return MessageFindings.IdReused;
        if (receipt.Origin == Receipt.FromMailbox) yield return MessageFindings.NotForwarded;
        if (stranger is not null) yield return MessageFindings.Stranger(stranger.Words);
    }
}
