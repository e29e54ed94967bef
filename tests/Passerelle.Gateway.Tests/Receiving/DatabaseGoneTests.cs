using Passerelle.Dev.Soak;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>PostgreSQL goes away under a running server and comes back: mail waits with its senders, and nobody is needed.</summary>
public sealed class DatabaseGoneTests
{
    private const int Refusals = 12;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("kill")]
    [InlineData("stop")]
    public async Task While_the_database_is_gone_mail_is_451_and_taken_when_it_is_back_and_nothing_is_lost(string how)
    {
        Assert.SkipUnless(
            ThrowAwayPostgres.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "PostgreSQL is not installed (apt-get install postgresql)");
        await using var postgres = await ThrowAwayPostgres.StartAsync();
        var data = Directory.CreateTempSubdirectory("passerelle-gone-").FullName;
        var options = new StoreOptions { DataFolder = Path.Combine(data, "data"), Postgres = await postgres.NewDatabaseAsync(), LeastFreeBytes = 0 };
        var (_, address) = await ServingGateway.PrepareAsync(options, Cancel);
        var taken = new List<Guid>();
        await using (var gateway = await ServingGateway.StartAsync(options, Cancel))
        {
            await using var wire = await Wire.OpenAsync(gateway.Endpoint);
            await wire.SayAsync("EHLO mail.fabrikam.example");
            taken.Add(Taken(await wire.TryMailAsync(Written.Mail(), address)));

            await (how == "kill" ? postgres.KillAsync() : postgres.StopAsync());
            for (var refused = 0; refused < Refusals;)
            {
                // small and large: a row, and a file with its row; each on a connection of its own, so that none is closed for its errors
                await using var other = await Wire.OpenAsync(gateway.Endpoint);
                await other.SayAsync("EHLO mail.fabrikam.example");
                var answer = await other.TryMailAsync(Mail(refused), address);
                if (refused == 0 && answer[0] == '2') taken.Add(Taken(answer)); // a backend that has not noticed yet still commits
                else Assert.StartsWith("451 4.3.0 ", answer, StringComparison.Ordinal);
                if (answer[0] == '4') refused++;
            }
            await postgres.StartAgainAsync();
            Assert.False(gateway.HasEnded);
            for (var number = 0; number < 2; number++) taken.Add(Taken(await wire.TryMailAsync(Mail(number), address)));
        }
        await using (var store = Opening.Open(options))
        {
            var receipts = await store.ReadAsync(tx => tx.Across("test").List<Guid>("SELECT id FROM receipt"), Cancel);
            Assert.Equal(taken.Order(), receipts.Order());
        }
        Directory.Delete(data, recursive: true);
    }

    private static string Mail(int number) => number % 2 == 0
        ? Written.Mail()
        : Written.Mail(text: string.Concat(Enumerable.Repeat("All of it matters.\r\n", 10_000)));

    private static Guid Taken(string answer)
    {
        Assert.StartsWith("250 2.0.0 Accepted as ", answer, StringComparison.Ordinal);
        return Guid.ParseExact(answer[^32..], "N");
    }
}
