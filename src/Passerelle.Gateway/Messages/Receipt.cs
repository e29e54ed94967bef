using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Messages;

/// <summary>The durable row behind a 250: one per accepted recipient.</summary>
internal sealed record Receipt : IRow
{
    /// <summary>Stands as <see cref="AppId"/> of mail to postmaster: kept for people, no app's flow runs over it.</summary>
    public static readonly Guid NoApp = Guid.Empty;

    /// <summary>Fetched from the mailbox itself.</summary>
    public const string FromMailbox = "mailbox";

    public required Guid OrganisationId { get; init; }

    /// <summary>UUIDv7, ascending in the order of acceptance.</summary>
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }

    /// <summary>Empty: the null sender.</summary>
    public required string EnvelopeFrom { get; init; }
    public required string EnvelopeTo { get; init; }
    public required Guid RawId { get; init; }
    public required long Size { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What the client called itself.</summary>
    public required string Helo { get; init; }
    public required string RemoteAddress { get; init; }

    /// <summary>Protocol and cipher suite; empty when in clear text.</summary>
    public required string Tls { get; init; }
    public required string SessionId { get; init; }

    /// <summary>Empty: handed to us by SMTP; <see cref="FromMailbox"/>: forwarding lost it.</summary>
    public string Origin { get; init; } = "";

    /// <summary>received, read, duplicate or unreadable.</summary>
    public string State { get; init; } = "received";
    public string StateReason { get; init; } = "";

    /// <summary>The message it became, or the first copy of it; null until read.</summary>
    public Guid? MessageId { get; init; }

    /// <summary>Readings begun that failed.</summary>
    public long Attempts { get; init; }

    /// <summary>Times that a scanner gave no answer about it.</summary>
    public long Scans { get; init; }
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>What a new one is written with.</summary>
    void IRow.TellTo(IValues values)
    {
        values.Add("id", Id);
        values.Add("app", AppId);
        values.Add("from", EnvelopeFrom);
        values.Add("to", EnvelopeTo);
        values.Add("raw", RawId);
        values.Add("size", Size);
        values.Add("at", ReceivedAt);
        values.Add("helo", Helo);
        values.Add("remote", RemoteAddress);
        values.Add("tls", Tls);
        values.Add("session", SessionId);
        values.Add("origin", Origin);
    }
}

/// <summary>Receipt rows, within the caller's transaction.</summary>
internal static class ReceiptRows
{
    public const string Columns = """
        organisation_id, id, app_id, envelope_from, envelope_to, raw_id, size, received_at, helo, remote_address, tls,
        session_id, state, state_reason, message_id, attempts, settled_at, origin, scans
        """;

    public static void Insert(Tx tx, Receipt receipt) => tx.For(receipt.OrganisationId).Put(
        """
        INSERT INTO receipt (organisation_id, id, app_id, envelope_from, envelope_to, raw_id, size, received_at, helo,
            remote_address, tls, session_id, state, state_reason, attempts, due_at, epoch, origin)
        VALUES (@organisation, @id, @app, @from, @to, @raw, @size, @at, @helo, @remote, @tls, @session, 'received', '', 0, @at, 0, @origin)
        """,
        receipt);

    public static Receipt? Find(Tx tx, Guid organisationId, Guid id) => tx.For(organisationId).One<Receipt>(
        $"SELECT {Columns} FROM receipt WHERE organisation_id = @organisation AND id = @id", new { id });

    public static List<Receipt> OfMessage(Tx tx, Guid organisationId, Guid messageId) =>
        tx.For(organisationId).List<Receipt>(
            $"""
            SELECT {Columns} FROM receipt
            WHERE organisation_id = @organisation AND app_id = (
                SELECT app_id FROM message WHERE organisation_id = @organisation AND id = @messageId)
              AND message_id = @messageId
            ORDER BY id LIMIT 100
            """,
            new { messageId });
}
