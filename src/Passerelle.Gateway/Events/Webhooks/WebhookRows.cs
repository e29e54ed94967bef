using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Events.Webhooks;

/// <summary>The SQL of table <c>webhook</c>.</summary>
internal static class WebhookRows
{
    /// <returns>Newest first.</returns>
    public static List<Webhook> List(Tx tx, Guid organisationId) =>
        tx.For(organisationId).List<Webhook>("SELECT * FROM webhook WHERE organisation_id = @organisation ORDER BY id DESC");

    public static Webhook? Find(Tx tx, Guid organisationId, Guid id) =>
        tx.For(organisationId).One<Webhook>("SELECT * FROM webhook WHERE organisation_id = @organisation AND id = @id", new { id });

    /// <returns>False when the organisation has as many as it may.</returns>
    public static bool Insert(Tx tx, Webhook webhook)
    {
        var sql = tx.For(webhook.OrganisationId);
        if (sql.One<long>("SELECT COUNT(*) FROM webhook WHERE organisation_id = @organisation") >= WebhookRules.MostWebhooks) return false;
        sql.Execute(
            """
            INSERT INTO webhook (organisation_id, id, name, url, types, state, state_reason, secret, failures, rest_until, person_id, created_at)
            VALUES (@organisation, @Id, @Name, @Url, @Types, @State, '', @Secret, 0, 0, @PersonId, @CreatedAt)
            """,
            new { webhook.Id, webhook.Name, webhook.Url, webhook.Types, webhook.State, webhook.Secret, webhook.PersonId, webhook.CreatedAt });
        return true;
    }

    /// <summary>A changed form begins anew: what failed before says nothing of the new address.</summary>
    public static bool Update(Tx tx, Webhook webhook) => tx.For(webhook.OrganisationId).Execute(
        """
        UPDATE webhook SET name = @Name, url = @Url, types = @Types, state = @State, state_reason = '', failures = 0, failing_since = NULL, rest_until = 0
        WHERE organisation_id = @organisation AND id = @Id
        """,
        new { webhook.Id, webhook.Name, webhook.Url, webhook.Types, webhook.State }) == 1;

    public static bool ChangeSecret(Tx tx, Guid organisationId, Guid id, string @sealed, string former, DateTimeOffset until) => tx.For(organisationId).Execute(
        "UPDATE webhook SET secret = @sealed, former_secret = @former, former_until = @until WHERE organisation_id = @organisation AND id = @id",
        new { id, @sealed, former, until }) == 1;

    /// <summary>With all that waits for it and all that was tried.</summary>
    public static bool Delete(Tx tx, Guid organisationId, Guid id)
    {
        var sql = tx.For(organisationId);
        sql.Execute(
            """
            DELETE FROM webhook_attempt WHERE organisation_id = @organisation AND delivery_id IN
                (SELECT d.id FROM webhook_delivery d WHERE d.organisation_id = @organisation AND d.webhook_id = @id)
            """,
            new { id });
        sql.Execute("DELETE FROM webhook_delivery WHERE organisation_id = @organisation AND webhook_id = @id", new { id });
        return sql.Execute("DELETE FROM webhook WHERE organisation_id = @organisation AND id = @id", new { id }) == 1;
    }

    /// <summary>Those that have something to be told now and do not rest.</summary>
    public static List<Webhook> Due(Tx tx, DateTimeOffset now, int limit) => tx.Across("due webhooks of all organisations").List<Webhook>(
        """
        -- across: due webhooks of all organisations
        SELECT w.* FROM webhook w WHERE w.state = 'on' AND w.rest_until <= @now AND EXISTS
            (SELECT 1 FROM webhook_delivery d WHERE d.organisation_id = w.organisation_id AND d.webhook_id = w.id AND d.state = 'waiting' AND d.due_at <= @now)
        ORDER BY w.rest_until, w.id LIMIT @limit
        """,
        new { now, limit });

    public static void Recovered(Tx tx, Webhook webhook) => tx.For(webhook.OrganisationId).Execute(
        "UPDATE webhook SET failures = 0, failing_since = NULL, rest_until = 0 WHERE organisation_id = @organisation AND id = @Id", new { webhook.Id });

    public static void Rests(Tx tx, Webhook webhook, DateTimeOffset since, DateTimeOffset until) => tx.For(webhook.OrganisationId).Execute(
        """
        UPDATE webhook SET failures = failures + 1, failing_since = COALESCE(failing_since, @since), rest_until = @until
        WHERE organisation_id = @organisation AND id = @Id
        """,
        new { webhook.Id, since, until });

    public static void SwitchOff(Tx tx, Webhook webhook, string reason) => tx.For(webhook.OrganisationId).Execute(
        "UPDATE webhook SET state = 'off', state_reason = @reason WHERE organisation_id = @organisation AND id = @Id", new { webhook.Id, reason });
}
