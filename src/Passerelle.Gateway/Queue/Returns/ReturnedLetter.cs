using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue.Returns;

/// <summary>How a return found its letter, the surest first.</summary>
internal enum MatchedBy
{
    /// <summary>By the Message-ID that we gave it.</summary>
    Id,

    /// <summary>By the Message-ID that a server gave it instead.</summary>
    OtherId,

    /// <summary>By our own id, somewhere in what came back.</summary>
    Mention,

    /// <summary>By recipient, subject and time: likely, and no proof.</summary>
    Recipient,
}

/// <summary>The letter that a return is about.</summary>
internal sealed record ReturnedLetter(Guid LetterId, MatchedBy By)
{
    /// <summary>Longest that servers try before they give up (RFC 5321 §4.5.4.1 says 4 to 5 days), and a little.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private const int MostCandidates = 200;

    /// <returns>Null when it is about no letter of the app, or about one of several and nothing says which.</returns>
    public static ReturnedLetter? Find(Tx tx, Guid organisationId, Guid appId, ReturnHints hints)
    {
        var sql = tx.For(organisationId);
        foreach (var id in hints.InternetIds)
        {
            if (First(sql, "SELECT id FROM letter WHERE organisation_id = @organisation AND app_id = @appId AND internet_id = @id", new { appId, id }) is { } letter)
                return new(letter, MatchedBy.Id);
        }
        foreach (var id in hints.InternetIds)
        {
            if (First(sql, "SELECT letter_id FROM letter_alias WHERE organisation_id = @organisation AND app_id = @appId AND internet_id = @id", new { appId, id }) is { } letter)
                return new(letter, MatchedBy.OtherId);
        }
        foreach (var id in hints.Mentioned)
        {
            if (First(sql, "SELECT id FROM letter WHERE organisation_id = @organisation AND app_id = @appId AND id = @id", new { appId, id }) is { } letter)
                return new(letter, MatchedBy.Mention);
        }
        return ByRecipient(sql, appId, hints) is { } likely ? new(likely, MatchedBy.Recipient) : null;
    }

    /// <summary>The one letter that went to all whom the return names; of several, the one whose subject it repeats.</summary>
    private static Guid? ByRecipient(Sql sql, Guid appId, ReturnHints hints)
    {
        if (hints.Recipients.FirstOrDefault(one => one.Address.Length > 0) is not { } named) return null;
        var candidates = sql.List<Candidate>(
            """
            SELECT l.id, l.subject FROM letter_recipient r
            JOIN letter l ON l.organisation_id = r.organisation_id AND l.id = r.letter_id
            WHERE r.organisation_id = @organisation AND lower(r.address) = @Address AND l.app_id = @appId AND r.outcome = 'accepted'
              AND l.created_at >= @since AND l.created_at <= @ReceivedAt
            ORDER BY l.id DESC LIMIT @limit
            """,
            new { named.Address, appId, since = hints.ReceivedAt - Longest, hints.ReceivedAt, limit = MostCandidates });
        if (candidates is [var only]) return only.Id;
        var told = candidates.Where(one => one.Subject.Length > 0 && hints.Subject.Contains(one.Subject, StringComparison.OrdinalIgnoreCase)).ToList();
        var longest = told.Select(one => one.Subject.Length).DefaultIfEmpty().Max();
        return told.FindAll(one => one.Subject.Length == longest) is [var one] ? one.Id : null;
    }

    private static Guid? First(Sql sql, string statement, object values) => sql.List<Guid>(statement, values) is [var id, ..] ? id : null;

    private sealed record Candidate
    {
        public required Guid Id { get; init; }
        public required string Subject { get; init; }
    }
}
