using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps;

/// <summary>What hangs on an app: told before it is retired.</summary>
internal sealed record RetireEffects
{
    /// <summary>Written and not gone yet: they stay until the app comes back, and die with it.</summary>
    public required long WaitingLetters { get; init; }

    /// <summary>Runs that wait for an answer from outside.</summary>
    public required long OpenRuns { get; init; }
    public required long Conversations { get; init; }

    /// <summary>Mails that reached its forwarding addresses in the last 7 days: whoever forwards them still does.</summary>
    public required long ForwardedLately { get; init; }

    /// <summary>Name of the flow that runs over its mail; empty when it has none.</summary>
    public required string Flow { get; init; }

    /// <summary>Other apps that use the same flow: it goes on for them.</summary>
    public required long AppsOfThatFlow { get; init; }
}

/// <summary>
/// Ends an app in two steps: retired for 30 days, in which nothing is lost and it may come back, then gone: its addresses
/// are refused, its secrets and grant erased, what it still had to send is dead.
/// </summary>
internal sealed class Retirements(IStore store, RecordChange record, TimeProvider time)
{
    public const string Died = "Its app was retired and did not come back";
    public const string CameMeanwhile = "Held: it came while its app was retired";
    private static readonly TimeSpan RetiredForAtMost = AppStates.RetiredFor + TimeSpan.FromHours(1); // the sweep is not to the second
    private static readonly TimeSpan Lately = TimeSpan.FromDays(7);

    /// <returns>Null when the organisation has no such app.</returns>
    public Task<RetireEffects?> EffectsAsync(Guid organisationId, Guid appId, CancellationToken cancel) =>
        store.ReadAsync(tx => AppRows.Find(tx, organisationId, appId) is { } app ? Effects(tx, app) : null, cancel);

    /// <param name="reason">Shown beside the state.</param>
    /// <returns>False when it is retired already, or not the organisation's.</returns>
    public Task<bool> RetireAsync(Guid organisationId, Guid appId, string reason, CancellationToken cancel) =>
        store.WriteAsync(Lane.Work, tx => AppStates.Retire(tx, organisationId, appId, reason, time.GetUtcNow()), cancel);

    /// <summary>It works on as before; what came meanwhile is held, and an admin decides.</summary>
    /// <returns>False when it is not retired: never was, or is gone.</returns>
    public Task<bool> UnretireAsync(Guid organisationId, Guid appId, CancellationToken cancel) =>
        store.WriteAsync(
            Lane.Work,
            tx =>
            {
                if (!AppStates.Unretire(tx, organisationId, appId, time.GetUtcNow())) return false;
                tx.For(organisationId).Execute(
                    """
                    UPDATE message SET state = 'held', state_reason = @CameMeanwhile
                    WHERE organisation_id = @organisation AND app_id = @appId AND state = 'quarantined' AND malware <> 'infected' AND received_at >= @since
                    """,
                    new { appId, CameMeanwhile, since = time.GetUtcNow() - RetiredForAtMost });
                return true;
            },
            cancel);

    /// <summary>Lets those go whose 30 days have passed.</summary>
    /// <returns>How many.</returns>
    public async Task<int> SweepAsync(CancellationToken cancel)
    {
        var due = await store.ReadAsync(
            tx => tx.Across("retired apps whose time has passed").List<EmailApp>(
                """
                -- across: retired apps whose time has passed
                SELECT * FROM app WHERE state = 'retired' AND state_since <= @before ORDER BY state_since LIMIT 100
                """,
                new { before = time.GetUtcNow() - AppStates.RetiredFor }),
            cancel);
        var gone = 0;
        foreach (var app in due)
        {
            if (await store.WriteAsync(Lane.Maintenance, tx => Go(tx, app, time.GetUtcNow()), cancel)) gone++;
        }
        return gone;
    }

    private bool Go(Tx tx, EmailApp app, DateTimeOffset now)
    {
        if (!AppStates.Go(tx, app.OrganisationId, app.Id, now)) return false; // it came back meanwhile
        var sql = tx.For(app.OrganisationId);
        foreach (var secret in new[] { "oauth_grant", "certificate", "next_credential", "device_sign_in", "authorisation" })
        {
            sql.Execute($"DELETE FROM {secret} WHERE organisation_id = @organisation AND app_id = @Id", new { app.Id });
        }
        sql.Execute(
            """
            UPDATE letter SET state = 'dead', state_reason = @Died, due_at = NULL, settled_at = @now
            WHERE organisation_id = @organisation AND app_id = @Id AND state IN ('waiting', 'blocked')
            """,
            new { app.Id, Died, now });
        sql.Execute(
            """
            UPDATE run SET state = 'failed', state_reason = @Died, ended_at = @now
            WHERE organisation_id = @organisation AND app_id = @Id AND state = 'waiting'
            """,
            new { app.Id, Died, now });
        sql.Execute(
            """
            UPDATE http_call SET state = 'dead', ended_at = @now
            WHERE organisation_id = @organisation AND app_id = @Id AND state IN ('waiting', 'calling')
            """,
            new { app.Id, now });
        record(tx, app.OrganisationId, "app-gone", app.Id, [new FieldChange(nameof(EmailApp.State), "retired", "gone")], now);
        return true;
    }

    private RetireEffects Effects(Tx tx, EmailApp app)
    {
        var sql = tx.For(app.OrganisationId);
        return new()
        {
            WaitingLetters = sql.One<long>(
                """
                SELECT COUNT(*) FROM letter
                WHERE organisation_id = @organisation AND app_id = @Id AND state IN ('waiting', 'claimed', 'submitting', 'blocked')
                """,
                new { app.Id }),
            OpenRuns = sql.One<long>(
                "SELECT COUNT(*) FROM run WHERE organisation_id = @organisation AND app_id = @Id AND state = 'waiting'", new { app.Id }),
            Conversations = sql.One<long>(
                "SELECT COUNT(*) FROM conversation WHERE organisation_id = @organisation AND app_id = @Id", new { app.Id }),
            ForwardedLately = sql.One<long>(
                "SELECT COUNT(*) FROM receipt WHERE organisation_id = @organisation AND app_id = @Id AND id >= @since",
                new { app.Id, since = UuidTime.FirstAt(time.GetUtcNow() - Lately) }),
            Flow = app.FlowId is null
                ? ""
                : sql.One<string>("SELECT name FROM flow WHERE organisation_id = @organisation AND id = @FlowId", new { app.FlowId }) ?? "",
            AppsOfThatFlow = app.FlowId is null
                ? 0
                : sql.One<long>(
                    """
                    SELECT COUNT(*) FROM app WHERE organisation_id = @organisation AND flow_id = @FlowId AND id <> @Id AND state NOT IN ('retired', 'gone')
                    """,
                    new { app.FlowId, app.Id }),
        };
    }
}
