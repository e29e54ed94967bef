using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Store;

/// <summary>What a store promises, written once and run on both.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    private protected StoreFolder Folder { get; private set; } = null!; // set before the first test
    private protected IStore Store { get; private set; } = null!; // likewise
    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract Task<StoreFolder> NewFolderAsync();

    public async ValueTask InitializeAsync()
    {
        Folder = await NewFolderAsync();
        Store = Folder.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await Folder.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_a_write_returns_is_there_for_the_next_read()
    {
        Assert.Equal(1, await PutAsync("a", "1"));
        Assert.Equal("1", await GetAsync("a"));
    }

    [Fact]
    public async Task A_delegate_that_throws_undoes_its_own_statements_only()
    {
        var writes = Enumerable.Range(0, 20).Select(n => Store.WriteAsync(Lane.Work, tx => n == 7 ? Broken(tx) : Put(tx, $"n{n}", "x"), Cancel)).ToList();

        await Assert.ThrowsAsync<FormatException>(() => writes[7]);
        foreach (var (n, write) in writes.Index().Where(each => each.Index != 7)) Assert.Equal(1, await write);
        Assert.Equal(19, await CountAsync());

        static int Broken(Tx tx)
        {
            Put(tx, "half", "done");
            throw new FormatException("k of n");
        }
    }

    [Fact]
    public async Task A_statement_that_fails_reaches_its_own_caller_only()
    {
        await PutAsync("taken", "1");
        var writes = Enumerable.Range(0, 10).Select(n => PutAsync(n == 4 ? "taken" : $"n{n}", "2")).ToList();

        var failure = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => writes[4]);
        Assert.Contains("installation", failure.Message, StringComparison.OrdinalIgnoreCase);
        await Task.WhenAll(writes.Where((_, n) => n != 4));
        Assert.Equal(10, await CountAsync());
        Assert.Equal("1", await GetAsync("taken"));
    }

    [Fact]
    public async Task A_write_cancelled_while_it_waits_writes_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Store.WriteAsync(Lane.Work, tx => Put(tx, "late", "1"), cancelled.Token));
        Assert.Null(await GetAsync("late"));
    }

    [Fact]
    public async Task A_delegate_that_would_go_on_after_its_transaction_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.WriteAsync(Lane.Work, _ => Task.CompletedTask, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ReadAsync(_ => Task.FromResult(1), Cancel));
    }

    [Fact]
    public async Task A_read_cannot_write()
    {
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Store.ReadAsync(tx => Put(tx, "x", "1"), Cancel));
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_read_sees_one_moment_while_others_write()
    {
        using var written = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var read = Store.ReadAsync(
            tx =>
            {
                var before = Count(tx);
                begun.Set();
                written.Wait(Cancel);
                return (before, after: Count(tx));
            },
            Cancel);
        await Task.Run(() => begun.Wait(Cancel), Cancel);
        await PutAsync("a", "1");
        written.Set();

        Assert.Equal((0, 0), await read);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_read_that_takes_too_long_is_interrupted_and_the_next_one_works()
    {
        const string endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 - 1 FROM n) SELECT COUNT(*) FROM n";
        await Assert.ThrowsAsync<TimeoutException>(() => Store.ReadAsync(tx => tx.Across("test").One<long>(endless), Cancel));
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Closing_finishes_what_was_taken_and_takes_nothing_more()
    {
        var writes = Enumerable.Range(0, 200).Select(n => PutAsync($"n{n}", "x")).ToList();
        await Store.DisposeAsync();

        var settled = 0;
        foreach (var write in writes)
        {
            try
            {
                settled += await write;
            }
            catch (ObjectDisposedException)
            {
                // not taken: its caller knows
            }
        }
        await Assert.ThrowsAsync<ObjectDisposedException>(() => PutAsync("late", "x"));
        var again = Folder.Open();
        Assert.Equal(settled, await again.ReadAsync(Count, Cancel));
    }

    [Fact]
    public async Task A_second_start_keeps_what_the_first_wrote()
    {
        await PutAsync("a", "1");
        await Store.DisposeAsync();
        await using var again = Folder.Open();
        Assert.Equal("1", await again.ReadAsync(tx => Get(tx, "a"), Cancel));
    }

    [Fact]
    public async Task A_store_of_a_later_release_is_refused_by_name()
    {
        await Store.WriteAsync(
            Lane.Work,
            tx => tx.Across("test").Execute("INSERT INTO migration (number, name, release, applied_at) VALUES (9999, '9999-future', '7.8.9', 0)"),
            Cancel);
        await Store.DisposeAsync();

        var refusal = Assert.Throws<StoreIsNewer>(Folder.Open);
        Assert.Contains("7.8.9", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"this is {Migrations.Release}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_instants_numbers_booleans_bytes_and_lists_come_back_as_they_went()
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_900_000_000_123);
        var (organisation, flow) = (Guid.CreateVersion7(at), Guid.CreateVersion7(at));
        var found = await Store.WriteAsync(
            Lane.Work,
            tx =>
            {
                tx.For(organisation).Execute(
                    """
                    INSERT INTO flow (organisation_id, id, name, draft, published_version, paused, version, created_at)
                    VALUES (@organisation, @flow, 'n', '{}', 3, @paused, 4, @at)
                    """,
                    new { flow, paused = true, at });
                return tx.For(organisation).One<FlowRow>(
                    """
                    SELECT organisation_id, id, name, paused, version, created_at FROM flow
                    WHERE organisation_id = @organisation AND id = @flow AND name IN @names
                    """,
                    new { flow, names = new[] { "m", "n" } });
            },
            Cancel);
        Assert.Equal(new FlowRow { OrganisationId = organisation, Id = flow, Name = "n", Paused = true, Version = 4, CreatedAt = at }, found);
    }

    [Fact]
    public async Task One_transaction_may_serve_two_organisations_and_neither_sees_the_other()
    {
        var now = DateTimeOffset.UnixEpoch;
        var (ours, theirs) = (Guid.CreateVersion7(now), Guid.CreateVersion7(now));
        await Store.WriteAsync(Lane.Receipts, tx => PutRaw(tx, ours, 1) + PutRaw(tx, theirs, 2), Cancel);

        Assert.Equal([1L], await Store.ReadAsync(tx => Sizes(tx, ours), Cancel));
        Assert.Equal([2L], await Store.ReadAsync(tx => Sizes(tx, theirs), Cancel));

        static int PutRaw(Tx tx, Guid organisation, int size) => tx.For(organisation).Execute(
            """
            INSERT INTO raw_mail (organisation_id, id, size, sha256, content, created_at)
            VALUES (@organisation, @organisation, @size, @content, @content, 0)
            """,
            new { size, content = new byte[size] });
        static List<long> Sizes(Tx tx, Guid organisation) =>
            tx.For(organisation).List<long>("SELECT size FROM raw_mail WHERE organisation_id = @organisation");
    }

    private protected Task<int> PutAsync(string name, string value) => Store.WriteAsync(Lane.Work, tx => Put(tx, name, value), Cancel);
    private protected Task<string?> GetAsync(string name) => Store.ReadAsync(tx => Get(tx, name), Cancel);
    private protected Task<long> CountAsync() => Store.ReadAsync(Count, Cancel);

    private protected static int Put(Tx tx, string name, string value) => tx.Across("global").Execute(
        "INSERT INTO installation (name, value) VALUES (@name, @value)", new { name, value });

    private protected static string? Get(Tx tx, string name) =>
        tx.Across("global").One<string>("SELECT value FROM installation WHERE name = @name", new { name });

    private protected static long Count(Tx tx) => tx.Across("global").One<long>("SELECT COUNT(*) FROM installation");

    private sealed record FlowRow
    {
        public Guid OrganisationId { get; init; }
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public bool Paused { get; init; }
        public long Version { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
    }
}
