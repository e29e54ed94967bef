using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps;

/// <summary>Every change of an app's state goes through here, inside the transaction that causes it.</summary>
internal static class AppStates
{
    /// <summary>The server said 235 with what this app holds now.</summary>
    public static void Connect(Tx tx, Guid organisationId, Guid appId, string reason, DateTimeOffset now) =>
        tx.For(organisationId).Execute(
            """
            UPDATE app SET state = 'connected', state_reason = @reason, connected_at = @now,
                state_since = CASE WHEN state = 'connected' THEN state_since ELSE @now END
            WHERE organisation_id = @organisation AND id = @appId AND state IN ('unauthorised', 'connected', 'degraded', 'broken')
            """,
            new { appId, reason, now });

    /// <summary>It cannot send until a person acts. A draft, paused or retired app keeps its state.</summary>
    public static void Break(Tx tx, Guid organisationId, Guid appId, string reason, DateTimeOffset now) =>
        Move(tx, organisationId, appId, "broken", "'connected', 'degraded', 'broken'", reason, now);

    /// <summary>It works, and something says it soon may not.</summary>
    public static bool Degrade(Tx tx, Guid organisationId, Guid appId, string reason, DateTimeOffset now) =>
        Move(tx, organisationId, appId, "degraded", "'connected', 'degraded'", reason, now);

    /// <summary>What degraded it is over.</summary>
    public static bool Recover(Tx tx, Guid organisationId, Guid appId, DateTimeOffset now) =>
        Move(tx, organisationId, appId, "connected", "'degraded'", "", now);

    /// <summary>What it held no longer fits its settings.</summary>
    public static void Unauthorise(Tx tx, Guid organisationId, Guid appId, string reason, DateTimeOffset now) =>
        Move(tx, organisationId, appId, "unauthorised", "'draft', 'unauthorised', 'connected', 'degraded', 'broken'", reason, now);

    /// <returns>False when the app is in no state that can be paused.</returns>
    public static bool Pause(Tx tx, Guid organisationId, Guid appId, string reason, DateTimeOffset now) =>
        Move(tx, organisationId, appId, "paused", "'unauthorised', 'connected', 'degraded', 'broken'", reason, now);

    /// <summary>Back to where it was able to be: connected when it had been, else unauthorised.</summary>
    public static bool Resume(Tx tx, Guid organisationId, Guid appId, DateTimeOffset now) =>
        tx.For(organisationId).Execute(
            """
            UPDATE app SET state = CASE WHEN connected_at IS NULL THEN 'unauthorised' ELSE 'connected' END,
                state_reason = '', state_since = @now
            WHERE organisation_id = @organisation AND id = @appId AND state = 'paused'
            """,
            new { appId, now }) == 1;

    private static bool Move(
        Tx tx, Guid organisationId, Guid appId, string to, string from, string reason, DateTimeOffset now) =>
        tx.For(organisationId).Execute(
            $"""
            UPDATE app SET state_reason = @reason, state_since = CASE WHEN state = @to THEN state_since ELSE @now END, state = @to
            WHERE organisation_id = @organisation AND id = @appId AND state IN ({from})
            """,
            new { appId, to, reason, now }) == 1;
}
