using Passerelle.Dev.Soak;
using Passerelle.Dev.Soak.Cluster;

namespace Passerelle.Journey.Tests.Cluster;

/// <summary>The short form of <c>./dev soak cluster</c>.</summary>
public sealed class ClusterTests
{
    private const int Apps = 12;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_nodes_either_may_be_stopped_killed_or_frozen_and_come_back_and_nothing_is_lost_sent_twice_or_renewed_twice()
    {
        Assert.SkipUnless(
            ThrowAwayPostgres.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "PostgreSQL is not installed (apt-get install postgresql)");
        await using var round = await ClusterRound.OpenAsync(isInstalled: false, TextWriter.Null, Cancel);
        var seen = await round.RunAsync(Apps, isMeasured: false, Cancel);

        Assert.All(seen.Owned, apps => Assert.InRange(apps, 1, Apps - 1));
        Assert.True(seen.Lost + seen.Duplicated == 0, string.Join('\n', seen.Notes));
        Assert.Equal(0, seen.UnclearByOrder);
        Assert.Equal(1, seen.MostTokenRequests);
        Assert.InRange(seen.MostInAMinute, 1, ClusterRound.PerMinute);
        Assert.NotEqual(0, seen.ExitCode); // a supervisor sees that it did not end by order
    }
}
