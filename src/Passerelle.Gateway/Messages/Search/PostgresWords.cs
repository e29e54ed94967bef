using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Messages.Search;

/// <summary>How many of the newest messages PostgreSQL looks through by themselves before it asks its index of words.</summary>
/// <param name="First">In any case.</param>
/// <param name="Long">Where the first of them say that the page is full within so many.</param>
internal sealed record SearchReach(int First, int Long)
{
    /// <summary>A thousand take about two milliseconds.</summary>
    public static SearchReach Usual { get; } = new(5_000, 50_000);
}

/// <summary>
/// Table <c>message_words</c> of PostgreSQL. Its index of words (GIN) knows no order: for a page it fetches and sorts every match there is. What many
/// messages say is therefore found by looking through the newest ones, and the index is asked for what few say, with a smaller one of senders and
/// subjects beside it. The statements touch this table alone,
/// and their inner halves are fenced (LIMIT, OFFSET 0), so that no estimate of how common a word is makes a plan that goes through everything.
/// </summary>
/// <param name="match">A tsquery; it names the organisation.</param>
/// <param name="heads">What of it is about senders and subjects; "" for nothing.</param>
/// <param name="from">The lowest number that is looked for.</param>
internal sealed class PostgresWords(Tx tx, string match, string heads, long from, SearchReach reach)
{
    private readonly Sql _sql = tx.Across("words of all organisations stand in one table, the match names one");
    private bool _isRare;

    /// <summary>The highest numbers below one, falling; fewer than the limit when there are no more.</summary>
    public List<long> Below(long to, int limit)
    {
        if (_isRare) return ByIndex(to, limit);
        var (found, looked) = (new List<long>(), 0);
        foreach (var most in (int[])[reach.First, reach.Long])
        {
            var rest = most - looked;
            if (rest <= 0) continue;
            found.AddRange(Among(to, rest, limit - found.Count));
            if (found.Count >= limit || LastOf(to, rest) is not { } last) return found;
            (to, looked) = (last, most);
            if ((long)found.Count * reach.Long < (long)limit * looked) break;
        }
        _isRare = true;
        found.AddRange(ByIndex(to, limit - found.Count));
        return found;
    }

    /// <summary>Those of the next so many that match.</summary>
    private List<long> Among(long to, int most, int limit) => _sql.List<long>(
        """
        SELECT number FROM (SELECT number, words FROM message_words WHERE number >= @from AND number < @to ORDER BY number DESC LIMIT @most) w
        WHERE words @@ @match::tsquery ORDER BY number DESC LIMIT @limit
        """,
        new { match, from, to, most, limit });

    /// <returns>Null when there are fewer than so many.</returns>
    private long? LastOf(long to, int most) => _sql.List<long>(
        "SELECT number FROM message_words WHERE number >= @from AND number < @to ORDER BY number DESC OFFSET @before LIMIT 1",
        new { from, to, before = most - 1 }) is [var last] ? last : null;

    private List<long> ByIndex(long to, int limit) => _sql.List<long>(heads.Length == 0 ? ByWords : ByHeads, new { match, heads, from, to, limit });

    private const string ByWords = $"SELECT number FROM (SELECT number FROM message_words WHERE words @@ @match::tsquery OFFSET 0) w {Newest}";
    private const string ByHeads = $$"""
        SELECT number FROM (SELECT number FROM message_words WHERE words @@ @match::tsquery AND ts_filter(words, '{a,b}') @@ @heads::tsquery OFFSET 0) w {{Newest}}
        """;

    private const string Newest = "WHERE number >= @from AND number < @to ORDER BY number DESC LIMIT @limit";
}
