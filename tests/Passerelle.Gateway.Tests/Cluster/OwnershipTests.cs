using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Store;

namespace Passerelle.Gateway.Tests.Cluster;

/// <summary>What keeps two nodes apart, on the store where there can be two.</summary>
public sealed class OwnershipTests : IAsyncLifetime
{
    private TempStore _store = null!; // opened in InitializeAsync
    private Guid _organisation;
    private Guid _app;

    private static CancellationToken Cancel => TempStore.Cancel;

    public async ValueTask InitializeAsync()
    {
        _store = new TempStore(await PostgresServer.NewDatabaseAsync());
        _organisation = await _store.OrganisationAsync();
        _app = (await _store.Apps.OpenDraftAsync(_organisation, Cancel)).Id;
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task An_app_that_another_living_node_owns_is_not_looked_at_and_one_of_a_dead_node_is()
    {
        await new Ownerships(_store.Store, new NodeOf("mail-a", "|mail-b|")).OfAsync(_organisation, _app, Cancel);
        Assert.Equal(["mail-a"], await LookAsync("|mail-b|"));
        Assert.Equal(["mail-a"], await LookAsync(""));
        Assert.Empty(await LookAsync("|mail-a|"));
        Assert.Empty(await LookAsync("|mail-a|mail-b|"));
        Assert.Equal(["mail-a"], await LookAsync("|mail-a2|mail|"));
    }

    [Fact]
    public async Task A_takeover_waits_for_what_the_old_owner_is_writing_and_refuses_what_it_writes_afterwards()
    {
        var old = await new Ownerships(_store.Store, new Alone()).OfAsync(_organisation, _app, Cancel);
        using var reached = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var writing = _store.Store.WriteAsync(
            Lane.Work,
            tx =>
            {
                var holds = Ownerships.Holds(tx, old);
                reached.Set();
                go.Wait(Cancel);
                return holds;
            },
            Cancel);
        reached.Wait(Cancel);
        var taking = new Ownerships(_store.Store, new Alone()).OfAsync(_organisation, _app, Cancel);
        await Task.WhenAny(taking, Task.Delay(TimeSpan.FromMilliseconds(300), Cancel)); // long enough to have been done without the lock
        Assert.False(taking.IsCompleted);

        go.Set();
        Assert.True(await writing);
        Assert.Equal(old.Epoch + 1, (await taking).Epoch);
        Assert.False(await _store.Store.WriteAsync(Lane.Work, tx => Ownerships.Holds(tx, old), Cancel));
    }

    [Fact]
    public async Task Only_the_node_where_an_app_is_placed_takes_it()
    {
        var here = new Ownerships(_store.Store, new NodeOf("mail-a", "|mail-b|"));
        var there = new Ownerships(_store.Store, new NodeOf("mail-b", "|mail-a|") { IsElsewhere = true });
        var owner = await here.IfHereAsync(_organisation, _app, Cancel);
        Assert.Null(await there.IfHereAsync(_organisation, _app, Cancel));
        Assert.Equal(owner, await here.IfHereAsync(_organisation, _app, Cancel));
    }

    [Fact]
    public async Task An_app_that_is_handed_over_is_ended_first_waits_meanwhile_and_is_asked_for_anew()
    {
        var placement = new NodeOf("mail-a", "|mail-b|");
        var here = new Ownerships(_store.Store, placement);
        var owner = await here.IfHereAsync(_organisation, _app, Cancel);
        var steps = new List<string>();
        Task<Ownership?>? meanwhile = null;
        here.Leaving += async (_, app) =>
        {
            Assert.Equal(_app, app);
            Assert.True(here.IsLeaving(_organisation, _app));
            await Task.Yield();
            steps.Add("ended");
        };
        await here.HandOverAsync(_organisation, _app, async () =>
        {
            steps.Add("moved");
            meanwhile = here.IfHereAsync(_organisation, _app, Cancel);
            Assert.False(meanwhile.IsCompleted);
            await here.OfAsync(_organisation, _app, Cancel); // the grain that is told to move may come to life here once more
            placement.IsElsewhere = true;
        });
        Assert.Equal(["ended", "moved"], steps);
        Assert.False(here.IsLeaving(_organisation, _app));
        Assert.Null(await meanwhile!); // set by the move
        Assert.Null(await here.IfHereAsync(_organisation, _app, Cancel));

        placement.IsElsewhere = false; // it comes back
        Assert.True((await here.IfHereAsync(_organisation, _app, Cancel))!.Value.Epoch > owner!.Value.Epoch);
    }

    /// <summary>Nodes that own an app which this one, beside those others, would look at.</summary>
    private Task<List<string>> LookAsync(string others) => _store.Store.ReadAsync(
        tx => tx.For(_organisation).List<string>(
            "SELECT a.node FROM app a WHERE a.organisation_id = @organisation AND @others NOT LIKE '%|' || a.node || '|%'", new { others }),
        Cancel);
}
