using System.Diagnostics;
using System.Globalization;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Store;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>A file system that really is full: a small tmpfs that only the server sees, in a mount namespace of its own.</summary>
public sealed class DiskFullTests
{
    private const int Megabyte = 1024 * 1024;
    private readonly Dictionary<string, string> _acknowledged = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_a_full_disk_mail_is_452_and_taken_again_when_there_is_room_and_nothing_acknowledged_is_lost()
    {
        await using var folder = StoreFolder.OnSqlite();
        var (_, address) = await ServingGateway.PrepareAsync(folder.Options, Cancel);
        var kept = folder.Data + "-kept";
        await using (var gateway = await ServingGateway.StartAsync(folder.Options, Cancel, Wrapper(folder.Data, kept)))
        {
            await using var wire = await Wire.OpenAsync(gateway.Endpoint);
            await wire.SayAsync("EHLO mail.fabrikam.example");
            await FillAsync(wire, address, Megabyte);
            await FillAsync(wire, address, 30_000); // what goes to a row finds the rest
            Assert.StartsWith("452 4.3.1 ", await DeliverAsync(wire, address, Megabyte), StringComparison.Ordinal);

            File.Delete(gateway.PathOf(Path.Combine(folder.Data, "ballast")));
            Assert.StartsWith("250 ", await DeliverAsync(wire, address, 30_000), StringComparison.Ordinal);
            Assert.StartsWith("250 ", await DeliverAsync(wire, address, Megabyte), StringComparison.Ordinal);
        }
        await AssertAllThereAsync(new StoreOptions { DataFolder = kept });
    }

    [Fact]
    public async Task Before_the_disk_is_full_mail_is_452_and_the_reserve_is_left_for_what_was_taken()
    {
        const long Reserve = 6 * Megabyte;
        await using var folder = StoreFolder.OnSqlite(leastFree: Reserve);
        var (_, address) = await ServingGateway.PrepareAsync(folder.Options, Cancel);
        var kept = folder.Data + "-kept";
        await using (var gateway = await ServingGateway.StartAsync(folder.Options, Cancel, Wrapper(folder.Data, kept)))
        {
            await using var wire = await Wire.OpenAsync(gateway.Endpoint);
            await wire.SayAsync("EHLO mail.fabrikam.example");
            await FillAsync(wire, address, 200_000);
            Assert.InRange(DiskRoom.Measure(gateway.PathOf(folder.Data)), Reserve / 4, Reserve + (2 * Megabyte)); // what was taken is being read meanwhile, and reading writes

            File.Delete(gateway.PathOf(Path.Combine(folder.Data, "ballast")));
            Assert.StartsWith("250 ", await DeliverAsync(wire, address, 200_000), StringComparison.Ordinal);
        }
        await AssertAllThereAsync(new StoreOptions { DataFolder = kept });
    }

    private async Task FillAsync(Wire wire, string address, int size)
    {
        for (var mails = 0; mails < 200; mails++)
        {
            var answer = await DeliverAsync(wire, address, size);
            if (answer.StartsWith("452 4.3.1 ", StringComparison.Ordinal)) return;
            Assert.StartsWith("250 ", answer, StringComparison.Ordinal);
        }
        Assert.Fail("The disk never was full");
    }

    private async Task<string> DeliverAsync(Wire wire, string address, int size)
    {
        var subject = string.Create(CultureInfo.InvariantCulture, $"mail {_acknowledged.Count}");
        var text = string.Concat(Enumerable.Repeat($"{new string('x', 98)}\n", size / 100));
        var answer = await wire.TryMailAsync($"From: ann@fabrikam.example\nSubject: {subject}\nContent-Type: application/octet-stream\n\n{text}", address);
        if (answer.StartsWith("250 ", StringComparison.Ordinal)) _acknowledged[answer[^32..]] = subject;
        return answer;
    }

    private async Task AssertAllThereAsync(StoreOptions options)
    {
        await using var store = Opening.Open(options);
        var raws = new RawMails(store, Spools.For(options));
        var receipts = await store.ReadAsync(tx => tx.Across("test").List<Row>("SELECT organisation_id, id, raw_id, size FROM receipt"), Cancel);
        Assert.Equal(_acknowledged.Keys.Order(), receipts.Select(row => row.Id.ToString("N")).Order());
        foreach (var row in receipts)
        {
            await using var raw = await raws.OpenAsync(row.OrganisationId, row.RawId, Cancel);
            using var reader = new StreamReader(raw);
            var text = await reader.ReadToEndAsync(Cancel);
            Assert.Equal(row.Size, text.Length);
            Assert.Contains($"Subject: {_acknowledged[row.Id.ToString("N")]}\r\n", text, StringComparison.Ordinal);
        }
    }

    /// <summary>Copies the data into the tmpfs, and out of it when the server has ended: it goes with its namespace.</summary>
    private static string[] Wrapper(string data, string kept)
    {
        var unshare = Environment.UserName == "root" ? "-m" : "-rm"; // others need a user namespace in which they may mount
        using var probe = Process.Start("unshare", [unshare, "true"]);
        probe.WaitForExit();
        Assert.SkipUnless(probe.ExitCode == 0, "This machine gives no mount namespace to its users");
        const string Script = """
            cp -a "$1" "$2" && mount -t tmpfs -o size=24m tmpfs "$1" && cp -a "$2/." "$1" && head -c 6000000 /dev/zero > "$1/ballast" || exit 1
            data=$1; kept=$2; shift 2
            "$@"
            rm -rf "$kept"; cp -a "$data" "$kept"
            """;
        return ["unshare", unshare, "sh", "-c", Script, "sh", data, kept];
    }

    private sealed record Row
    {
        public required Guid OrganisationId { get; init; }
        public required Guid Id { get; init; }
        public required Guid RawId { get; init; }
        public required long Size { get; init; }
    }
}
