using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Doctor;

/// <summary>“Write to support@… from any other account; we are waiting.” Green when the mail came in and an answer left.</summary>
/// <param name="StartedAt">When the admin began to wait; null: nobody waits.</param>
/// <param name="Journey">Of the first mail from somebody else since then; null while none has come.</param>
internal sealed record Verification(DateTimeOffset? StartedAt, Journey? Journey)
{
    public bool Received => Journey is not null;

    public bool Answered => Journey?.Line.AnswerState == "settled";
}

/// <summary>Starts and follows verifications, one per app.</summary>
internal sealed class Verifications(IStore store, Journeys journeys, TimeProvider time)
{
    /// <summary>Starts to wait, anew when one was under way.</summary>
    /// <returns>False when the organisation has no such app.</returns>
    public Task<bool> StartAsync(Guid organisationId, Guid appId, CancellationToken cancel) => store.WriteAsync(
        Lane.Work,
        tx => tx.For(organisationId).Execute(
            """
            INSERT INTO verification (organisation_id, app_id, started_at)
            SELECT @organisation, id, @now FROM app WHERE organisation_id = @organisation AND id = @appId
            ON CONFLICT (organisation_id, app_id) DO UPDATE SET started_at = excluded.started_at, message_id = NULL
            """,
            new { appId, now = time.GetUtcNow() }) == 1,
        cancel);

    public async Task<Verification> FindAsync(Guid organisationId, Guid appId, CancellationToken cancel)
    {
        var (startedAt, messageId) = await store.ReadAsync(
            tx =>
            {
                var sql = tx.For(organisationId);
                var started = sql.One<DateTimeOffset?>(
                    "SELECT started_at FROM verification WHERE organisation_id = @organisation AND app_id = @appId",
                    new { appId });
                return (started, started is null ? null : FirstFromSomebodyElse(sql, appId, started.Value));
            },
            cancel);
        return new(startedAt, messageId is { } id ? await journeys.FindAsync(organisationId, id, cancel) : null);
    }

    private static Guid? FirstFromSomebodyElse(Sql sql, Guid appId, DateTimeOffset since) => sql.One<Guid?>(
        """
        SELECT m.id FROM message m JOIN app a ON a.organisation_id = @organisation AND a.id = m.app_id
        WHERE m.organisation_id = @organisation AND m.app_id = @appId AND m.received_at >= @since
            AND m.from_address <> lower(a.email_id) AND m.kind <> 'canary'
        ORDER BY m.id LIMIT 1
        """,
        new { appId, since });
}
