using Passerelle.Dev.Soak;

namespace Passerelle.Journey.Tests.Recovery;

/// <summary>The short form of <c>./dev soak recovery</c>.</summary>
public sealed class RecoveryTests
{
    private const int Kills = 3;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task Killed_under_load_on_SQLite_it_loses_nothing_and_answers_nobody_twice() => KilledAsync(RecoverySoak.Sqlite);

    [Fact]
    public Task Killed_under_load_on_PostgreSQL_it_loses_nothing_and_answers_nobody_twice()
    {
        Assert.SkipUnless(
            ThrowAwayPostgres.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "PostgreSQL is not installed (apt-get install postgresql)");
        return KilledAsync(RecoverySoak.Postgres);
    }

    [Fact]
    public Task A_receiver_killed_in_the_middle_of_its_mail_loses_nothing_that_it_answered_held_mail_counted() =>
        KilledAsync(RecoverySoak.Sqlite, RecoverySoak.Receiver);

    [Fact]
    public Task PostgreSQL_killed_under_a_gateway_that_stays_up_loses_nothing()
    {
        Assert.SkipUnless(
            ThrowAwayPostgres.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "PostgreSQL is not installed (apt-get install postgresql)");
        return KilledAsync(RecoverySoak.Postgres, RecoverySoak.Database);
    }

    private static async Task KilledAsync(string store, string of = RecoverySoak.Gateway)
    {
        var folder = Directory.CreateTempSubdirectory("passerelle-soak-test-");
        try
        {
            var soak = new RecoverySoak(Path.Combine(folder.FullName, "recovery.jsonl"), of, store, TextWriter.Null);
            await soak.RunAsync(Kills, TimeSpan.FromMinutes(5), Cancel);
            var result = await soak.ResultAsync(Cancel);
            Assert.Equal(Kills, result.Runs);
            Assert.True(result.IsClean, result.ToTable());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
