using Passerelle.Dev.Soak.Tokens;

namespace Passerelle.Journey.Tests.Tokens;

/// <summary>The short form of <c>./dev soak tokens</c>.</summary>
public sealed class TokenSoakTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_apps_over_three_days_lose_nothing_send_nothing_twice_and_every_break_is_told_within_a_minute()
    {
        var folder = Directory.CreateTempSubdirectory("passerelle-soak-test-");
        try
        {
            var soak = new TokenSoak(Path.Combine(folder.FullName, "tokens.jsonl"), TextWriter.Null);
            await soak.RunAsync(rounds: 1, apps: 20, days: 3, TimeSpan.FromMinutes(5), Cancel);
            var result = await soak.ResultAsync(Cancel);
            Assert.Equal(1, result.Runs);
            Assert.True(result.IsClean, result.ToTable());

            await soak.RunAsync(rounds: 1, apps: 20, days: 3, TimeSpan.FromMinutes(5), Cancel); // it had been done
            Assert.Equal(1, (await soak.ResultAsync(Cancel)).Runs);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
