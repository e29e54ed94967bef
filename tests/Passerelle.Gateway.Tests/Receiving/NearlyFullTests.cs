using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>Mail is asked to come back while the disk still has its reserve, and taken again when there is room.</summary>
public sealed class NearlyFullTests
{
    private const long Reserve = 256L * 1024 * 1024;
    private static readonly string Mail = Written.Mail();
    private long _free = Reserve + 10_000_000;
    private Spool? _spool;

    [Fact]
    public async Task Below_the_reserve_mail_is_452_before_it_is_sent_and_taken_again_when_there_is_room()
    {
        await using var bench = await OpenAsync();
        await using var wire = await bench.ConnectAsync();
        Assert.StartsWith("250 ", await wire.TryMailAsync(Mail, bench.Inbound.Address), StringComparison.Ordinal);

        Become(bench, Reserve - 1);
        Assert.StartsWith("452 4.3.1 ", await wire.SayAsync("MAIL FROM:<ann@fabrikam.example>"), StringComparison.Ordinal);

        Become(bench, Reserve + 10_000_000);
        Assert.StartsWith("250 ", await wire.TryMailAsync(Mail, bench.Inbound.Address), StringComparison.Ordinal);
        Assert.Equal(2, await bench.Inbound.CountAsync("receipt"));
    }

    [Fact]
    public async Task A_mail_that_says_it_is_larger_than_the_room_is_452_and_a_smaller_one_is_taken()
    {
        await using var bench = await OpenAsync();
        await using var wire = await bench.ConnectAsync();
        Become(bench, Reserve + 50_000);
        Assert.StartsWith("452 4.3.1 ", await wire.SayAsync("MAIL FROM:<ann@fabrikam.example> SIZE=60000"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await wire.SayAsync("MAIL FROM:<ann@fabrikam.example> SIZE=40000"), StringComparison.Ordinal);
        await wire.SayAsync("RSET");
        Assert.StartsWith("250 ", await wire.TryMailAsync(Mail, bench.Inbound.Address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_grows_into_the_reserve_is_452_at_its_end_and_leaves_nothing()
    {
        await using var bench = await OpenAsync();
        await using var wire = await bench.ConnectAsync();
        _spool = bench.Spool;
        Become(bench, Reserve + 100_000);
        var text = string.Concat(Enumerable.Repeat("All of it matters.\r\n", 20_000));
        Assert.StartsWith("452 4.3.1 ", await wire.TryMailAsync(Written.Mail(text: text), bench.Inbound.Address), StringComparison.Ordinal);
        Assert.Equal(0, await bench.Inbound.CountAsync("receipt") + await bench.Inbound.CountAsync("raw_mail"));
        Assert.Empty(Directory.GetFiles(bench.Spool.Folder, "*", SearchOption.AllDirectories));

        Become(bench, Reserve + 10_000_000);
        Assert.StartsWith("250 ", await wire.TryMailAsync(Written.Mail(text: text), bench.Inbound.Address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_cannot_say_how_full_it_is_vetoes_nothing()
    {
        await using var bench = await DoorBench.OpenAsync(free: _ => throw new IOException("stale"));
        await using var wire = await bench.ConnectAsync();
        Assert.StartsWith("250 ", await wire.TryMailAsync(Mail, bench.Inbound.Address), StringComparison.Ordinal);
    }

    private Task<DoorBench> OpenAsync() => DoorBench.OpenAsync(free: _ => Volatile.Read(ref _free) - Spooled());

    /// <summary>Bytes that the spool has written, once a test asks for them.</summary>
    private long Spooled() => _spool is { } spool && Directory.Exists(spool.Folder)
        ? new DirectoryInfo(spool.Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
        : 0;

    /// <summary>The disk changes, and the next look sees it.</summary>
    private void Become(DoorBench bench, long free)
    {
        Volatile.Write(ref _free, free);
        bench.Inbound.Temp.Time.Advance(TimeSpan.FromSeconds(1));
    }
}
