using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Queue.Returns;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue;

/// <summary>The SQL of table <c>letter</c> up to the final dot.</summary>
internal static class LetterRows
{
    /// <summary>
    /// Of the index <c>letter_open</c>. SQLite takes a partial index only where its condition is repeated (sqlite.org/partialindex.html §3), and else goes
    /// through all letters there are.
    /// </summary>
    public const string OpenStates = "('claimed', 'submitting', 'blocked', 'unclear', 'dead')";

    /// <summary>The state of a letter that is found by its id. As an expression: for the plain column PostgreSQL may take the index of all open letters, which looks smaller to it than the key.</summary>
    public const string StateOfOne = "(state || '')";

    /// <summary>One statement: no letter is taken twice, none overtakes its conversation but one that shall wait, a stale owner gets nothing.</summary>
    private const string ClaimNext = """
        UPDATE letter SET state = @state, epoch = @Epoch, attempts = attempts + 1, due_at = NULL, submitting_until = @until
        WHERE organisation_id = @organisation
          AND @Epoch = (SELECT epoch FROM app WHERE organisation_id = @organisation AND id = @AppId
                        AND state NOT IN ('draft', 'paused', 'retired', 'gone'))
          AND id {in}(SELECT l.id FROM letter l WHERE l.organisation_id = @organisation AND l.app_id = @AppId
                    AND l.state = 'waiting' AND l.lane <= @lowest AND l.due_at <= @now AND (l.expires_at IS NULL OR l.expires_at > @now)
                    AND NOT EXISTS (SELECT 1 FROM letter e WHERE e.organisation_id = l.organisation_id
                        AND e.conversation_id = l.conversation_id AND e.sequence < l.sequence
                        AND e.state IN ('waiting', 'claimed', 'submitting', 'blocked') AND (e.not_before IS NULL OR e.not_before <= @now))
                    ORDER BY l.lane, l.due_at LIMIT @most{locked}){end}
        RETURNING *
        """;

    private static readonly string ClaimOnSqlite = ClaimNext.Replace("{in}", "IN ", StringComparison.Ordinal).Replace("{locked}", "", StringComparison.Ordinal).Replace("{end}", "", StringComparison.Ordinal);

    /// <summary>An array is made once; what stands in IN may be looked up again for each row, and lock others each time.</summary>
    private static readonly string ClaimOnPostgres = ClaimNext.Replace("{in}", "= ANY(ARRAY", StringComparison.Ordinal).Replace("{locked}", " FOR UPDATE SKIP LOCKED", StringComparison.Ordinal).Replace("{end}", ")", StringComparison.Ordinal);

    /// <summary>To be followed by a <see cref="LetterLane"/>.</summary>
    private const string DueInLane =
        "(SELECT l.lane FROM letter l WHERE l.organisation_id = s.organisation_id AND l.app_id = s.app_id AND l.state = 'waiting' AND l.due_at <= @now AND l.lane = ";

    /// <returns>In the order in which they are to leave; each of another conversation.</returns>
    public static List<LetterRow> Claim(Tx tx, Ownership owner, LetterClaim claim, DateTimeOffset now, DateTimeOffset until)
    {
        var rows = tx.For(owner.OrganisationId).List<LetterRow>(
            tx.IsPostgres ? ClaimOnPostgres : ClaimOnSqlite,
            new { owner.AppId, owner.Epoch, most = claim.Most, lowest = (int)claim.Lowest, state = claim.Marked ? "submitting" : "claimed", now, until });
        rows.Sort((one, other) => (one.Lane, one.Id).CompareTo((other.Lane, other.Id)));
        return rows;
    }

    /// <summary>Opens the attempt rows; the app's budget is counted from these.</summary>
    public static List<ClaimedLetter> Begin(Tx tx, Ownership owner, IReadOnlyList<LetterRow> rows, DateTimeOffset now)
    {
        var sql = tx.For(owner.OrganisationId);
        var ids = rows.Select(row => ColumnTypes.ToColumn(row.Id, tx.IsPostgres)).ToArray(); // Dapper takes what is in a list as it is
        var numbers = sql.List<Numbered>(
            """
            INSERT INTO attempt (organisation_id, letter_id, number, app_id, epoch, started_at, outcome, last_step, words)
            SELECT organisation_id, id, 1 + COALESCE((SELECT MAX(number) FROM attempt a WHERE a.organisation_id = letter.organisation_id AND a.letter_id = letter.id), 0),
                app_id, @Epoch, @now, '', '', ''
            FROM letter WHERE organisation_id = @organisation AND id IN @ids
            RETURNING letter_id, number
            """,
            new { ids, owner.Epoch, now }).ToDictionary(one => one.LetterId, one => one.Number);
        var recipients = sql.List<Waiting>(
            """
            SELECT letter_id, address FROM letter_recipient
            WHERE organisation_id = @organisation AND letter_id IN @ids AND outcome = 'waiting' ORDER BY address
            """,
            new { ids }).ToLookup(one => one.LetterId, one => one.Address);
        return [.. rows.Select(row => new ClaimedLetter(row, numbers[row.Id], now, [.. recipients[row.Id]]))];
    }

    public static bool MarkSubmitting(Tx tx, ClaimedLetter letter, Ownership owner, DateTimeOffset until) => tx.For(letter.OrganisationId).Change(
        $"""
        UPDATE letter SET state = 'submitting', submitting_until = @until
        WHERE organisation_id = @organisation AND id = @id AND {StateOfOne} = 'claimed' AND epoch = @epoch AND attempts = @attempts
          AND @epoch = (SELECT epoch FROM app WHERE organisation_id = @organisation AND id = @app)
        """,
        new Mark(letter, owner.Epoch, until)) == 1;

    public static void Insert(Tx tx, NewLetter letter, DateTimeOffset now)
    {
        var sql = tx.For(letter.OrganisationId);
        var sequence = sql.One<long?>(
            """
            UPDATE conversation SET last_sequence = last_sequence + 1, last_at = @now
            WHERE organisation_id = @organisation AND id = @ConversationId RETURNING last_sequence
            """,
            new { letter.ConversationId, now }) ?? throw new KeyNotFoundException($"There is no conversation {letter.ConversationId}");
        RawMails.Insert(tx, letter.OrganisationId, letter.Id, letter.Raw, now);
        sql.Execute(
            """
            INSERT INTO letter (organisation_id, app_id, id, conversation_id, sequence, lane, origin, automatic, in_answer_to,
                run_id, person_id, correspondent, subject, internet_id, raw_id, size, state, state_reason, epoch, attempts,
                created_at, due_at, not_before, expires_at)
            VALUES (@organisation, @AppId, @Id, @ConversationId, @sequence, @lane, @Origin, @Automatic, @InAnswerTo,
                @RunId, @PersonId, @correspondent, @Subject, @InternetId, @Id, @size, 'waiting', '', 0, 0, @now, @due, @NotBefore, @ExpiresAt)
            """,
            new
            {
                letter.AppId,
                letter.Id,
                letter.ConversationId,
                sequence,
                lane = (int)(letter.Lane ?? (letter.InAnswerTo is null ? LetterLane.Ordinary : LetterLane.Answer)),
                letter.Origin,
                letter.Automatic,
                letter.InAnswerTo,
                letter.RunId,
                letter.PersonId,
                correspondent = letter.Correspondent.ToLowerInvariant(),
                letter.Subject,
                letter.InternetId,
                size = letter.Raw.Length,
                now,
                due = letter.NotBefore > now ? letter.NotBefore.Value : now,
                letter.NotBefore,
                letter.ExpiresAt,
            });
        foreach (var address in letter.Recipients)
        {
            sql.Execute(
                """
                INSERT INTO letter_recipient (organisation_id, letter_id, address, outcome, words)
                VALUES (@organisation, @Id, @address, 'waiting', '')
                """,
                new { letter.Id, address });
        }
        Suppressions.Apply(tx, letter, now);
    }

    /// <summary>
    /// Steps from one app that has a letter to the next one in the index, so its cost grows with these apps and not with their letters. (Neither
    /// store skips by itself; PostgreSQL's wiki calls it a loose index scan.) What is found is kept: in the place of a name it would be looked for twice.
    /// </summary>
    /// <param name="others">Nodes whose apps are theirs: <see cref="IPlacement.Others"/>.</param>
    public static List<DueApp> Due(Tx tx, DateTimeOffset now, string others) => tx.Across("claims").List<DueApp>(
        $"""
        -- across: claims
        WITH RECURSIVE organisation_of(id) AS (
            SELECT (SELECT l.organisation_id FROM letter l WHERE l.state = 'waiting' ORDER BY l.organisation_id LIMIT 1)
            UNION ALL
            SELECT (SELECT l.organisation_id FROM letter l WHERE l.state = 'waiting' AND l.organisation_id > o.id ORDER BY l.organisation_id LIMIT 1)
            FROM organisation_of o WHERE o.id IS NOT NULL
        ), sender(organisation_id, app_id) AS (
            SELECT o.id, (SELECT l.app_id FROM letter l WHERE l.state = 'waiting' AND l.organisation_id = o.id ORDER BY l.app_id LIMIT 1)
            FROM organisation_of o WHERE o.id IS NOT NULL
            UNION ALL
            SELECT s.organisation_id, (SELECT l.app_id FROM letter l WHERE l.state = 'waiting' AND l.organisation_id = s.organisation_id AND l.app_id > s.app_id
                ORDER BY l.app_id LIMIT 1)
            FROM sender s WHERE s.app_id IS NOT NULL
        ), best(organisation_id, app_id, lane) AS MATERIALIZED (
            SELECT s.organisation_id, s.app_id, COALESCE({DueInLane}0 LIMIT 1), {DueInLane}1 LIMIT 1), {DueInLane}2 LIMIT 1))
            FROM sender s JOIN app a ON a.organisation_id = s.organisation_id AND a.id = s.app_id
            WHERE a.state NOT IN ('draft', 'paused', 'retired', 'gone') AND NOT ({Ownerships.IsTheirs})
        )
        SELECT organisation_id, app_id, lane FROM best WHERE lane IS NOT NULL
        """,
        new { now, others });

    public static DateTimeOffset? NextDue(Tx tx, DateTimeOffset after)
    {
        var milliseconds = tx.Across("claims").One<long?>(
            """
            -- across: claims
            SELECT MIN(due_at) FROM letter WHERE state = 'waiting' AND due_at > @after
            """,
            new { after });
        return milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
    }

    private sealed record Numbered
    {
        public required Guid LetterId { get; init; }
        public required long Number { get; init; }
    }

    private sealed record Waiting
    {
        public required Guid LetterId { get; init; }
        public required string Address { get; init; }
    }

    private sealed record Mark(ClaimedLetter Letter, long Epoch, DateTimeOffset Until) : IRow
    {
        public void TellTo(IValues values)
        {
            values.Add("id", Letter.Id);
            values.Add("app", Letter.AppId);
            values.Add("epoch", Epoch);
            values.Add("attempts", Letter.Row.Attempts);
            values.Add("until", Until);
        }
    }
}
