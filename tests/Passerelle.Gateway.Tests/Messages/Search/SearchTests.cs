using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Messages.Search;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Reading;
using Passerelle.Gateway.Tests.Store;

namespace Passerelle.Gateway.Tests.Messages.Search;

public sealed class SqliteSearchTests : SearchTests
{
    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresSearchTests : SearchTests
{
    protected override async Task<string?> DatabaseAsync() => await PostgresServer.NewDatabaseAsync();
}

/// <summary>What people find, on either store.</summary>
public abstract class SearchTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    protected abstract Task<string?> DatabaseAsync();

    [Fact]
    public async Task A_message_is_found_by_everything_that_people_remember_of_it()
    {
        await using var bench = await OpenAsync();
        var lamp = await bench.ArriveAsync(Written.Mail(id: "lamp-1@fabrikam.example", from: "Ann Béll <ann@fabrikam.example>", subject: "The blue lamp", text: "Où est ma commande? The shade is broken."));
        var sofa = await bench.ArriveAsync(Written.Mail(id: "sofa.2@adatum.example", from: "Carla <carla@adatum.example>", subject: "A sofa", text: "Is the lamp blue, or is the broken shade the lamp's?"));
        var tokyo = await bench.ArriveAsync(Written.Mail(id: "jp@adatum.example", from: "花子 <hanako@adatum.example>", subject: "注文について", text: "東京都の注文はまだ届きません。배송이 늦습니다"));

        await FoundAsync(bench, "lamp", sofa, lamp);
        await FoundAsync(bench, "LAMP bróken", sofa, lamp);
        await FoundAsync(bench, "commande", lamp);
        await FoundAsync(bench, "\"blue lamp\"", lamp);
        await FoundAsync(bench, "lamp -sofa", lamp);
        await FoundAsync(bench, "comm*", lamp);
        await FoundAsync(bench, "from:bell", lamp);
        await FoundAsync(bench, "from:ann@fabrikam.example", lamp);
        await FoundAsync(bench, "from:adatum", tokyo, sofa);
        await FoundAsync(bench, "subject:lamp", lamp);
        await FoundAsync(bench, "objet:\"blue lamp\"", lamp);
        await FoundAsync(bench, "<lamp-1@fabrikam.example>", lamp);
        await FoundAsync(bench, "id:sofa.2@adatum.example", sofa);
        await FoundAsync(bench, "東京", tokyo);
        await FoundAsync(bench, "注文", tokyo);
        await FoundAsync(bench, "都", tokyo);
        await FoundAsync(bench, "京文");
        await FoundAsync(bench, "배송", tokyo);
        await FoundAsync(bench, "from:花子", tokyo);
        await FoundAsync(bench, "nothing-like-that");
        await FoundAsync(bench, "-lamp", tokyo);
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("\"\"\"")]
    [InlineData("lamp\"")]
    [InlineData("AND OR NOT NEAR")]
    [InlineData("NEAR(a b, 5)")]
    [InlineData("( [ { } ] )")]
    [InlineData("* ^ ~ : - + | & ! ' \\ %")]
    [InlineData("words:x from: subject: id:")]
    [InlineData("{sender} : lamp")]
    [InlineData("scope:\"o\"")]
    [InlineData("'x':A & !'y'")]
    [InlineData("-")]
    [InlineData("--x")]
    [InlineData("a*b* ***")]
    [InlineData("\0 \ud800 \u202e \ufffe")]
    public async Task Nothing_that_is_typed_breaks_a_search(string typed)
    {
        await using var bench = await OpenAsync();
        await bench.ArriveAsync(Written.Mail());
        Assert.InRange((await FindAsync(bench, new SearchOrder(SearchQuery.Of(typed)))).Lines.Count, 0, 1);
    }

    [Fact]
    public async Task App_kind_and_days_narrow_a_search()
    {
        await using var bench = await OpenAsync();
        var first = await bench.ArriveAsync(Written.Mail(id: "1@fabrikam.example"));
        bench.Temp.Time.Advance(TimeSpan.FromDays(2));
        var second = await bench.ArriveAsync(Written.Mail(id: "2@fabrikam.example", subject: "Away", headers: "Auto-Submitted: auto-replied"));
        var day = DateOnly.FromDateTime(first.ReceivedAt.UtcDateTime);
        var all = SearchQuery.Of("");

        Assert.Equal([first.Id], Ids(await FindAsync(bench, new SearchOrder(all, Until: day))));
        Assert.Equal([second.Id], Ids(await FindAsync(bench, new SearchOrder(all, Since: day.AddDays(1)))));
        Assert.Equal([second.Id, first.Id], Ids(await FindAsync(bench, new SearchOrder(all, Since: day, Until: day.AddDays(2)))));
        Assert.Empty(Ids(await FindAsync(bench, new SearchOrder(all, Since: day.AddDays(3)))));
        Assert.Equal([second.Id], Ids(await FindAsync(bench, new SearchOrder(all, Kind: "auto-reply"))));
        Assert.Equal([first.Id], Ids(await FindAsync(bench, new SearchOrder(SearchQuery.Of("order"), bench.App, "human"))));
        Assert.Empty(Ids(await FindAsync(bench, new SearchOrder(SearchQuery.Of("order"), Guid.CreateVersion7()))));
    }

    [Fact]
    public async Task Pages_of_a_search_run_from_the_newest_to_the_oldest_without_gap_or_repeat()
    {
        await using var bench = await OpenAsync();
        for (var i = 0; i < 7; i++) await bench.ArriveAsync(Written.Mail(id: $"{i}@fabrikam.example")); // within one millisecond of the clock
        var seen = new List<Guid>();
        Guid? before = null;
        do
        {
            var page = await FindAsync(bench, new SearchOrder(SearchQuery.Of("order")), before, 3);
            seen.AddRange(Ids(page));
            before = page.Next;
        }
        while (before is not null);
        Assert.Equal(7, seen.Distinct().Count());
        Assert.Equal(seen.OrderDescending(), seen);
    }

    /// <summary>PostgreSQL looks through the newest ones first, and asks its index for the rest, or for all: each way gives the same pages.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(4, 25)]
    [InlineData(10, 1_000)]
    [InlineData(1_000, 1_000)]
    public async Task Pages_are_those_of_a_reader_of_all_messages_however_far_the_newest_are_looked_through(int first, int most)
    {
        await using var bench = await OpenAsync();
        const int Count = 50;
        (string Word, Func<int, bool> IsSaid)[] said =
        [
            ("every", _ => true), ("third", i => i % 3 == 0), ("tenth", i => i % 10 == 0), ("oldest", i => i < 2), ("early", i => i < 20), ("late", i => i > 45),
            ("middle", i => i is > 20 and < 30),
        ];
        string Words(int i) => string.Join(' ', said.Where(one => one.IsSaid(i)).Select(one => one.Word));
        var messages = new List<Message>();
        for (var i = 0; i < Count; i++)
        {
            messages.Add(await bench.ArriveAsync(Written.Mail(id: $"{i}@fabrikam.example", subject: Words(i), text: i % 4 == 0 ? "fourth" : "other")));
            bench.Temp.Time.Advance(TimeSpan.FromSeconds(i % 5 == 0 ? 0 : 40));
        }
        await QuarantineAsync(bench, messages.Where((_, i) => i % 7 == 0));

        foreach (var (typed, isMeant) in ((string, Func<int, bool>)[])
            [
                ("every", _ => true), ("third", i => i % 3 == 0), ("tenth", i => i % 10 == 0), ("oldest", i => i < 2), ("subject:early", i => i < 20), ("late", i => i > 45),
                ("middle", i => i is > 20 and < 30), ("fourth -third", i => i % 4 == 0 && i % 3 != 0), ("\"every third tenth\"", i => i % 30 == 0), ("ear* fourth", i => i < 20 && i % 4 == 0),
                ("from:ann", _ => true), ("nothing", _ => false), ("subject:fourth", _ => false),
            ])
        {
            foreach (var (limit, quarantined) in ((int, bool)[])[(1, false), (7, false), (Count, false), (3, true)])
            {
                var wanted = messages.Where((_, i) => isMeant(i) && i % 7 == 0 == quarantined).Select(message => message.Id).Reverse().ToList();
                var order = new SearchOrder(SearchQuery.Of(typed), Quarantined: quarantined);
                Assert.Equal(wanted, await AllAsync(bench, order, limit, new SearchReach(first, most)));
            }
        }
    }

    [Fact]
    public async Task Another_organisation_finds_nothing()
    {
        await using var bench = await OpenAsync();
        var message = await bench.ArriveAsync(Written.Mail());
        var other = await bench.Temp.OrganisationAsync("Fabrikam");
        var search = new MessageSearch(bench.Store, bench.Messages);
        foreach (var typed in new[] { "order", "-nothing", $"o{bench.Organisation:N}", "subject:question" })
            Assert.Empty((await search.FindAsync(other, new SearchOrder(SearchQuery.Of(typed)), null, 10, Cancel)).Lines);
        Assert.Empty((await search.FindAsync(other, new SearchOrder(SearchQuery.Of(""), bench.App, "human"), null, 10, Cancel)).Lines);
        Assert.Empty((await search.FindAsync(other, new SearchOrder(SearchQuery.Of("order")), message.Id, 10, Cancel)).Lines);
    }

    [Fact]
    public async Task What_is_gone_is_found_no_longer_and_what_lost_its_text_by_its_sender_and_subject_only()
    {
        await using var bench = await OpenAsync();
        var gone = await bench.ArriveAsync(Written.Mail(id: "1@fabrikam.example"));
        var silent = await bench.ArriveAsync(Written.Mail(id: "2@fabrikam.example", from: "Ann Béll <ann@fabrikam.example>"));
        await bench.Store.WriteAsync(
            Lane.Work,
            tx =>
            {
                tx.For(bench.Organisation).Execute("DELETE FROM message WHERE organisation_id = @organisation AND id = @Id", new { gone.Id });
                tx.For(bench.Organisation).Execute("UPDATE message SET text = '', html = '' WHERE organisation_id = @organisation AND id = @Id", new { silent.Id });
                return true;
            },
            Cancel);
        await FoundAsync(bench, "order");
        await FoundAsync(bench, "-nothing", silent);
        await FoundAsync(bench, "from:ann@fabrikam.example", silent);
        await FoundAsync(bench, "subject:question", silent);
        await FoundAsync(bench, "id:2@fabrikam.example", silent);
        Assert.Equal((1, 1), (await bench.CountAsync("message_search"), await bench.CountAsync("message_words")));
    }

    [Fact]
    public async Task Messages_of_an_earlier_release_become_findable_once()
    {
        await using var bench = await OpenAsync();
        var (one, two) = (await bench.ArriveAsync(Written.Mail(id: "1@fabrikam.example")), await bench.ArriveAsync(Written.Mail(id: "2@fabrikam.example")));
        await bench.Store.WriteAsync(Lane.Work, tx => tx.Across("a test forgets").Execute("DELETE FROM message_words") + tx.Across("a test forgets").Execute("DELETE FROM message_search"), Cancel);
        await FoundAsync(bench, "order");

        var catchUp = new SearchCatchUp(bench.Store, bench.Temp.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger<SearchCatchUp>.Instance);
        Assert.Equal(2, await catchUp.CatchUpAsync(Cancel));
        await FoundAsync(bench, "order", two, one);
        Assert.Equal(0, await catchUp.CatchUpAsync(Cancel));
    }

    private static Task QuarantineAsync(InboundBench bench, IEnumerable<Message> messages) => bench.Store.WriteAsync(
        Lane.Work,
        tx => messages.Sum(one => tx.For(bench.Organisation).Execute("UPDATE message SET state = 'quarantined' WHERE organisation_id = @organisation AND id = @Id", new { one.Id })),
        Cancel);

    /// <summary>From the first page to the last.</summary>
    private static async Task<List<Guid>> AllAsync(InboundBench bench, SearchOrder order, int limit, SearchReach reach)
    {
        var all = new List<Guid>();
        Guid? before = null;
        while (await bench.Store.ReadAsync(tx => SearchRows.Find(tx, bench.Organisation, order, before, limit, reach), Cancel) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, limit);
            all.AddRange(page.Select(line => line.Id));
            before = all[^1];
        }
        return all;
    }

    private async Task<InboundBench> OpenAsync() => await InboundBench.OpenAsync(postgres: await DatabaseAsync());

    private static IEnumerable<Guid> Ids(MessagePage page) => page.Lines.Select(line => line.Id);

    private static Task<MessagePage> FindAsync(InboundBench bench, SearchOrder order, Guid? before = null, int limit = 50) =>
        new MessageSearch(bench.Store, bench.Messages).FindAsync(bench.Organisation, order, before, limit, Cancel);

    private static async Task FoundAsync(InboundBench bench, string typed, params Message[] wanted)
    {
        var found = Ids(await FindAsync(bench, new SearchOrder(SearchQuery.Of(typed)))).ToList();
        Assert.True(wanted.Select(message => message.Id).SequenceEqual(found), $"{typed}: {found.Count} found");
    }
}
