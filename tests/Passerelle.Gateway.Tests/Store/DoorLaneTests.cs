using System.Data.Common;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Store;

/// <summary>Mail at the door shares transactions, and nobody's trouble.</summary>
public sealed class DoorLaneTests
{
    private const int Mails = 200;
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_many_at_the_door_only_the_one_whose_statement_fails_hears_of_it(string kind)
    {
        await using var folder = await FolderAsync(kind);
        var store = folder.Open();
        await PutAsync(store, "taken");
        var writes = Enumerable.Range(0, Mails).Select(n => PutAsync(store, n == 77 ? "taken" : $"n{n}")).ToList();

        await Assert.ThrowsAnyAsync<DbException>(() => writes[77]);
        await Task.WhenAll(writes.Where((_, n) => n != 77));
        Assert.Equal(Mails, await CountAsync(store));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_many_at_the_door_one_that_throws_half_way_leaves_nothing_and_the_others_are_kept(string kind)
    {
        await using var folder = await FolderAsync(kind);
        var store = folder.Open();
        var writes = Enumerable.Range(0, Mails).Select(n => store.WriteAsync(Lane.Receipts, tx => n == 77 ? Broken(tx) : Put(tx, $"n{n}"), Cancel)).ToList();

        await Assert.ThrowsAsync<FormatException>(() => writes[77]);
        await Task.WhenAll(writes.Where((_, n) => n != 77));
        Assert.Equal(Mails - 1, await CountAsync(store));

        static int Broken(Tx tx)
        {
            Put(tx, "half");
            throw new FormatException("k of n");
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_question_sees_what_was_put_before_it_in_the_same_delegate(string kind)
    {
        await using var folder = await FolderAsync(kind);
        var store = folder.Open();
        var seen = await store.WriteAsync(
            Lane.Receipts,
            tx =>
            {
                Put(tx, "a");
                Put(tx, "b");
                return tx.Across("test").One<long>("SELECT COUNT(*) FROM installation");
            },
            Cancel);
        Assert.Equal(2, seen);
    }

    [Fact]
    public async Task On_PostgreSQL_many_at_the_door_are_few_transactions()
    {
        await using var folder = await StoreFolder.OnPostgresAsync();
        var store = folder.Open();
        await Task.WhenAll(Enumerable.Range(0, Mails).Select(n => PutAsync(store, $"n{n}")));

        var transactions = await store.ReadAsync(tx => tx.Across("test").One<long>("SELECT COUNT(DISTINCT xmin::text) FROM installation"), Cancel);
        Assert.InRange(transactions, 1, Mails / 2);
    }

    [Fact]
    public async Task On_PostgreSQL_what_was_taken_at_the_door_is_finished_before_the_store_closes()
    {
        await using var folder = await StoreFolder.OnPostgresAsync();
        var store = folder.Open();
        var writes = Enumerable.Range(0, Mails).Select(n => PutAsync(store, $"n{n}")).ToList();
        await store.DisposeAsync();

        await Task.WhenAll(writes);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => PutAsync(store, "late"));
        Assert.Equal(Mails, await CountAsync(folder.Open()));
    }

    private static Task<StoreFolder> FolderAsync(string kind) =>
        kind == "sqlite" ? Task.FromResult(StoreFolder.OnSqlite()) : StoreFolder.OnPostgresAsync();

    private static Task<int> PutAsync(IStore store, string name) => store.WriteAsync(Lane.Receipts, tx => Put(tx, name), Cancel);

    private static int Put(Tx tx, string name)
    {
        tx.Across("test").Put("INSERT INTO installation (name, value) VALUES (@name, 'x')", new Named(name));
        return 1;
    }

    private sealed record Named(string Name) : IRow
    {
        public void TellTo(IValues values) => values.Add("name", Name);
    }

    private static Task<long> CountAsync(IStore store) =>
        store.ReadAsync(tx => tx.Across("test").One<long>("SELECT COUNT(*) FROM installation"), Cancel);
}
