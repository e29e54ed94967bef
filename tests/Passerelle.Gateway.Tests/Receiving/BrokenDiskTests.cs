using System.Diagnostics;
using System.Globalization;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Reading;
using Passerelle.Gateway.Tests.Store;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>
/// A disk that turns read-only or fails under a running server: the kernel's answers to its writes, flushes and renames, put there by
/// <c>strace</c> for as long as it is attached.
/// </summary>
public sealed class BrokenDiskTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_disk_that_takes_nothing_is_451_and_mail_is_taken_again_when_it_does_and_nothing_acknowledged_is_lost()
    {
        _ = SystemCallTrace.Command("");
        await using var folder = StoreFolder.OnSqlite();
        var (_, address) = await ServingGateway.PrepareAsync(folder.Options, Cancel);
        var taken = new List<Guid>();
        await using (var gateway = await ServingGateway.StartAsync(folder.Options, Cancel))
        {
            foreach (var (calls, error, broken) in Faults)
            {
                await using (await BrokenAsync(gateway, calls, error))
                {
                    taken.AddRange(await UntilBrokenAsync(gateway, address, broken));
                    foreach (var mail in broken) Assert.Equal($"451 4.3.0 {error}", $"{(await DeliverAsync(gateway, address, mail))[..10]}{error}");
                }
                foreach (var mail in Mails) taken.Add(Taken(await DeliverAsync(gateway, address, mail)));
            }
        }
        await using var store = folder.Open();
        var receipts = await store.ReadAsync(tx => tx.Across("test").List<Row>("SELECT organisation_id, id, raw_id, size FROM receipt"), Cancel);
        Assert.Empty(taken.Except(receipts.Select(row => row.Id)));
        var raws = new RawMails(store, Spools.For(folder.Options));
        foreach (var row in receipts)
        {
            await using var raw = await raws.OpenAsync(row.OrganisationId, row.RawId, Cancel);
            Assert.Equal(row.Size, raw.Length);
        }
    }

    /// <summary>A row, and a file with its row.</summary>
    private static string[] Mails { get; } = [Written.Mail(), Written.Mail(text: string.Concat(Enumerable.Repeat("All of it matters.\r\n", 10_000)))];

    /// <summary>What fails, and for which mails that is the end: a row needs no name of its own.</summary>
    private static (string Calls, string Error, string[] Broken)[] Faults { get; } =
    [
        ("pwrite64,pwritev,ftruncate", "EROFS", Mails), ("fsync,fdatasync", "EIO", Mails), ("fsync,fdatasync", "EROFS", Mails),
        ("?rename,?renameat,?renameat2,?link,?linkat", "EROFS", [Mails[1]]),
    ];

    private static async Task<string> DeliverAsync(ServingGateway gateway, string address, string mail)
    {
        await using var wire = await Wire.OpenAsync(gateway.Endpoint);
        await wire.SayAsync("EHLO mail.fabrikam.example");
        return await wire.TryMailAsync(mail, address);
    }

    /// <summary>A tracer says that it is attached before every thread of the other has noticed.</summary>
    /// <returns>What was still taken.</returns>
    private static async Task<List<Guid>> UntilBrokenAsync(ServingGateway gateway, string address, string[] broken)
    {
        var taken = new List<Guid>();
        foreach (var mail in broken)
        {
            while (await DeliverAsync(gateway, address, mail) is ['2', ..] answer) taken.Add(Taken(answer));
        }
        return taken;
    }

    private static Guid Taken(string answer)
    {
        Assert.StartsWith("250 2.0.0 Accepted as ", answer, StringComparison.Ordinal);
        return Guid.ParseExact(answer[^32..], "N");
    }

    private static async Task<Tracer> BrokenAsync(ServingGateway gateway, string calls, string error)
    {
        var start = new ProcessStartInfo(
            "/usr/bin/strace",
            ["-f", "-e", $"trace={calls}", "-e", $"inject={calls}:error={error}", "-o", "/dev/null", "-p", gateway.ProcessId.ToString(CultureInfo.InvariantCulture)])
        { RedirectStandardError = true };
        var process = Process.Start(start)!; // a new process
        var said = await process.StandardError.ReadLineAsync(Cancel) ?? "";
        Assert.SkipUnless(said.Contains("attached", StringComparison.Ordinal), $"This machine lets no process be traced: {said}");
        return new Tracer(process);
    }

    private sealed class Tracer(Process strace) : IAsyncDisposable
    {
        private readonly Task<string> _rest = strace.StandardError.ReadToEndAsync(CancellationToken.None); // an unread pipe would stop it

        /// <summary>It lets go on an interrupt; the traced server goes on.</summary>
        public async ValueTask DisposeAsync()
        {
            using (var kill = Process.Start("kill", ["-INT", strace.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
            await strace.WaitForExitAsync();
            await _rest;
            strace.Dispose();
        }
    }

    private sealed record Row
    {
        public required Guid OrganisationId { get; init; }
        public required Guid Id { get; init; }
        public required Guid RawId { get; init; }
        public required long Size { get; init; }
    }
}
