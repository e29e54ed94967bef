using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Conversations;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Messages.Search;
using Passerelle.Gateway.Portal;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Reading;
using Passerelle.Gateway.Tests.Store;

namespace Passerelle.Gateway.Tests.Messages.Search;

/// <summary>However many messages there are: no search and no message page goes through a whole table.</summary>
public sealed class PlanTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    private static readonly SearchOrder[] Orders =
    [
        new(SearchQuery.Of("")),
        new(SearchQuery.Of("order")),
        new(SearchQuery.Of("\"my order\" -lamp from:ann subject:question id:<one@fabrikam.example> beg*")),
        new(SearchQuery.Of("-lamp"), Kind: "human"),
        new(SearchQuery.Of("order"), Guid.CreateVersion7(), "human", new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 1)),
        new(SearchQuery.Of(""), Guid.CreateVersion7()),
        new(SearchQuery.Of(""), Since: new DateOnly(2026, 1, 1)),
    ];

    [Fact]
    public async Task No_plan_of_search_and_message_page_scans_a_table_on_SQLite()
    {
        await using var bench = await InboundBench.OpenAsync();
        var watched = new WatchedStore(bench.Store, "EXPLAIN QUERY PLAN ");
        await LookAsync(bench, watched);
        Assert.True(watched.Seen.Count > 20, $"{watched.Seen.Count} statements were seen");
        var scans = watched.Seen.SelectMany(one => one.Plan.Where(IsScan).Select(line => $"{line}: {one.Sql}")).ToList();
        Assert.True(scans.Count == 0, string.Join("\n\n", scans));
    }

    /// <summary>The test above would see one.</summary>
    [Fact]
    public async Task A_scan_is_seen()
    {
        await using var bench = await InboundBench.OpenAsync();
        var watched = new WatchedStore(bench.Store, "EXPLAIN QUERY PLAN ");
        await watched.ReadAsync(tx => tx.For(bench.Organisation).List<long>("SELECT 1 FROM message WHERE organisation_id = @organisation OR subject = 'x'"), Cancel);
        await watched.ReadAsync(tx => tx.For(bench.Organisation).List<long>("SELECT rowid FROM message_words -- @organisation"), Cancel);
        Assert.All(watched.Seen, one => Assert.Contains(one.Plan, IsScan));
        Assert.Equal(2, watched.Seen.Count);
    }

    /// <summary>On so few rows PostgreSQL would rather scan: it is told how it would answer when that cost more.</summary>
    [Fact]
    public async Task No_plan_of_search_and_message_page_has_to_scan_a_table_on_PostgreSQL()
    {
        await using var bench = await InboundBench.OpenAsync(postgres: await PostgresServer.NewDatabaseAsync());
        var watched = new WatchedStore(new WithoutSeqScan(bench.Store), "EXPLAIN ");
        await LookAsync(bench, watched);
        Assert.True(watched.Seen.Count > 20, $"{watched.Seen.Count} statements were seen");
        var scans = watched.Seen.SelectMany(one => one.Plan.Where(line => line.Contains("Seq Scan", StringComparison.Ordinal)).Select(line => $"{line}: {one.Sql}")).ToList();
        Assert.True(scans.Count == 0, string.Join("\n\n", scans));
        Assert.Contains(watched.Seen.SelectMany(one => one.Plan), line => line.Contains("Bitmap Index Scan on message_words_words", StringComparison.Ordinal));
    }

    private static bool IsScan(string line) =>
        line.StartsWith("SCAN", StringComparison.Ordinal)
        && !line.Contains("CONSTANT ROW", StringComparison.Ordinal)
        && !(line.Contains("VIRTUAL TABLE INDEX", StringComparison.Ordinal) && line[line.LastIndexOf(':')..].Contains('M')); // M: by MATCH

    /// <summary>What the pages and the API read, from the first look to the last.</summary>
    private static async Task LookAsync(InboundBench bench, WatchedStore watched)
    {
        var messages = new StoredMessages(watched, new RawMails(watched));
        var search = new MessageSearch(watched, messages);
        for (var i = 0; i < 3; i++) await bench.ArriveAsync(Written.Mail(id: $"{i}@fabrikam.example"));
        var message = await bench.ArriveAsync(Written.Mail(id: "two@fabrikam.example", headers: "In-Reply-To: <1@fabrikam.example>"));
        foreach (var order in Orders)
        {
            await search.FindAsync(bench.Organisation, order, null, 50, Cancel);
            await search.FindAsync(bench.Organisation, order, message.Id, 50, Cancel);
            if (!order.IsList) await watched.ReadAsync(tx => SearchRows.Find(tx, bench.Organisation, order, null, 50, new SearchReach(0, 0)), Cancel); // what is seldom
        }
        var apps = new EmailApps(watched, bench.Temp.Sealer, bench.Temp.Installations, bench.Temp.Preset, bench.Temp.Time);
        await apps.ListAsync(bench.Organisation, Cancel);
        var app = await apps.FindAsync(bench.Organisation, bench.App, Cancel);
        var found = await messages.FindAsync(bench.Organisation, message.Id, Cancel);
        var attachments = await messages.AttachmentsAsync(bench.Organisation, message.Id, Cancel);
        Assert.NotEmpty((await MessageReading.OfAsync(found!, attachments, app, new MailSources(watched, new RawMails(watched)), Cancel)).Parts); // it has just come
        await messages.ThreadAsync(bench.Organisation, message.Id, Cancel);
        await messages.ConversationAsync(bench.Organisation, message.ConversationId, Cancel);
        await new ConversationNeighbours(watched).OfAsync(bench.Organisation, message.ConversationId, Cancel);
        await new AnswerLines(watched).OfAsync(bench.Organisation, message.Id, Cancel);
        await using var source = await messages.OpenSourceAsync(bench.Organisation, message.Id, Cancel);
    }

    /// <summary>Says so at the beginning of each transaction.</summary>
    private sealed class WithoutSeqScan(IStore inner) : IStore
    {
        public Task<T> WriteAsync<T>(Lane lane, Func<Tx, T> write, CancellationToken cancel) => inner.WriteAsync(lane, write, cancel);

        public Task<T> ReadAsync<T>(Func<Tx, T> read, CancellationToken cancel) => inner.ReadAsync(
            tx =>
            {
                tx.Across("a test").List<string>("SELECT set_config('enable_seqscan', 'off', true)");
                return read(tx);
            },
            cancel);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
