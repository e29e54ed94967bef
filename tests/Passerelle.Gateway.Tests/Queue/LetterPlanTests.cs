using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Operations;
using Passerelle.Gateway.Polling.Doubts;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Tests.Store;

namespace Passerelle.Gateway.Tests.Queue;

/// <summary>However many letters there are: whoever takes apps over, sweeps, counts or looks for work finds his letters by an index.</summary>
public sealed class LetterPlanTests
{
    /// <summary>Indexes of letters that have not ended.</summary>
    private static readonly string[] Partial = ["letter_open", "letter_due", "letter_app_due", "letter_unclear"];
    private const string Everyone = "(organisation_id=?)"; // all letters of the organisation

    [Fact]
    public async Task No_look_for_letters_goes_through_all_of_them()
    {
        await using var office = await PostOffice.OpenAsync();
        await office.LetterAsync(await office.ConversationAsync());
        var watched = new WatchedStore(office.Temp.Store, "EXPLAIN QUERY PLAN ", all: true);
        var recovery = new LetterRecovery(watched, new Alone(), office.Signals, office.Options, office.Temp.Time);
        var letters = new Letters(watched, new Alone(), office.Signals, Audit.Record, office.Options, office.Temp.Time);
        var owner = await office.OwnerAsync();

        await recovery.UnfinishedAsync(TempStore.Cancel);
        await recovery.TakeOverAsync(owner, TempStore.Cancel);
        await recovery.SweepAsync(TempStore.Cancel);
        Assert.Single(await letters.DueAsync(TempStore.Cancel));
        await letters.NextDueAsync(DateTimeOffset.UnixEpoch, TempStore.Cancel);
        Assert.Single(await letters.ClaimAsync(owner, new LetterClaim(5), TempStore.Cancel));

        await watched.ReadAsync(tx => DoubtRows.List(tx, office.Temp.Time.GetUtcNow(), 10), TempStore.Cancel);
        using var backlog = new Backlog(watched, new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
        await backlog.RefreshAsync(TempStore.Cancel);

        Assert.True(watched.Seen.Count > 18, $"{watched.Seen.Count} statements were seen");
        var through = watched.Seen.SelectMany(one => one.Plan.Where(GoesThroughAll).Select(line => $"{line}: {one.Sql}")).ToList();
        Assert.True(through.Count == 0, string.Join("\n\n", through));
    }

    private static bool GoesThroughAll(string line) =>
        (line.StartsWith("SCAN l", StringComparison.Ordinal) && !Partial.Any(index => line.Contains($"INDEX {index}", StringComparison.Ordinal)))
        || (line.StartsWith("SEARCH l", StringComparison.Ordinal) && line.Contains(Everyone, StringComparison.Ordinal) && !line.Contains("INDEX letter_app_due", StringComparison.Ordinal));
}
