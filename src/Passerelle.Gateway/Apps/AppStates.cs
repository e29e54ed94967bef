using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps;

/// <summary>Every change of an app's state goes through here, inside the transaction that causes it.</summary>
internal static class AppStates
{
    /// <summary>How long a retired app can come back; its mail is quarantined until then (design §1).</summary>
    public static readonly TimeSpan RetiredFor = TimeSpan.FromDays(30);

    /// <summary>The server said 235 with what this app holds now. A paused app stays paused, and resumes as connected.</summary>
    public static void Connect(Tx tx, Guid organisationId, Guid appId, string reason, DateTimeOffset now) =>
        tx.For(organisationId).Execute(
            """
            UPDATE app SET connected_at = @now,
                state_reason = CASE WHEN state = 'paused' THEN state_reason ELSE @reason END,
                state_since = CASE WHEN state IN ('connected', 'paused') THEN state_since ELSE @now END,
                state = CASE WHEN state = 'paused' THEN 'paused' ELSE 'connected' END
            WHERE organisation_id = @organisation AND id = @appId
              AND state IN ('unauthorised', 'connected', 'degraded', 'broken', 'paused')
            """,
            new { appId, reason, now });

    /// <summary>It works, and something says it soon may not.</summary>
    /// <returns>False when it is not connected.</returns>
    public static bool Degrade(Tx tx, Guid organisationId, Guid appId, string reason, DateTimeOffset now) =>
        Move(tx, organisationId, appId, "degraded", "'connected', 'degraded'", reason, now);

    /// <summary>What degraded it has passed.</summary>
    public static bool Recover(Tx tx, Guid organisationId, Guid appId, DateTimeOffset now) =>
        Move(tx, organisationId, appId, "connected", "'degraded'", "", now);

    /// <summary>It cannot send until a person acts. A draft, paused or retired app keeps its state.</summary>
    /// <returns>The state that it had; null when it was broken already, or stays what it is.</returns>
    public static string? Break(Tx tx, Guid organisationId, Guid appId, string reason, DateTimeOffset now)
    {
        var before = tx.For(organisationId).One<string>("SELECT state FROM app WHERE organisation_id = @organisation AND id = @appId", new { appId });
        return Move(tx, organisationId, appId, "broken", "'connected', 'degraded', 'broken'", reason, now) && before != "broken" ? before : null;
    }

    /// <summary>What it held no longer fits its settings.</summary>
    public static void Unauthorise(Tx tx, Guid organisationId, Guid appId, string reason, DateTimeOffset now) =>
        Move(tx, organisationId, appId, "unauthorised", "'draft', 'unauthorised', 'connected', 'degraded', 'broken'", reason, now);

    /// <returns>False when the app is in no state that can be paused.</returns>
    public static bool Pause(Tx tx, Guid organisationId, Guid appId, string reason, DateTimeOffset now) =>
        Move(tx, organisationId, appId, "paused", "'unauthorised', 'connected', 'degraded', 'broken'", reason, now);

    /// <summary>Back to where it is able to be: connected when the server took what it holds, broken when that broke since, else unauthorised.</summary>
    public static bool Resume(Tx tx, Guid organisationId, Guid appId, DateTimeOffset now) =>
        tx.For(organisationId).Execute(
            $"""
            UPDATE app SET state = {AbleToBe}, state_reason = '', state_since = @now
            WHERE organisation_id = @organisation AND id = @appId AND state = 'paused'
            """,
            new { appId, now }) == 1;

    /// <summary>From any state but retired and gone; nothing of it is lost for <see cref="RetiredFor"/>.</summary>
    public static bool Retire(Tx tx, Guid organisationId, Guid appId, string reason, DateTimeOffset now) =>
        tx.For(organisationId).Execute(
            """
            UPDATE app SET state_before = state, state = 'retired', state_reason = @reason, state_since = @now
            WHERE organisation_id = @organisation AND id = @appId AND state NOT IN ('retired', 'gone')
            """,
            new { appId, reason, now }) == 1;

    /// <summary>A draft is a draft again, a paused app paused; any other is where it is able to be.</summary>
    public static bool Unretire(Tx tx, Guid organisationId, Guid appId, DateTimeOffset now) =>
        tx.For(organisationId).Execute(
            $"""
            UPDATE app SET state = CASE WHEN state_before IN ('draft', 'paused') THEN state_before ELSE {AbleToBe} END,
                state_before = '', state_reason = '', state_since = @now
            WHERE organisation_id = @organisation AND id = @appId AND state = 'retired'
            """,
            new { appId, now }) == 1;

    /// <summary>For good: its addresses are refused, its secrets erased.</summary>
    /// <returns>False when it is not retired (any more).</returns>
    public static bool Go(Tx tx, Guid organisationId, Guid appId, DateTimeOffset now) =>
        tx.For(organisationId).Execute(
            """
            UPDATE app SET state = 'gone', state_since = @now, client_secret = NULL, password = NULL
            WHERE organisation_id = @organisation AND id = @appId AND state = 'retired'
            """,
            new { appId, now }) == 1;

    private const string AbleToBe = """
        CASE WHEN connected_at IS NULL THEN 'unauthorised'
             WHEN EXISTS (SELECT 1 FROM oauth_grant g WHERE g.organisation_id = @organisation AND g.app_id = @appId AND g.state = 'broken') THEN 'broken'
             ELSE 'connected' END
        """;

    private static bool Move(
        Tx tx, Guid organisationId, Guid appId, string to, string from, string reason, DateTimeOffset now) =>
        tx.For(organisationId).Execute(
            $"""
            UPDATE app SET state_reason = @reason, state_since = CASE WHEN state = @to THEN state_since ELSE @now END, state = @to
            WHERE organisation_id = @organisation AND id = @appId AND state IN ({from})
            """,
            new { appId, to, reason, now }) == 1;
}
