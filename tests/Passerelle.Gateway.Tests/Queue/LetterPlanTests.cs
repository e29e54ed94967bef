using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Operations;
using Passerelle.Gateway.Polling.Doubts;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
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

    /// <summary>With the plain column it takes the index of open letters, which is empty when one looks at its size and long under load.</summary>
    [Fact]
    public async Task A_letter_that_is_settled_is_found_by_its_key_on_PostgreSQL()
    {
        await using var office = await PostOffice.OpenAsync(postgres: await PostgresServer.NewDatabaseAsync());
        var conversation = await office.ConversationAsync();
        for (var letter = 0; letter < 200; letter++) await office.LetterAsync(conversation);
        var plan = await office.Temp.Store.WriteAsync(
            Lane.Work,
            tx =>
            {
                var rows = tx.For(office.Organisation);
                rows.Execute("UPDATE letter SET state = 'settled' WHERE organisation_id = @organisation");
                using var analyse = tx.Connection.CreateCommand();
                analyse.CommandText = "ANALYZE letter";
                analyse.ExecuteNonQuery();
                string[] states = ["state", LetterRows.StateOfOne];
                return states.Select(state => string.Join('\n', rows.List<string>(
                    $"EXPLAIN UPDATE letter SET state = 'settled' WHERE organisation_id = @organisation AND id = @id AND {state} IN ('claimed', 'submitting')", new { id = conversation }))).ToList();
            },
            TempStore.Cancel);
        Assert.Contains("letter_open", plan[0], StringComparison.Ordinal);
        Assert.Contains("letter_pkey", plan[1], StringComparison.Ordinal);
    }

    private static bool GoesThroughAll(string line) =>
        (line.StartsWith("SCAN l", StringComparison.Ordinal) && !Partial.Any(index => line.Contains($"INDEX {index}", StringComparison.Ordinal)))
        || (line.StartsWith("SEARCH l", StringComparison.Ordinal) && line.Contains(Everyone, StringComparison.Ordinal) && !line.Contains("INDEX letter_app_due", StringComparison.Ordinal));
}
