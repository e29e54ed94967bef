using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Store;

public sealed class RawMailTests : IAsyncDisposable
{
    private static readonly Guid Ours = Guid.Parse("0199a000-0000-7000-8000-00000000000a");
    private static readonly Guid Theirs = Guid.Parse("0199a000-0000-7000-8000-00000000000b");
    private static readonly Guid Id = Guid.Parse("0199a000-0000-7000-8000-000000000001");
    private readonly StoreFolder _folder = StoreFolder.OnSqlite();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly IStore _store;
    private Spool _spool;

    public RawMailTests()
    {
        _store = _folder.Open();
        _spool = Spools.For(_folder.Options);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(RawMails.LargestRow, false)]
    [InlineData(RawMails.LargestRow + 1, true)]
    [InlineData(3_000_000, true)]
    public async Task Mail_comes_back_as_it_came_whether_in_a_row_or_in_a_file(int size, bool spooled)
    {
        var mail = Content(size);
        await using (var arrival = await ArriveAsync(mail, piece: 10_007))
        {
            Assert.Equal(spooled, arrival.IsSpooled);
            Assert.True(mail.AsSpan().StartsWith(arrival.Start));
            await StoreAsync(arrival, Ours);
        }
        Assert.Equal(mail, await ReadAsync(Ours));
        Assert.Equal(0, _spool.InFlight.Taken);
        Assert.Equal(
            SHA256.HashData(mail),
            await _store.ReadAsync(tx => tx.For(Ours).One<byte[]>("SELECT sha256 FROM raw_mail WHERE organisation_id = @organisation"), Cancel));
    }

    [Fact]
    public async Task Two_organisations_never_share_a_file()
    {
        var mail = Content(200_000);
        await using (var arrival = await ArriveAsync(mail, 50_000)) await StoreAsync(arrival, Ours, Theirs);

        File.Delete(_spool.PathOf(Ours, Id));
        await Assert.ThrowsAsync<FileNotFoundException>(() => ReadAsync(Ours));
        Assert.Equal(mail, await ReadAsync(Theirs));
    }

    [Fact]
    public async Task Beyond_the_budget_even_a_small_mail_goes_to_a_file_and_beyond_the_files_it_is_asked_to_come_back()
    {
        _spool = Spools.For(new StoreOptions { DataFolder = _folder.Data, BytesInFlight = RawMails.LargestRow, SpoolFiles = 1 });
        await using var first = await ArriveAsync(Content(10), 10);
        await using var second = await ArriveAsync(Content(40_000), 999);
        Assert.False(first.IsSpooled);
        Assert.True(second.IsSpooled);
        Assert.Equal(16 * 1024, second.Start.Length);

        var full = await Assert.ThrowsAsync<StoreUnavailable>(() => ArriveAsync(Content(10), 10));
        Assert.True(full.DiskFull);
        await StoreAsync(second, Ours);
        Assert.Equal(Content(40_000), await ReadAsync(Ours));
    }

    [Fact]
    public async Task What_did_not_reach_its_row_leaves_nothing_behind()
    {
        await using (await ArriveAsync(Content(100_000), 100_000))
        {
            // the connection broke
        }
        Assert.Empty(Files());
    }

    [Fact]
    public async Task A_file_without_a_row_is_swept_after_an_hour_and_one_with_a_row_never()
    {
        await using (var kept = await ArriveAsync(Content(100_000), 100_000)) await StoreAsync(kept, Ours);
        await using (var failed = await ArriveAsync(Content(100_000), 100_000)) await failed.PlaceAsync([(Theirs, Id)], Cancel);
        using var sweep = new SpoolSweep(_store, _spool, _time, NullLogger<SpoolSweep>.Instance);

        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(0, await sweep.SweepAsync(Cancel));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await sweep.SweepAsync(Cancel));
        Assert.Equal([_spool.PathOf(Ours, Id)], Files());
    }

    [Fact]
    public async Task A_file_whose_row_is_still_to_come_is_not_swept_though_the_clock_jumps_a_day()
    {
        await using var arrival = await ArriveAsync(Content(100_000), 100_000);
        await using var arriving = await ArriveAsync(Content(100_000), 100_000);
        await arrival.PlaceAsync([(Ours, Id)], Cancel);
        _time.Advance(TimeSpan.FromDays(1));
        using (var sweep = new SpoolSweep(_store, _spool, _time, NullLogger<SpoolSweep>.Instance)) Assert.Equal(0, await sweep.SweepAsync(Cancel));

        await _store.WriteAsync(
            Lane.Receipts,
            tx =>
            {
                arrival.Insert(tx, Ours, Id, _time.GetUtcNow());
                return true;
            },
            Cancel);
        Assert.Equal(Content(100_000), await ReadAsync(Ours));
    }

    [Fact]
    public async Task A_row_whose_file_is_gone_is_a_fault()
    {
        await using (var arrival = await ArriveAsync(Content(100_000), 100_000)) await StoreAsync(arrival, Ours);
        await Assert.ThrowsAsync<FileNotFoundException>(() => new RawMails(_store, _spool).OpenAsync(Theirs, Id, Cancel));
    }

    private async Task<Arrival> ArriveAsync(byte[] mail, int piece)
    {
        var arrival = _spool.Begin();
        try
        {
            for (var at = 0; at < mail.Length; at += piece) await arrival.WriteAsync(mail.AsMemory(at, Math.Min(piece, mail.Length - at)), Cancel);
            return arrival;
        }
        catch
        {
            await arrival.DisposeAsync();
            throw;
        }
    }

    private async Task StoreAsync(Arrival arrival, params Guid[] organisations)
    {
        await arrival.PlaceAsync([.. organisations.Select(organisation => (organisation, Id))], Cancel);
        await _store.WriteAsync(
            Lane.Receipts,
            tx =>
            {
                foreach (var organisation in organisations) arrival.Insert(tx, organisation, Id, _time.GetUtcNow());
                return true;
            },
            Cancel);
    }

    private async Task<byte[]> ReadAsync(Guid organisation)
    {
        await using var stream = await new RawMails(_store, _spool).OpenAsync(organisation, Id, Cancel);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, Cancel);
        return bytes.ToArray();
    }

    private IEnumerable<string> Files() => Directory.EnumerateFiles(_spool.Folder, "*", SearchOption.AllDirectories);

    private static byte[] Content(int size) => [.. Enumerable.Range(0, size).Select(n => (byte)(n * 31 / 7))];
}
