using Microsoft.Data.Sqlite;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Store;

public sealed class SqliteStoreTests : StoreContract
{
    private protected override Task<StoreFolder> NewFolderAsync() => Task.FromResult(StoreFolder.OnSqlite(groupSize: 8, queueLength: 64));

    [Fact]
    public async Task Receipts_go_first_and_a_quarter_of_each_group_is_kept_for_work()
    {
        var order = new List<string>();
        using var gate = new ManualResetEventSlim();
        var writes = new List<Task> { Blocker(gate) };
        writes.AddRange(Enumerable.Range(0, 12).Select(_ => Noting("work", Lane.Work)));
        writes.AddRange(Enumerable.Range(0, 12).Select(_ => Noting("receipt", Lane.Receipts)));
        gate.Set();
        await Task.WhenAll(writes);

        Assert.Equal(Enumerable.Repeat("receipt", 6).Concat(["work", "work"]), order.Take(8));
        Assert.Equal(24, order.Count);

        Task Noting(string name, Lane lane) => Store.WriteAsync(lane, _ => order.Count < int.MaxValue && Note(name), Cancel);
        bool Note(string name)
        {
            order.Add(name);
            return true;
        }
    }

    [Fact]
    public async Task A_full_queue_makes_the_next_caller_wait()
    {
        using var gate = new ManualResetEventSlim();
        var blocker = Blocker(gate);
        var inTime = Enumerable.Range(0, 64).Select(n => PutAsync($"n{n}", "x")).ToList();
        using var impatient = new CancellationTokenSource();
        var late = Store.WriteAsync(Lane.Work, tx => Put(tx, "late", "x"), impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late);
        gate.Set();
        await blocker;
        await Task.WhenAll(inTime);
        Assert.Equal(64, await CountAsync());
    }

    [Fact]
    public async Task Maintenance_has_its_turn_while_work_never_pauses()
    {
        using var stop = new CancellationTokenSource();
        var busy = Enumerable.Range(0, 16).Select(n => KeepWritingAsync($"busy{n}", stop.Token)).ToList();
        await Store.WriteAsync(Lane.Maintenance, tx => Put(tx, "swept", "x"), Cancel).WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        await stop.CancelAsync();
        await Task.WhenAll(busy);
    }

    [Fact]
    public async Task A_full_disk_inside_one_delegate_fails_the_group_says_so_and_passes()
    {
        using var gate = new ManualResetEventSlim();
        var blocker = Blocker(gate);
        var writes = Enumerable.Range(0, 5).Select(n => Store.WriteAsync(
            Lane.Receipts,
            tx =>
            {
                if (n == 3) tx.Across("test").List<long>("PRAGMA max_page_count = 1");
                return Put(tx, $"n{n}", new string('x', n == 3 ? 200_000 : 10));
            },
            Cancel)).ToList();
        gate.Set();
        await blocker;

        foreach (var write in writes) Assert.True((await Assert.ThrowsAsync<StoreUnavailable>(() => write)).DiskFull);
        Assert.Equal(1, await PutAsync("after", "1")); // a fresh connection: the bound is gone, as when somebody made room
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_delegate_that_ends_the_transaction_fails_the_group_and_nothing_is_kept()
    {
        using var gate = new ManualResetEventSlim();
        var blocker = Blocker(gate);
        var before = PutAsync("before", "1");
        var rogue = Store.WriteAsync(Lane.Work, tx => tx.Across("test").Execute("ROLLBACK"), Cancel);
        var after = PutAsync("after", "1");
        gate.Set();
        await blocker;

        foreach (var write in (Task[])[before, rogue, after]) await Assert.ThrowsAsync<StoreUnavailable>(() => write);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task The_log_is_moved_into_the_database_while_writers_go_on()
    {
        var content = new string('x', 100_000);
        await Parallel.ForAsync(0, 1500, Cancel, async (n, _) => await PutAsync($"n{n}", content));

        Assert.Equal(1500, await CountAsync());
        Assert.InRange(new FileInfo(Path.Combine(Folder.Data, "passerelle.db-wal")).Length, 1, 100_000_000); // of 150 MB written
    }

    [Fact]
    public async Task The_same_text_is_prepared_once_and_survives_a_failure()
    {
        await PutAsync("a", "1");
        await Assert.ThrowsAsync<SqliteException>(() => PutAsync("a", "2"));
        await PutAsync("b", "3");
        Assert.Equal("3", await GetAsync("b"));
    }

    [Fact]
    public async Task A_second_process_on_the_data_folder_is_told_who_holds_it()
    {
        var refusal = Assert.Throws<DataFolderTaken>(Folder.Open);
        Assert.Contains($"process {Environment.ProcessId} since", refusal.Message, StringComparison.Ordinal);
        Assert.True(DataFolderLock.IsHeld(Folder.Data));
        await Store.DisposeAsync();
        Assert.False(DataFolderLock.IsHeld(Folder.Data));
        Assert.NotNull(Folder.Open());
    }

    private async Task KeepWritingAsync(string name, CancellationToken stop)
    {
        for (var n = 0; !stop.IsCancellationRequested; n++) await PutAsync($"{name}.{n}", "x");
    }

    /// <summary>Occupies the writer until the gate opens, so that what is queued meanwhile becomes one group.</summary>
    private Task<bool> Blocker(ManualResetEventSlim gate)
    {
        var running = new TaskCompletionSource();
        var blocker = Store.WriteAsync(
            Lane.Work,
            _ =>
            {
                running.SetResult();
                gate.Wait(Cancel);
                return true;
            },
            Cancel);
        running.Task.GetAwaiter().GetResult(); // the writer is another thread
        return blocker;
    }
}
