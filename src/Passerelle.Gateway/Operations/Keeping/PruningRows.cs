using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>An app that does not keep everything for ever; also one that is gone.</summary>
internal sealed record KeptApp
{
    public required Guid Id { get; init; }
    public long? KeepRawDays { get; init; }
    public long? KeepTextDays { get; init; }
    public long? KeepMessageDays { get; init; }

    /// <summary>Above every message of which something may be due.</summary>
    public Guid Oldest(DateTimeOffset now) =>
        UuidTime.FirstAt(now.AddDays(-(new[] { KeepRawDays, KeepTextDays, KeepMessageDays }.Min() ?? 0))); // at least one is set; Min leaves nulls out
}

internal sealed record PrunableMessage
{
    public required Guid Id { get; init; }
    public required Guid ConversationId { get; init; }
    public required string Kind { get; init; }
    public required string FromAddress { get; init; }
    public string? Correspondent { get; init; }
    public DateTimeOffset? RawPrunedAt { get; init; }
    public DateTimeOffset? TextPrunedAt { get; init; }
    public required string State { get; init; }
    public required string Malware { get; init; }

    public bool IsQuarantined => State == "quarantined" && Malware == Messages.Message.Infected;
}

/// <summary>The receipt of a second copy.</summary>
internal sealed record PrunableCopy
{
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }
    public required Guid MessageId { get; init; }
    public required Guid RawId { get; init; }
    public required string EnvelopeFrom { get; init; }

    /// <summary>1 or 0.</summary>
    public required long HasRaw { get; init; }
    public long? KeepRawDays { get; init; }
    public long? KeepMessageDays { get; init; }

    /// <summary>Of its message; null when that is gone.</summary>
    public Guid? ConversationId { get; init; }
    public string? FromAddress { get; init; }
    public DateTimeOffset? RawPrunedAt { get; init; }

    public bool IsAlone => ConversationId is null;
}

internal sealed record PrunableLetter
{
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }
    public required Guid ConversationId { get; init; }
    public required Guid RawId { get; init; }
    public required string State { get; init; }
    public required string Correspondent { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>1 or 0.</summary>
    public required long HasRaw { get; init; }
    public long? KeepRawDays { get; init; }
    public long? KeepMessageDays { get; init; }
}

/// <summary>The SQL that finds what is due. Every list is a page: it looks at so many rows, not for so many.</summary>
internal static class PruningRows
{
    private const string KeepsNotAll = "(keep_raw_days IS NOT NULL OR keep_text_days IS NOT NULL OR keep_message_days IS NOT NULL)";

    /// <returns>The first behind <paramref name="after"/>; null when there is none.</returns>
    public static KeptApp? NextApp(Tx tx, Guid organisationId, Guid after) => tx.For(organisationId).One<KeptApp>(
        $"""
        SELECT id, keep_raw_days, keep_text_days, keep_message_days FROM app
        WHERE organisation_id = @organisation AND id > @after AND {KeepsNotAll} ORDER BY id LIMIT 1
        """,
        new { after });

    /// <summary>Messages that will be looked at.</summary>
    public static long CountDue(Tx tx, Guid organisationId, DateTimeOffset now)
    {
        var total = 0L;
        for (var app = NextApp(tx, organisationId, Guid.Empty); app is not null; app = NextApp(tx, organisationId, app.Id))
        {
            total += tx.For(organisationId).One<long>(
                "SELECT COUNT(*) FROM message WHERE organisation_id = @organisation AND app_id = @Id AND id < @before",
                new { app.Id, before = app.Oldest(now) });
        }
        return total;
    }

    public static List<PrunableMessage> Messages(Tx tx, Guid organisationId, Guid appId, Guid after, Guid before, int limit) =>
        tx.For(organisationId).List<PrunableMessage>(
            """
            SELECT m.id, m.conversation_id, m.kind, m.from_address, m.raw_pruned_at, m.text_pruned_at, m.state, m.malware, c.correspondent
            FROM message m LEFT JOIN conversation c ON c.organisation_id = m.organisation_id AND c.id = m.conversation_id
            WHERE m.organisation_id = @organisation AND m.app_id = @appId AND m.id > @after AND m.id < @before ORDER BY m.id LIMIT @limit
            """,
            new { appId, after, before, limit });

    public static List<PrunableCopy> Copies(Tx tx, Guid organisationId, Guid after, Guid afterCopy, int limit) =>
        tx.For(organisationId).List<PrunableCopy>(
            """
            SELECT r.id, r.app_id, r.message_id, r.raw_id, r.envelope_from, a.keep_raw_days, a.keep_message_days,
                m.conversation_id, m.from_address, m.raw_pruned_at,
                CAST(CASE WHEN EXISTS (SELECT 1 FROM raw_mail x WHERE x.organisation_id = @organisation AND x.id = r.raw_id) THEN 1 ELSE 0 END AS bigint) AS has_raw
            FROM receipt r LEFT JOIN app a ON a.organisation_id = r.organisation_id AND a.id = r.app_id
            LEFT JOIN message m ON m.organisation_id = r.organisation_id AND m.id = r.message_id
            WHERE r.organisation_id = @organisation AND r.state = 'duplicate' AND (r.message_id > @after OR r.message_id = @after AND r.id > @afterCopy)
            ORDER BY r.message_id, r.id LIMIT @limit
            """,
            new { after, afterCopy, limit });

    public static List<PrunableLetter> Letters(Tx tx, Guid organisationId, Guid after, int limit) => tx.For(organisationId).List<PrunableLetter>(
        """
        SELECT l.id, l.app_id, l.conversation_id, l.raw_id, l.state, l.correspondent, l.created_at, a.keep_raw_days, a.keep_message_days,
            CAST(CASE WHEN EXISTS (SELECT 1 FROM raw_mail x WHERE x.organisation_id = @organisation AND x.id = l.raw_id) THEN 1 ELSE 0 END AS bigint) AS has_raw
        FROM letter l LEFT JOIN app a ON a.organisation_id = l.organisation_id AND a.id = l.app_id
        WHERE l.organisation_id = @organisation AND l.id > @after ORDER BY l.id LIMIT @limit
        """,
        new { after, limit });

    /// <summary>Something still happens with it: its flow, an answer of its flow from outside, a letter that answers it, an admin's
    /// decision, or the return of its retired app.</summary>
    public static bool IsWork(Tx tx, Guid organisationId, Guid messageId) => tx.For(organisationId).One<long>(
        """
        SELECT COUNT(*) FROM message m WHERE m.organisation_id = @organisation AND m.id = @messageId AND (
            m.state IN ('ready', 'held')
            OR m.state = 'quarantined' AND EXISTS (
                SELECT 1 FROM app a WHERE a.organisation_id = @organisation AND a.id = m.app_id AND a.state = 'retired')
            OR EXISTS (SELECT 1 FROM run r WHERE r.organisation_id = @organisation AND r.message_id = m.id AND r.state = 'waiting')
            OR EXISTS (SELECT 1 FROM letter l WHERE l.organisation_id = @organisation AND l.in_answer_to = m.id
                AND l.state IN ('waiting', 'claimed', 'submitting', 'blocked', 'unclear')))
        """,
        new { messageId }) > 0;

    /// <summary>It is not settled any more, or the run that wrote it goes on.</summary>
    public static bool IsLetterWork(Tx tx, Guid organisationId, Guid letterId) => tx.For(organisationId).One<long>(
        """
        SELECT COUNT(*) FROM letter l WHERE l.organisation_id = @organisation AND l.id = @letterId AND (
            l.state NOT IN ('settled', 'dead')
            OR EXISTS (SELECT 1 FROM run r WHERE r.organisation_id = @organisation AND r.id = l.run_id AND r.state = 'waiting'))
        """,
        new { letterId }) > 0;

    /// <returns>How many; call again until none is left.</returns>
    public static int ForgetDigests(Tx tx, Guid organisationId, DateTimeOffset now, int limit) => tx.For(organisationId).Execute(
        """
        DELETE FROM message_digest WHERE organisation_id = @organisation AND (app_id, digest) IN (
            SELECT d.app_id, d.digest FROM message_digest d WHERE d.organisation_id = @organisation AND d.forget_at <= @now LIMIT @limit)
        """,
        new { now, limit });

    /// <summary>Whose mail, or whose digests, are to be looked at.</summary>
    /// <param name="since">A job of that day or later does.</param>
    public static List<Guid> OrganisationsDue(Tx tx, DateTimeOffset now, DateTimeOffset since) => tx.Across("pruning of all organisations").List<Guid>(
        $"""
        -- across: pruning of all organisations
        SELECT o.id FROM organisation o
        WHERE (EXISTS (SELECT 1 FROM app a WHERE a.organisation_id = o.id AND {KeepsNotAll})
            OR EXISTS (SELECT 1 FROM message_digest d WHERE d.organisation_id = o.id AND d.forget_at <= @now))
          AND NOT EXISTS (SELECT 1 FROM keeping_job j WHERE j.organisation_id = o.id AND j.kind = 'prune' AND j.created_at > @since)
        """,
        new { now, since });
}
