using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Gateway.Store;
using static Passerelle.Tests.SpooledMail;

namespace Passerelle.Gateway.Tests.Store;

public sealed class RawMailTests : IAsyncDisposable
{
    private readonly StoreFolder _folder = StoreFolder.OnSqlite();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly IStore _store;
    private readonly Spool _spool;
    private readonly SpooledMail _mails;

    public RawMailTests()
    {
        _store = _folder.Open();
        _spool = Spools.For(_folder.Options);
        _mails = new SpooledMail(_store, _spool, _time);
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
        await using (var arrival = await _mails.ArriveAsync(mail, piece: 10_007))
        {
            Assert.Equal(spooled, arrival.IsSpooled);
            Assert.True(mail.AsSpan().StartsWith(arrival.Start));
            await _mails.StoreAsync(arrival, Ours);
        }
        Assert.Equal(mail, await _mails.ReadAsync(Ours));
        Assert.Equal(0, _spool.InFlight.Taken);
        Assert.Equal(
            SHA256.HashData(mail),
            await _store.ReadAsync(tx => tx.For(Ours).One<byte[]>("SELECT sha256 FROM raw_mail WHERE organisation_id = @organisation"), Cancel));
    }

    [Fact]
    public async Task Two_organisations_never_share_a_file()
    {
        var mail = Content(200_000);
        await using (var arrival = await _mails.ArriveAsync(mail, 50_000)) await _mails.StoreAsync(arrival, Ours, Theirs);

        File.Delete(_spool.PathOf(Ours, Id));
        await Assert.ThrowsAsync<FileNotFoundException>(() => _mails.ReadAsync(Ours));
        Assert.Equal(mail, await _mails.ReadAsync(Theirs));
    }

    [Fact]
    public async Task Beyond_the_budget_even_a_small_mail_goes_to_a_file_and_beyond_the_files_it_is_asked_to_come_back()
    {
        var spool = Spools.For(new StoreOptions { DataFolder = _folder.Data, BytesInFlight = RawMails.LargestRow, SpoolFiles = 1 });
        var mails = new SpooledMail(_store, spool, _time);
        await using var first = await mails.ArriveAsync(Content(10), 10);
        await using var second = await mails.ArriveAsync(Content(40_000), 999);
        Assert.False(first.IsSpooled);
        Assert.True(second.IsSpooled);
        Assert.Equal(16 * 1024, second.Start.Length);

        var full = await Assert.ThrowsAsync<StoreUnavailable>(() => mails.ArriveAsync(Content(10), 10));
        Assert.True(full.DiskFull);
        await mails.StoreAsync(second, Ours);
        Assert.Equal(Content(40_000), await mails.ReadAsync(Ours));
    }

    [Fact]
    public async Task What_did_not_reach_its_row_leaves_nothing_behind()
    {
        await using (await _mails.ArriveAsync(Content(100_000)))
        {
            // the connection broke
        }
        Assert.Empty(_mails.Files());
    }

    [Fact]
    public async Task A_file_without_a_row_is_swept_after_an_hour_and_one_with_a_row_never()
    {
        await using (var kept = await _mails.ArriveAsync(Content(100_000))) await _mails.StoreAsync(kept, Ours);
        await using (var failed = await _mails.ArriveAsync(Content(100_000))) await failed.PlaceAsync([(Theirs, Id)], Cancel);
        using var sweep = new SpoolSweep(_store, _spool, _time, NullLogger<SpoolSweep>.Instance);

        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(0, await sweep.SweepAsync(Cancel));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await sweep.SweepAsync(Cancel));
        Assert.Equal([_spool.PathOf(Ours, Id)], _mails.Files());
    }

    [Fact]
    public async Task A_file_whose_row_is_still_to_come_is_not_swept_though_the_clock_jumps_a_day()
    {
        await using var arrival = await _mails.ArriveAsync(Content(100_000));
        await using var arriving = await _mails.ArriveAsync(Content(100_000));
        await arrival.PlaceAsync([(Ours, Id)], Cancel);
        _time.Advance(TimeSpan.FromDays(1));
        using (var sweep = new SpoolSweep(_store, _spool, _time, NullLogger<SpoolSweep>.Instance)) Assert.Equal(0, await sweep.SweepAsync(Cancel));

        await _mails.InsertAsync(arrival, Ours);
        Assert.Equal(Content(100_000), await _mails.ReadAsync(Ours));
    }

    [Fact]
    public async Task A_row_whose_file_is_gone_is_a_fault()
    {
        await using (var arrival = await _mails.ArriveAsync(Content(100_000))) await _mails.StoreAsync(arrival, Ours);
        await Assert.ThrowsAsync<FileNotFoundException>(() => new RawMails(_store, _spool).OpenAsync(Theirs, Id, Cancel));
    }

    private static byte[] Content(int size) => [.. Enumerable.Range(0, size).Select(n => (byte)(n * 31 / 7))];
}
