using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Messages.Search;

/// <summary>The SQL of tables <c>message_search</c> and <c>message_words</c>, within the caller's transaction. Triggers of the store remove
/// the words of a message that goes, or whose text goes.</summary>
internal static class SearchRows
{
    /// <summary>Numbers that one millisecond has.</summary>
    private const long InOneMillisecond = 256;

    /// <summary>Makes the message findable.</summary>
    public static void Insert(Tx tx, Message message, SearchEntry entry)
    {
        var sql = tx.For(message.OrganisationId);
        var number = FirstOf(message.ReceivedAt) + message.Id.ToByteArray(bigEndian: true)[7]; // counts within a millisecond
        while (sql.Execute(
            """
            INSERT INTO message_search (organisation_id, number, message_id) VALUES (@organisation, @number, @Id)
            ON CONFLICT (number) DO NOTHING
            """,
            new { number, message.Id }) == 0)
        {
            number++; // another message has it
        }
        if (tx.IsPostgres) sql.Execute("INSERT INTO message_words (number, words) VALUES (@number, @words::tsvector)", new { number, words = SearchLanguage.Vector(entry) });
        else
        {
            sql.Execute(
                "INSERT INTO message_words (rowid, scope, sender, subject, ids, words) VALUES (@number, @Scope, @Sender, @Subject, @Ids, @Words)",
                new { number, entry.Scope, entry.Sender, entry.Subject, entry.Ids, entry.Words });
        }
    }

    public static bool IsFindable(Tx tx, Guid organisationId, Guid messageId) => tx.For(organisationId).One<long>(
        "SELECT COUNT(*) FROM message_search WHERE organisation_id = @organisation AND message_id = @messageId", new { messageId }) > 0;

    /// <summary>Newest first.</summary>
    /// <param name="before">A message; null: from the newest.</param>
    /// <param name="reach">Of PostgreSQL, whose index has no order; what is found does not depend on it.</param>
    public static List<MessageLine> Find(Tx tx, Guid organisationId, SearchOrder order, Guid? before, int limit, SearchReach reach)
    {
        var from = order.Since is { } since ? FirstOf(Midnight(since)) : 0;
        var to = order.Until is { } until && until < DateOnly.MaxValue ? FirstOf(Midnight(until.AddDays(1))) : long.MaxValue;
        if (before is { } last) to = Math.Min(to, NumberOf(tx, organisationId, last));
        var sql = tx.For(organisationId);
        if (!tx.IsPostgres)
        {
            return sql.List<MessageLine>(
                order.Quarantined ? $"{OnSqlite} AND m.state = 'quarantined' {NewestOnSqlite}" : $"{OnSqlite} AND m.state <> 'quarantined' {NewestOnSqlite}",
                new { match = SearchLanguage.ForSqlite(organisationId, order), from, to, limit });
        }
        var words = new PostgresWords(tx, SearchLanguage.ForPostgres(organisationId, order), SearchLanguage.HeadsForPostgres(order), from, reach);
        var found = new List<MessageLine>();
        while (words.Below(to, limit) is { Count: > 0 } numbers)
        {
            found.AddRange(sql.List<MessageLine>(order.Quarantined ? QuarantinedOfNumbers : OfNumbers, new { numbers }));
            if (found.Count >= limit || numbers.Count < limit) break;
            to = numbers[^1];
        }
        return found.Count > limit ? found.GetRange(0, limit) : found;
    }

    private const string NewestOnSqlite = "ORDER BY message_words.rowid DESC LIMIT @limit";

    /// <summary>The words come first: the index of words bounds what is read, and gives it in the order of its numbers.</summary>
    private const string OnSqlite = $"""
        SELECT {StoredMessages.LineColumns}
        FROM message_words CROSS JOIN message_search s ON s.organisation_id = @organisation AND s.number = message_words.rowid
             CROSS JOIN message m ON m.organisation_id = @organisation AND m.id = s.message_id
        WHERE message_words MATCH @match AND message_words.rowid >= @from AND message_words.rowid < @to
        """;

    private const string OnPostgres = $"""
        SELECT {StoredMessages.LineColumns}
        FROM message_search s JOIN message m ON m.organisation_id = @organisation AND m.id = s.message_id
        WHERE s.organisation_id = @organisation AND s.number IN @numbers
        """;

    private const string OfNumbers = $"{OnPostgres} AND m.state <> 'quarantined' ORDER BY s.number DESC";
    private const string QuarantinedOfNumbers = $"{OnPostgres} AND m.state = 'quarantined' ORDER BY s.number DESC";

    /// <summary>Of a message that has gone meanwhile: where its id says that it was.</summary>
    private static long NumberOf(Tx tx, Guid organisationId, Guid messageId) => tx.For(organisationId).List<long>(
        "SELECT number FROM message_search WHERE organisation_id = @organisation AND message_id = @messageId", new { messageId }) is [var number]
        ? number
        : FirstOf(DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(messageId.ToString("N")[..12], 16) % (1L << 46)));

    private static long FirstOf(DateTimeOffset at) => Math.Max(0, at.ToUnixTimeMilliseconds()) * InOneMillisecond;

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
