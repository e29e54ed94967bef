using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue;

/// <summary>
/// Letters that wait for a person though their app can sign in: the mailbox is full, restricted, or may not send as this address.
/// Nobody tells us when that is mended, so one of them tries now and then, and when anything of the app has left, all do.
/// </summary>
internal static class BlockedLetters
{
    private static readonly TimeSpan TryEvery = TimeSpan.FromHours(1);
    private const int MostApps = 100;

    /// <returns>Letters that are due now.</returns>
    public static int Sweep(Tx tx, DateTimeOffset now) =>
        Apps(tx).Sum(app => app.LastSentAt > app.BlockedAt
            ? Letters.Unblock(tx, app.OrganisationId, app.AppId, now)
            : app.BlockedAt <= now - TryEvery ? Free(tx, app, now) : 0);

    /// <summary>The one that was written first.</summary>
    private static int Free(Tx tx, BlockedApp app, DateTimeOffset now) => tx.For(app.OrganisationId).Execute(
        """
        UPDATE letter SET state = 'waiting', due_at = @now
        WHERE organisation_id = @organisation AND state = 'blocked' AND id =
            (SELECT id FROM letter WHERE organisation_id = @organisation AND app_id = @AppId AND state = 'blocked' ORDER BY id LIMIT 1)
        """,
        new { app.AppId, now });

    /// <summary>Of each app when one of them was tried last.</summary>
    private static List<BlockedApp> Apps(Tx tx) => tx.Across("deadline sweep").List<BlockedApp>(
        $"""
        -- across: deadline sweep
        SELECT l.organisation_id, l.app_id, MAX(t.ended_at) AS blocked_at, a.last_sent_at
        FROM letter l
        JOIN app a ON a.organisation_id = l.organisation_id AND a.id = l.app_id
        JOIN attempt t ON t.organisation_id = l.organisation_id AND t.letter_id = l.id
        WHERE l.state IN {LetterRows.OpenStates} AND l.state = 'blocked'
          AND a.state IN ('connected', 'degraded') AND t.ended_at IS NOT NULL
        GROUP BY l.organisation_id, l.app_id, a.last_sent_at LIMIT @limit
        """,
        new { limit = MostApps });

    private sealed record BlockedApp
    {
        public required Guid OrganisationId { get; init; }
        public required Guid AppId { get; init; }
        public required DateTimeOffset BlockedAt { get; init; }
        public DateTimeOffset? LastSentAt { get; init; }
    }
}
