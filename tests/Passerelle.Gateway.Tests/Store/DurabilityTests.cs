namespace Passerelle.Gateway.Tests.Store;

/// <summary>An acknowledged write is on the disk, as the kernel saw it, and the proof notices when it is not.</summary>
public sealed class DurabilityTests
{
    private const int Items = 150;

    [Fact]
    public async Task Every_acknowledged_write_was_flushed_before_its_acknowledgement_left()
    {
        var doubts = await TraceAsync("FULL");
        Assert.Empty(doubts);
    }

    [Fact]
    public async Task With_synchronous_off_the_same_proof_fails_for_every_write()
    {
        var doubts = await TraceAsync("OFF");
        Assert.Equal(Items, doubts.Count);
        Assert.All(doubts, doubt => Assert.EndsWith("was never flushed", doubt, StringComparison.Ordinal));
    }

    private static async Task<List<string>> TraceAsync(string synchronous)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var folder = StoreFolder.OnSqlite(synchronous);
        Directory.CreateDirectory(folder.Data);
        var file = Path.Combine(folder.Data, "trace");
        using var child = ChildProcess.Start(folder.Options, first: 0, Items, SystemCallTrace.Command(file));
        var acknowledged = (await child.StandardOutput.ReadToEndAsync(cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await child.WaitForExitAsync(cancel);
        Assert.Equal(Items, acknowledged.Count(line => line.StartsWith("ack ", StringComparison.Ordinal)));

        var trace = SystemCallTrace.Read(file);
        return
        [
            .. from number in Enumerable.Range(0, Items)
               let doubt = trace.Doubt(ChildProcess.Marker(number), "passerelle.db-wal", $"\"\\nack {number}\\n\"")
               where doubt is not null
               select doubt,
        ];
    }
}
