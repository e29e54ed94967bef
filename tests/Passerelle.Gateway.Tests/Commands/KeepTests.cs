using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text.Json;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Api;
using Passerelle.Gateway.Commands.Keep;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Operations.Keeping;
using Passerelle.Gateway.Tests.Api;
using Spectre.Console;

namespace Passerelle.Gateway.Tests.Commands;

[UnsupportedOSPlatform("windows")]
public sealed class KeepTests
{
    private static CancellationToken Cancel => LiveGateway.Cancel;

    [Fact]
    public async Task Mail_is_exported_held_and_erased_by_the_running_server()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var organisation = (await gateway.Get<People>().OrganisationsAsync(Cancel)).Single();
        var own = await Belongings.OfAsync(gateway, organisation);
        var message = (await gateway.Get<StoredMessages>().FindAsync(organisation, own.Message, Cancel))!; // it has arrived

        var file = gateway.Beside("mail.zip");
        var export = await Typed.RunAsync("keep", "export", "--app", "Support", "--output", file, "--json", "--data", gateway.Data);
        Assert.Equal((0, ""), (export.Code, export.Error));
        Assert.Equal("done", JsonDocument.Parse(export.Output).RootElement[0].GetProperty("state").GetString());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        using (var zip = ZipFile.OpenRead(file)) Assert.Contains(zip.Entries, entry => entry.FullName.EndsWith($"{message.Id:N}.eml", StringComparison.Ordinal));
        Assert.Contains("is there already", (await Typed.RunAsync("keep", "export", "--output", file, "--data", gateway.Data)).Sentence(), StringComparison.Ordinal);

        var hold = await Typed.RunAsync("keep", "hold", "correspondent", message.FromAddress, "--reason", "Inquiry 7", "--json", "--data", gateway.Data);
        Assert.Equal((0, ""), (hold.Code, hold.Error));
        var id = JsonDocument.Parse(hold.Output).RootElement[0].GetProperty("id").GetString()!; // as it answers
        Assert.StartsWith("It is in another state", (await Typed.RunAsync("keep", "hold", "correspondent", message.FromAddress, "--reason", "again", "--data", gateway.Data)).Sentence(), StringComparison.Ordinal);
        Assert.Equal(KeepingJobs.UnderHold, (await Typed.RunAsync("keep", "erase", message.FromAddress, "--yes", "--data", gateway.Data)).Sentence());
        Assert.Contains($"{id}\tcorrespondent\t{message.FromAddress}\tInquiry 7\t", (await Typed.RunAsync("keep", "holds", "--data", gateway.Data)).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await Typed.RunAsync("keep", "lift", id, "--reason", "closed", "--data", gateway.Data)).Code);

        Assert.EndsWith("say so with --yes.", (await Typed.RunAsync("keep", "erase", message.FromAddress, "--data", gateway.Data)).Sentence(), StringComparison.Ordinal);
        var erase = await Typed.RunAsync("keep", "erase", message.FromAddress, "--yes", "--data", gateway.Data);
        Assert.Equal((0, ""), (erase.Code, erase.Error));
        Assert.Contains("\terase\tdone\t100\t", erase.Output, StringComparison.Ordinal);
        Assert.Null(await gateway.Get<StoredMessages>().FindAsync(organisation, message.Id, Cancel));

        var prune = await Typed.RunAsync("keep", "prune", "--data", gateway.Data);
        Assert.Equal((0, ""), (prune.Code, prune.Error));
        var jobs = (await Typed.RunAsync("keep", "jobs", "--data", gateway.Data)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("prune", jobs[1].Split('\t')[1]); // newest first, below the heads
        Assert.StartsWith("It is in another state", (await Typed.RunAsync("keep", "cancel", jobs[1].Split('\t')[0], "--data", gateway.Data)).Sentence(), StringComparison.Ordinal);
        var entries = await gateway.Get<AuditEntries>().ListAsync(organisation, new AuditFilter(), 100, Cancel);
        foreach (var action in new[] { "export-ordered", "export-downloaded", "hold-placed", "hold-lifted", "erasure-ordered", "pruning-ordered" })
            Assert.Contains(entries, entry => entry.Action == action && entry.Origin == Caller.OperatorSocket);
    }

    [Fact]
    public async Task Without_a_running_server_it_says_what_to_start()
    {
        await using var gateway = await LiveGateway.StartAsync();
        await gateway.StopAsync();
        Assert.Contains($"start `passerelle serve --data {gateway.Data}`", (await Typed.RunAsync("keep", "prune", "--data", gateway.Data)).Sentence(), StringComparison.Ordinal);
        Assert.StartsWith("There is no data folder", (await Typed.RunAsync("keep", "jobs", "--data", gateway.Beside("none"))).Sentence(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keep")]
    [InlineData("keep", "erase")]
    [InlineData("keep", "export")]
    [InlineData("keep", "hold", "everything", "x", "--reason", "y")]
    [InlineData("keep", "hold", "app", "x")]
    [InlineData("keep", "lift", "not-an-id", "--reason", "y")]
    public async Task What_is_called_wrongly_ends_with_2(params string[] words) => Assert.Equal(2, (await Typed.RunAsync(words)).Code);

    [Fact]
    public async Task A_terminal_shows_a_bar_until_the_job_has_ended()
    {
        using var terminal = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        var waiting = new JobView(Guid.Empty, "prune", "waiting", new KeepingOrders(), 0, null, null, 0, 0, "", DateTimeOffset.UnixEpoch, null, 0, null);
        var answers = new Queue<JobView>(
        [
            waiting with { State = "running", Percent = 40, LookedAt = 40, Total = 100, Words = "gives way to [mail]" }, waiting with { State = "done", EndedAt = DateTimeOffset.UnixEpoch },
        ]);
        var ended = await JobProgress.ShownAsync(console, waiting, () => Task.FromResult(answers.Dequeue()), Cancel);
        Assert.Equal("done", ended.State);
        Assert.Empty(answers);
        Assert.Contains("prune", terminal.ToString(), StringComparison.Ordinal);
        Assert.Contains("100%", terminal.ToString(), StringComparison.Ordinal);
    }
}
