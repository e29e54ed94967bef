using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Sending.Budgets;

/// <summary>The SQL of budgets: what was said, and what the attempt rows say was spent.</summary>
internal static class BudgetRows
{
    public static SaidLimit? Find(Tx tx, Guid organisationId, string scope, string subject) => tx.For(organisationId).One<SaidLimit>(
        "SELECT * FROM sending_limit WHERE organisation_id = @organisation AND scope = @scope AND subject = @subject", new { scope, subject });

    public static List<SaidLimit> List(Tx tx, Guid organisationId) => tx.For(organisationId).List<SaidLimit>(
        "SELECT * FROM sending_limit WHERE organisation_id = @organisation");

    public static void Put(Tx tx, Guid organisationId, SaidLimit said, Guid? personId, DateTimeOffset now) => tx.For(organisationId).Execute(
        """
        INSERT INTO sending_limit (organisation_id, scope, subject, connections, per_minute, recipients_per_day, recipients_per_mail, person_id, changed_at)
        VALUES (@organisation, @Scope, @Subject, @Connections, @PerMinute, @RecipientsPerDay, @RecipientsPerMail, @personId, @now)
        ON CONFLICT (organisation_id, scope, subject) DO UPDATE SET connections = excluded.connections, per_minute = excluded.per_minute,
            recipients_per_day = excluded.recipients_per_day, recipients_per_mail = excluded.recipients_per_mail, person_id = excluded.person_id, changed_at = excluded.changed_at
        """,
        new { said.Scope, said.Subject, said.Connections, said.PerMinute, said.RecipientsPerDay, said.RecipientsPerMail, personId, now });

    /// <param name="inside">Addresses that end so do not count; empty: all count.</param>
    /// <returns>Oldest hour first.</returns>
    public static List<HourCount> Spent(Tx tx, Guid organisationId, Guid appId, string inside, DateTimeOffset now) => tx.For(organisationId).List<Hour>(
        """
        SELECT MAX(t.started_at) AS at, COUNT(*) AS recipients FROM attempt t
        JOIN letter_recipient r ON r.organisation_id = t.organisation_id AND r.letter_id = t.letter_id AND r.outcome <> 'refused'
        WHERE t.organisation_id = @organisation AND t.app_id = @appId AND t.started_at > @since AND t.outcome IN ('accepted', 'unclear')
          AND (@inside = '' OR lower(r.address) NOT LIKE @ending)
        GROUP BY t.started_at / 3600000 ORDER BY 1
        """,
        new { appId, since = now.AddHours(-24), inside, ending = $"%{inside.ToLowerInvariant()}" })
        .ConvertAll(hour => new HourCount(DateTimeOffset.FromUnixTimeMilliseconds(hour.At), hour.Recipients));

    public static long StartedSince(Tx tx, Guid organisationId, Guid appId, DateTimeOffset since) => tx.For(organisationId).One<long>(
        "SELECT COUNT(*) FROM attempt WHERE organisation_id = @organisation AND app_id = @appId AND started_at > @since", new { appId, since });

    /// <summary>The newest refusal of the last minutes.</summary>
    public static string LastRefusal(Tx tx, Guid organisationId, Guid appId, DateTimeOffset since) => tx.For(organisationId).List<string>(
        """
        SELECT words FROM attempt WHERE organisation_id = @organisation AND app_id = @appId AND started_at > @since AND outcome = 'deferred'
        ORDER BY started_at DESC LIMIT 1
        """,
        new { appId, since }).FirstOrDefault() ?? "";

    public static Waiting Waiting(Tx tx, Guid organisationId, Guid appId, DateTimeOffset now)
    {
        var minutes = tx.For(organisationId).List<DueMinute>(
            """
            SELECT MAX(l.due_at) AS at, COUNT(DISTINCT l.id) AS letters, COUNT(r.address) AS recipients FROM letter l
            JOIN letter_recipient r ON r.organisation_id = l.organisation_id AND r.letter_id = l.id AND r.outcome = 'waiting'
            WHERE l.organisation_id = @organisation AND l.app_id = @appId AND l.state = 'waiting'
            GROUP BY CASE WHEN l.due_at <= @now THEN 0 ELSE l.due_at / 60000 END ORDER BY 1
            """,
            new { appId, now });
        return new Waiting(
            minutes.ConvertAll(minute => new DueLetters(DateTimeOffset.FromUnixTimeMilliseconds(minute.At), minute.Letters)), minutes.Sum(minute => minute.Recipients));
    }

    private sealed record DueMinute
    {
        public required long At { get; init; }
        public required long Letters { get; init; }
        public required long Recipients { get; init; }
    }

    private sealed record Hour
    {
        public required long At { get; init; }
        public required long Recipients { get; init; }
    }
}

/// <summary>Letters of an app that wait, and their recipients.</summary>
/// <param name="Due">By the minute, in that order.</param>
internal sealed record Waiting(IReadOnlyList<DueLetters> Due, long Recipients)
{
    public long Letters => Due.Sum(some => some.Letters);
}
