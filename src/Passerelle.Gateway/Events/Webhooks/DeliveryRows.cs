using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Events.Webhooks;

/// <summary>The SQL of tables <c>webhook_delivery</c> and <c>webhook_attempt</c>.</summary>
internal static class DeliveryRows
{
    public static void Insert(Tx tx, WebhookDelivery delivery) => tx.For(delivery.OrganisationId).Execute(
        """
        INSERT INTO webhook_delivery (organisation_id, id, webhook_id, event_id, type, letter_id, message_id, body, state, attempts, status, words,
            created_at, due_at)
        VALUES (@organisation, @Id, @WebhookId, @EventId, @Type, @LetterId, @MessageId, @Body, 'waiting', 0, 0, '', @CreatedAt, @DueAt)
        """,
        new
        {
            delivery.Id,
            delivery.WebhookId,
            delivery.EventId,
            delivery.Type,
            delivery.LetterId,
            delivery.MessageId,
            delivery.Body,
            delivery.CreatedAt,
            delivery.DueAt,
        });

    /// <returns>Those that are due, taken until <paramref name="until"/>: a worker that dies leaves them to the next.</returns>
    public static List<WebhookDelivery> Claim(Tx tx, Webhook webhook, DateTimeOffset now, DateTimeOffset until, int limit) =>
        tx.For(webhook.OrganisationId).List<WebhookDelivery>(
            """
            UPDATE webhook_delivery SET attempts = attempts + 1, due_at = @until
            WHERE organisation_id = @organisation AND state = 'waiting' AND id IN
                (SELECT d.id FROM webhook_delivery d WHERE d.organisation_id = @organisation AND d.webhook_id = @Id AND d.state = 'waiting' AND d.due_at <= @now
                 ORDER BY d.due_at, d.id LIMIT @limit{0})
            RETURNING *
            """.Replace("{0}", tx.SkipLocked, StringComparison.Ordinal),
            new { webhook.Id, now, until, limit });

    /// <summary>What the receiver answered, and what follows; somebody who asked for it again meanwhile is not overruled.</summary>
    public static void Settle(Tx tx, WebhookDelivery delivery, WebhookAnswer answer, string state, DateTimeOffset due, DateTimeOffset now)
    {
        var sql = tx.For(delivery.OrganisationId);
        sql.Execute(
            """
            UPDATE webhook_delivery SET state = @state, status = @Status, words = @Words, due_at = @due, ended_at = @ended
            WHERE organisation_id = @organisation AND id = @Id AND state = 'waiting' AND attempts = @Attempts
            """,
            new { delivery.Id, delivery.Attempts, state, answer.Status, answer.Words, due, ended = state == WebhookDelivery.Waiting ? (DateTimeOffset?)null : now });
        sql.Execute(
            """
            INSERT INTO webhook_attempt (organisation_id, delivery_id, id, letter_id, message_id, at, status, words, answer, milliseconds)
            VALUES (@organisation, @Id, @attempt, @LetterId, @MessageId, @now, @Status, @Words, @Text, @took)
            """,
            new
            {
                delivery.Id,
                attempt = Guid.CreateVersion7(now),
                delivery.LetterId,
                delivery.MessageId,
                now,
                answer.Status,
                answer.Words,
                answer.Text,
                took = (long)answer.Took.TotalMilliseconds,
            });
    }

    public static WebhookDelivery? Find(Tx tx, Guid organisationId, Guid id) => tx.For(organisationId).One<WebhookDelivery>(
        "SELECT * FROM webhook_delivery WHERE organisation_id = @organisation AND id = @id", new { id });

    /// <returns>Newest first.</returns>
    public static List<WebhookDelivery> List(Tx tx, Guid organisationId, Guid webhookId, string state, Guid? before, int limit) => tx.For(organisationId).List<WebhookDelivery>(
        """
        SELECT * FROM webhook_delivery
        WHERE organisation_id = @organisation AND webhook_id = @webhookId AND state = @state AND id < @before ORDER BY id DESC LIMIT @limit
        """,
        new { webhookId, state, before = before ?? Guid.AllBitsSet, limit });

    public static List<DeliveryCount> Counts(Tx tx, Guid organisationId, Guid webhookId) => tx.For(organisationId).List<DeliveryCount>(
        """
        SELECT state, COUNT(*) AS deliveries FROM webhook_delivery WHERE organisation_id = @organisation AND webhook_id = @webhookId GROUP BY state
        """,
        new { webhookId });

    /// <returns>Newest first.</returns>
    public static List<WebhookAttempt> Attempts(Tx tx, Guid organisationId, Guid deliveryId) => tx.For(organisationId).List<WebhookAttempt>(
        """
        SELECT id, at, status, words, answer, milliseconds FROM webhook_attempt
        WHERE organisation_id = @organisation AND delivery_id = @deliveryId ORDER BY id DESC LIMIT 100
        """,
        new { deliveryId });

    /// <summary>Due now, with all its attempts again, whatever became of it before; the receiver knows the repeat by its id.</summary>
    public static bool Replay(Tx tx, Guid organisationId, Guid id, DateTimeOffset now)
    {
        var sql = tx.For(organisationId);
        if (sql.Execute(
            """
            UPDATE webhook_delivery SET state = 'waiting', attempts = 0, due_at = @now, ended_at = NULL WHERE organisation_id = @organisation AND id = @id
            """,
            new { id, now }) == 0)
        {
            return false;
        }
        sql.Execute(
            """
            UPDATE webhook SET rest_until = 0 WHERE organisation_id = @organisation AND id =
                (SELECT d.webhook_id FROM webhook_delivery d WHERE d.organisation_id = @organisation AND d.id = @id)
            """,
            new { id });
        return true;
    }

    /// <summary>All dead ones of a webhook.</summary>
    /// <returns>How many.</returns>
    public static int ReplayDead(Tx tx, Guid organisationId, Guid webhookId, DateTimeOffset now)
    {
        var sql = tx.For(organisationId);
        sql.Execute("UPDATE webhook SET rest_until = 0 WHERE organisation_id = @organisation AND id = @webhookId", new { webhookId });
        return sql.Execute(
            """
            UPDATE webhook_delivery SET state = 'waiting', attempts = 0, due_at = @now, ended_at = NULL
            WHERE organisation_id = @organisation AND webhook_id = @webhookId AND state = 'dead'
            """,
            new { webhookId, now });
    }

    /// <summary>Of a webhook that wants no more: what waits is dead, and a person may ask for it again.</summary>
    public static void BuryWaiting(Tx tx, Webhook webhook, string words, DateTimeOffset now) => tx.For(webhook.OrganisationId).Execute(
        """
        UPDATE webhook_delivery SET state = 'dead', words = @words, ended_at = @now
        WHERE organisation_id = @organisation AND webhook_id = @Id AND state = 'waiting'
        """,
        new { webhook.Id, words, now });

    /// <summary>What ended before <paramref name="before"/> is forgotten, a few at a time.</summary>
    /// <returns>How many.</returns>
    public static int Forget(Tx tx, DateTimeOffset before, int limit)
    {
        var old = tx.Across("deliveries whose time has passed").List<Ended>(
            """
            -- across: deliveries whose time has passed
            SELECT organisation_id, id FROM webhook_delivery WHERE ended_at IS NOT NULL AND ended_at < @before ORDER BY ended_at LIMIT @limit
            """,
            new { before, limit });
        foreach (var delivery in old)
        {
            var sql = tx.For(delivery.OrganisationId);
            sql.Execute("DELETE FROM webhook_attempt WHERE organisation_id = @organisation AND delivery_id = @Id", new { delivery.Id });
            sql.Execute("DELETE FROM webhook_delivery WHERE organisation_id = @organisation AND id = @Id", new { delivery.Id });
        }
        return old.Count;
    }

    private sealed record Ended
    {
        public required Guid OrganisationId { get; init; }
        public required Guid Id { get; init; }
    }
}

internal sealed record DeliveryCount
{
    public required string State { get; init; }
    public required long Deliveries { get; init; }
}
