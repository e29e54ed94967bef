using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Polling.Doubts;

/// <summary>A letter that may have left and may not (design §8.3), and what its copy is known by.</summary>
internal sealed record DoubtfulLetter
{
    public required Guid OrganisationId { get; init; }
    public required Guid AppId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>Message-ID with angle brackets, as we wrote it.</summary>
    public required string InternetId { get; init; }

    /// <summary>What looking has come to until now.</summary>
    public required string Evidence { get; init; }

    /// <summary>The end of the attempt that left it in doubt.</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <summary>The SQL of letters in doubt.</summary>
internal static class DoubtRows
{
    private const int Witnesses = 3;

    /// <summary>In doubt since <paramref name="after"/>, of apps whose mailbox may be looked into.</summary>
    public static List<DoubtfulLetter> List(Tx tx, DateTimeOffset after, int limit) => tx.Across("letters in doubt").List<DoubtfulLetter>(
        """
        -- across: letters in doubt
        SELECT l.organisation_id, l.app_id, l.id, l.internet_id, l.evidence, (SELECT MAX(t.ended_at) FROM attempt t
            WHERE t.organisation_id = l.organisation_id AND t.letter_id = l.id) AS since FROM letter l
        JOIN app a ON a.organisation_id = l.organisation_id AND a.id = l.app_id
        WHERE l.state = 'unclear' AND a.state IN ('connected', 'degraded', 'broken')
          AND (SELECT MAX(t.ended_at) FROM attempt t WHERE t.organisation_id = l.organisation_id AND t.letter_id = l.id) > @after LIMIT @limit
        """,
        new { after, limit });

    /// <summary>
    /// Message-IDs of letters that the same server took after this one was in doubt, as we wrote them: where a server gives its own
    /// ids instead, none of these will be found, and a missing copy proves nothing.
    /// </summary>
    public static List<string> Later(Tx tx, DoubtfulLetter letter) => tx.For(letter.OrganisationId).List<string>(
        """
        SELECT l.internet_id FROM attempt t JOIN letter l ON l.organisation_id = t.organisation_id AND l.id = t.letter_id
        WHERE t.organisation_id = @organisation AND t.app_id = @AppId AND t.started_at > @Since AND t.outcome = 'accepted' AND l.state = 'settled'
        ORDER BY t.started_at LIMIT @Witnesses
        """,
        new { letter.AppId, letter.Since, Witnesses });

    public static int Note(Tx tx, DoubtfulLetter letter, string evidence) => tx.For(letter.OrganisationId).Execute(
        "UPDATE letter SET evidence = @evidence WHERE organisation_id = @organisation AND id = @Id AND state = 'unclear'", new { letter.Id, evidence });
}
