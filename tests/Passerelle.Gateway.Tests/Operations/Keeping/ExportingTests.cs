using System.IO.Compression;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Operations.Keeping;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Operations.Keeping;

public sealed class ExportingTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task An_export_holds_what_came_and_what_was_sent_and_names_it_all()
    {
        await using var bench = await KeepingBench.OpenAsync();
        var message = await bench.DoneAsync(Written.Mail(subject: "=cmd, \"quoted\""));
        await bench.LetterAsync(message, "settled");
        var job = await bench.ExportAsync(new KeepingOrders { App = bench.App });
        Assert.Equal(("done", 2L, 2L), (job.State, job.Changed, job.LookedAt));

        await using var file = await bench.Jobs.OpenFileAsync(bench.Organisation, job.Id, Cancel);
        Assert.NotNull(file);
        Assert.Equal(job.Size, file.Length);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.Name));
        using var zip = new ZipArchive(file, ZipArchiveMode.Read);
        Assert.Equal(3, zip.Entries.Count);
        var received = Assert.Single(zip.Entries, entry => entry.FullName.StartsWith("received/", StringComparison.Ordinal) && entry.FullName.EndsWith(".eml", StringComparison.Ordinal));
        Assert.Equal(await SourceAsync(bench, message.Id), await TextAsync(received));
        Assert.Contains("It is on its way.", await TextAsync(Assert.Single(zip.Entries, entry => entry.FullName.StartsWith("sent/", StringComparison.Ordinal))), StringComparison.Ordinal);
        var index = await TextAsync(zip.GetEntry("index.csv")!); // counted above
        Assert.Contains("\"'=cmd, \"\"quoted\"\"\"", index, StringComparison.Ordinal); // no formula for a spreadsheet
        Assert.Contains($"\"{received.FullName}\",\"received\"", index, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_is_narrowed_by_app_correspondent_conversation_and_period()
    {
        await using var bench = await KeepingBench.OpenAsync();
        var first = await bench.DoneAsync(Written.Mail());
        var noon = bench.Time.GetUtcNow();
        bench.Pass(10);
        var second = await bench.DoneAsync(Written.Mail("bob@fabrikam.example", "Bob Hill <bob@fabrikam.example>", "Another thing", "Something else."));
        foreach (var (orders, ids) in new (KeepingOrders, Guid[])[]
        {
            (new(), [first.Id, second.Id]),
            (new() { Correspondent = "Bob@fabrikam.example" }, [second.Id]),
            (new() { Conversation = first.ConversationId }, [first.Id]),
            (new() { From = noon.AddDays(1) }, [second.Id]),
            (new() { To = noon.AddDays(1) }, [first.Id]),
            (new() { From = noon.AddDays(1), To = noon.AddDays(2) }, []),
        })
        {
            Assert.Equal(ids.Order(), (await NamesAsync(bench, await bench.ExportAsync(orders))).Order());
        }
        Assert.IsType<OrderOutcome.Unknown>(await bench.Jobs.ExportAsync(bench.Organisation, new() { App = Guid.CreateVersion7(noon) }, null, Cancel));
        Assert.IsType<OrderOutcome.Refused>(await bench.Jobs.ExportAsync(bench.Organisation, new() { From = noon, To = noon }, null, Cancel));
    }

    [Fact]
    public async Task What_has_lost_its_source_is_named_without_a_file()
    {
        await using var bench = await KeepingBench.OpenAsync();
        await bench.RetainAsync(1, null, null);
        await bench.DoneAsync(Written.Mail());
        bench.Pass(2);
        await bench.PruneAsync();
        var job = await bench.ExportAsync(new());
        Assert.Equal((1L, 0L), (job.LookedAt, job.Changed));
        await using var file = await bench.Jobs.OpenFileAsync(bench.Organisation, job.Id, Cancel);
        using var zip = new ZipArchive(file!, ZipArchiveMode.Read); // the job is done
        Assert.Contains($"\"{Exporting.RawGone}\"", await TextAsync(Assert.Single(zip.Entries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_there_for_its_hours_and_for_its_organisation()
    {
        await using var bench = await KeepingBench.OpenAsync();
        await bench.DoneAsync(Written.Mail());
        var job = await bench.ExportAsync(new());
        var other = await bench.Inbound.Temp.OrganisationAsync("Fabrikam");
        Assert.Null(await bench.Jobs.OpenFileAsync(other, job.Id, Cancel));
        Assert.Equal(0, await bench.Clock.SweepAsync(Cancel));
        bench.Pass(1);
        Assert.Null(await bench.Jobs.OpenFileAsync(bench.Organisation, job.Id, Cancel));
        Assert.Equal(1, await bench.Clock.SweepAsync(Cancel));
        Assert.False(File.Exists(bench.Files.PathOf(bench.Organisation, job.Id)));
    }

    private static async Task<List<Guid>> NamesAsync(KeepingBench bench, KeepingJob job)
    {
        await using var file = await bench.Jobs.OpenFileAsync(bench.Organisation, job.Id, Cancel);
        using var zip = new ZipArchive(file!, ZipArchiveMode.Read); // the job is done
        return [.. zip.Entries.Where(entry => entry.Name.EndsWith(".eml", StringComparison.Ordinal)).Select(entry => Guid.Parse(entry.Name[^36..^4]))];
    }

    private static async Task<string> SourceAsync(KeepingBench bench, Guid id)
    {
        var write = await new ShownSource(bench.Inbound.Messages, new ServerName("mx.contoso.example")).FindAsync(bench.Organisation, id, Cancel);
        using var source = new MemoryStream();
        await write!(source); // it was written above
        return System.Text.Encoding.Latin1.GetString(source.ToArray());
    }

    private static async Task<string> TextAsync(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(await entry.OpenAsync(Cancel), System.Text.Encoding.Latin1);
        return await reader.ReadToEndAsync(Cancel);
    }
}
