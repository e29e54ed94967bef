using System.Globalization;

namespace Passerelle.Gateway.Tests.Store;

/// <summary>Killed at any moment, the store still holds every write it has acknowledged, and each of them once.</summary>
public sealed class CrashTests
{
    private const int Rounds = 3;

    [Fact]
    public async Task After_kill_9_SQLite_holds_everything_it_acknowledged()
    {
        await using var folder = StoreFolder.OnSqlite();
        await KilledAgainAndAgainAsync(folder);
    }

    [Fact]
    public async Task After_kill_9_PostgreSQL_holds_everything_it_acknowledged()
    {
        await using var folder = await StoreFolder.OnPostgresAsync();
        await KilledAgainAndAgainAsync(folder);
    }

    private static async Task KilledAgainAndAgainAsync(StoreFolder folder)
    {
        var cancel = TestContext.Current.CancellationToken;
        var acknowledged = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            using var child = ChildProcess.Start(folder.Options, first: round * 100_000, count: 100_000);
            var enough = acknowledged.Count + Random.Shared.Next(20, 500);
            while (await child.StandardOutput.ReadLineAsync(cancel) is { } line)
            {
                if (line.Split(' ') is not ["ack", var number]) continue; // cut off in the middle
                acknowledged.Add(ChildProcess.Marker(int.Parse(number, CultureInfo.InvariantCulture)));
                if (acknowledged.Count == enough) child.Kill();
            }
            await child.WaitForExitAsync(cancel);

            await using var store = folder.Open(); // the lock went with the process
            var found = await store.ReadAsync(tx => tx.Across("test").List<string>("SELECT name FROM installation"), cancel);
            Assert.Empty(acknowledged.Except(found));
            Assert.InRange(acknowledged.Count, enough, int.MaxValue);
        }
    }
}
