using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>The SQL of table <c>keeping_job</c>, within the caller's transaction.</summary>
internal static class KeepingJobRows
{
    public static void Insert(Tx tx, KeepingJob job) => tx.For(job.OrganisationId).Execute(
        """
        INSERT INTO keeping_job (organisation_id, id, kind, state, orders, position, looked_at, changed, kept, words, person_id,
            created_at, due_at, lease_until, epoch, size)
        VALUES (@organisation, @Id, @Kind, 'waiting', @Orders, '', 0, 0, 0, '', @PersonId, @CreatedAt, @CreatedAt, @CreatedAt, 0, 0)
        """,
        new { job.Id, job.Kind, job.Orders, job.PersonId, job.CreatedAt });

    public static KeepingJob? Find(Tx tx, Guid organisationId, Guid id) => tx.For(organisationId).One<KeepingJob>(
        "SELECT * FROM keeping_job WHERE organisation_id = @organisation AND id = @id", new { id });

    /// <returns>Newest first.</returns>
    public static List<KeepingJob> List(Tx tx, Guid organisationId, int limit) => tx.For(organisationId).List<KeepingJob>(
        "SELECT * FROM keeping_job WHERE organisation_id = @organisation ORDER BY id DESC LIMIT @limit", new { limit });

    /// <summary>The first of each organisation that may be taken up now.</summary>
    public static List<KeepingJob> Due(Tx tx, DateTimeOffset now, int limit) => tx.Across("the jobs that are due in all organisations").List<KeepingJob>(
        """
        -- across: the jobs that are due in all organisations
        SELECT * FROM keeping_job j WHERE j.state IN ('waiting', 'running') AND j.due_at <= @now AND j.lease_until <= @now
          AND NOT EXISTS (SELECT 1 FROM keeping_job e WHERE e.organisation_id = j.organisation_id AND e.state IN ('waiting', 'running')
              AND (e.state = 'running' AND j.state = 'waiting' OR e.state = j.state AND e.id < j.id))
        ORDER BY j.due_at LIMIT @limit
        """,
        new { now, limit });

    /// <returns>The job as it is now the caller's; null when another was faster.</returns>
    public static KeepingJob? Claim(Tx tx, KeepingJob job, DateTimeOffset now, DateTimeOffset until) => tx.For(job.OrganisationId).One<KeepingJob>(
        """
        UPDATE keeping_job SET state = 'running', started_at = COALESCE(started_at, @now), lease_until = @until, epoch = epoch + 1, words = ''
        WHERE organisation_id = @organisation AND id = @Id AND state IN ('waiting', 'running') AND epoch = @Epoch AND lease_until <= @now
          AND NOT EXISTS (SELECT 1 FROM keeping_job e WHERE e.organisation_id = @organisation AND e.state = 'running' AND e.id <> @Id)
        RETURNING *
        """,
        new { job.Id, job.Epoch, now, until });

    /// <summary>Writes how far it came, in the transaction of what it did.</summary>
    /// <exception cref="KeepingLost">It is the caller's no more: nothing may be written.</exception>
    public static void Advance(Tx tx, KeepingJob job, DateTimeOffset until)
    {
        var isOurs = tx.For(job.OrganisationId).Execute(
            """
            UPDATE keeping_job SET position = @Position, looked_at = @LookedAt, total = @Total, changed = @Changed, kept = @Kept, lease_until = @until
            WHERE organisation_id = @organisation AND id = @Id AND state = 'running' AND epoch = @Epoch
            """,
            new { job.Id, job.Epoch, job.Position, job.LookedAt, job.Total, job.Changed, job.Kept, until }) == 1;
        if (!isOurs) throw new KeepingLost();
    }

    /// <summary>Lets go of it; it goes on when due.</summary>
    public static void PutOff(Tx tx, KeepingJob job, DateTimeOffset due, string words, DateTimeOffset now) => tx.For(job.OrganisationId).Execute(
        """
        UPDATE keeping_job SET due_at = @due, lease_until = @now, words = @words
        WHERE organisation_id = @organisation AND id = @Id AND state = 'running' AND epoch = @Epoch
        """,
        new { job.Id, job.Epoch, due, words, now });

    /// <param name="state">done or failed.</param>
    /// <exception cref="KeepingLost">It is the caller's no more.</exception>
    public static void End(Tx tx, KeepingJob job, string state, DateTimeOffset now)
    {
        var isOurs = tx.For(job.OrganisationId).Execute(
            """
            UPDATE keeping_job SET state = @state, orders = @orders, position = '', looked_at = @LookedAt, total = @Total, changed = @Changed,
                kept = @Kept, words = @Words, ended_at = @now, size = @Size, expires_at = @ExpiresAt
            WHERE organisation_id = @organisation AND id = @Id AND state = 'running' AND epoch = @Epoch
            """,
            new { job.Id, job.Epoch, state, orders = Nameless(job), job.LookedAt, job.Total, job.Changed, job.Kept, job.Words, now, job.Size, job.ExpiresAt }) == 1;
        if (!isOurs) throw new KeepingLost();
    }

    /// <returns>False: it has ended.</returns>
    public static bool Cancel(Tx tx, KeepingJob job, DateTimeOffset now) => tx.For(job.OrganisationId).Execute(
        """
        UPDATE keeping_job SET state = 'cancelled', orders = @orders, position = '', ended_at = @now
        WHERE organisation_id = @organisation AND id = @Id AND state IN ('waiting', 'running')
        """,
        new { job.Id, orders = Nameless(job), now }) == 1;

    /// <summary>Exports whose time has passed, and those that an erasure makes untrue.</summary>
    public static List<KeepingJob> Expired(Tx tx, DateTimeOffset now) => tx.Across("files of all organisations whose time has passed").List<KeepingJob>(
        """
        -- across: files of all organisations whose time has passed
        SELECT * FROM keeping_job WHERE expires_at <= @now ORDER BY expires_at LIMIT 100
        """,
        new { now });

    public static void ForgetFile(Tx tx, Guid organisationId, Guid id) => tx.For(organisationId).Execute(
        "UPDATE keeping_job SET expires_at = NULL WHERE organisation_id = @organisation AND id = @id", new { id });

    /// <summary>Every file of an organisation expires now.</summary>
    public static void ExpireFiles(Tx tx, Guid organisationId, DateTimeOffset now) => tx.For(organisationId).Execute(
        "UPDATE keeping_job SET expires_at = @now WHERE organisation_id = @organisation AND expires_at > @now", new { now });

    /// <summary>Jobs that ended long ago.</summary>
    public static int Forget(Tx tx, Guid organisationId, DateTimeOffset before) => tx.For(organisationId).Execute(
        """
        DELETE FROM keeping_job WHERE organisation_id = @organisation AND state NOT IN ('waiting', 'running') AND ended_at < @before AND expires_at IS NULL
        """,
        new { before });

    /// <summary>An ended job tells how much it did, and names no correspondent.</summary>
    private static string Nameless(KeepingJob job) => (job.Told with { Correspondent = null }).ToJson();
}
