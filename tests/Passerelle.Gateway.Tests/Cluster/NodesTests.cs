using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Hosting;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Store;

namespace Passerelle.Gateway.Tests.Cluster;

/// <summary>Nodes of one cluster, in this process: who they are, and who may be one.</summary>
public sealed class NodesTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("passerelle-nodes-").FullName;
    private readonly List<WebApplication> _nodes = [];
    private string _database = ""; // made in InitializeAsync

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await PostgresServer.NewDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.StopAsync(CancellationToken.None);
            await node.DisposeAsync();
        }
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Each_node_is_listed_with_what_it_owns_and_a_clock_that_was_compared_and_one_that_ended_in_order_is_gone()
    {
        var a = await StartAsync("mail-a", FreePort());
        var b = await StartAsync("mail-b", FreePort());
        var store = a.Services.GetRequiredService<IStore>();
        var organisation = await OrganisationAsync(store);
        var apps = a.Services.GetRequiredService<Passerelle.Gateway.Apps.EmailApps>();
        var mine = (await apps.OpenDraftAsync(organisation, Cancel)).Id;
        var taking = a.Services.GetRequiredService<Ownerships>();
        await taking.OfAsync(organisation, mine, Cancel);
        await a.Services.GetRequiredService<NodeClock>().CompareAsync(Cancel);

        var nodes = await ListAsync(b);
        Assert.Equal([("mail-a", NodeState.Lives, 1L), ("mail-b", NodeState.Lives, 0L)], nodes.Select(node => (node.Name, node.State, node.Apps ?? -1)));
        Assert.InRange(nodes[0].ClockAhead ?? TimeSpan.MaxValue, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(1));
        Assert.False(nodes[0].IsClockWrong);
        Assert.Equal((mine, "mail-a"), Assert.Single(await b.Services.GetRequiredService<NodeList>().AppsAsync(organisation, Cancel)) is var app ? (app.Id, app.Node) : default);

        await a.StopAsync(Cancel);
        nodes = await ListAsync(b);
        Assert.Equal([("mail-b", NodeState.Lives), ("mail-a", NodeState.Gone)], nodes.Select(node => (node.Name, node.State)));
    }

    [Fact]
    public async Task A_second_node_of_the_same_name_is_refused_with_who_bears_it_and_what_to_do()
    {
        var port = FreePort();
        await StartAsync("mail-a", port);
        var refused = await Assert.ThrowsAsync<NodeNameTaken>(() => StartAsync("mail-a", FreePort()));
        Assert.Matches(
            $@"^Another node is called mail-a: it is reached at 127\.0\.0\.1:{port} \(machine .+\) and gave a sign of life \d+ seconds ago\. Give this one a name of its own with --Cluster:Node, or stop the other first\.$",
            StartFailure.Sentence(refused) ?? "");
    }

    [Theory]
    [InlineData("mail-a", "10.0.0.11", "one", true)] // its own last life
    [InlineData("mail-a", "10.0.0.12", "one", false)]
    [InlineData("mail-a", "10.0.0.11", "two", false)] // both machines were given the same settings
    [InlineData("mail-b", "10.0.0.11", "one", false)]
    [InlineData("mail-b", "10.0.0.12", "two", true)]
    public void Name_and_address_belong_to_one_node(string name, string address, string host, bool isFree)
    {
        var own = new ClusterOptions { Node = name, Address = address, Port = 11111 };
        var refused = Record.Exception(() => NodeName.Judge([Row() with { Status = NodeRow.Active }], own, host));
        Assert.Equal(isFree, refused is null);
        Assert.True(isFree || refused is NodeNameTaken);
    }

    [Fact]
    public void A_name_is_free_again_when_the_node_that_bore_it_has_ended_or_has_long_been_silent()
    {
        var own = new ClusterOptions { Node = "mail-a", Address = "10.0.0.12", Port = 11111 };
        NodeName.Judge([Row() with { Status = NodeRow.Dead }, Row() with { AliveTime = Row().Now.AddMinutes(-1) }], own, "two");
    }

    [Fact]
    public void What_the_table_of_nodes_says_is_told_in_our_words()
    {
        Assert.Equal(NodeState.Lives, Row().State);
        Assert.Equal(NodeState.Moves, (Row() with { Status = 2 }).State);
        Assert.Equal(NodeState.Silent, (Row() with { AliveTime = Row().Now.AddSeconds(-21) }).State);
        Assert.Equal(NodeState.Gone, (Row() with { Status = NodeRow.Dead, SuspectTimes = "10.0.0.11:11111@1,2026-11-01 12:00:00.000 GMT" }).State); // it said so itself
        Assert.Equal(NodeState.Fenced, (Row() with { Status = NodeRow.Dead, SuspectTimes = "10.0.0.12:11111@1,2026-11-01 12:00:00.000 GMT" }).State);
    }

    [Fact]
    public void A_node_with_a_wrong_clock_is_not_silent_for_that()
    {
        var anHourAhead = Row() with { ClockAhead = 3_600_000, AliveTime = Row().Now.AddHours(1).AddSeconds(-2) };
        Assert.Equal(TimeSpan.FromSeconds(2), anHourAhead.SilentFor);
        Assert.Equal(NodeState.Lives, anHourAhead.State);
        Assert.Equal(NodeState.Silent, (Row() with { ClockAhead = -3_600_000, AliveTime = Row().Now.AddHours(-1).AddSeconds(-30) }).State);
    }

    [Fact]
    public async Task A_clock_that_goes_wrong_is_measured_against_the_databases()
    {
        await StartAsync("mail-a", FreePort());
        var placement = _nodes[0].Services.GetRequiredService<IPlacement>();
        var ahead = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(5));
        using var clock = new NodeClock(_nodes[0].Services.GetRequiredService<IStore>(), placement, ahead, NullLogger<NodeClock>.Instance);
        Assert.InRange(await clock.CompareAsync(Cancel), TimeSpan.FromMinutes(4.5), TimeSpan.FromMinutes(5.1));
        Assert.True(Assert.Single(await ListAsync(_nodes[0])).IsClockWrong);
    }

    private static NodeRow Row() => new()
    {
        Name = "mail-a",
        Address = "10.0.0.11",
        Port = 11111,
        Host = "one",
        Status = NodeRow.Active,
        StartTime = new DateTime(2026, 11, 1, 11, 0, 0),
        AliveTime = new DateTime(2026, 11, 1, 12, 0, 0),
        Now = new DateTime(2026, 11, 1, 12, 0, 3),
        Apps = 0,
    };

    private static async Task<IReadOnlyList<Node>> ListAsync(WebApplication node) => await node.Services.GetRequiredService<NodeList>().ListAsync(Cancel);

    private static async Task<Guid> OrganisationAsync(IStore store)
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                Passerelle.Gateway.Apps.Installations.Write(tx, new Passerelle.Gateway.Apps.Installation("https://mail.contoso.example", "in.contoso.example", "proxy"));
                return tx.Across("the list of owners").Execute("INSERT INTO organisation (id, name, created_at) VALUES (@id, 'Contoso', 0)", new { id });
            },
            Cancel);
        return id;
    }

    private async Task<WebApplication> StartAsync(string name, int port)
    {
        var app = GatewayApplication.Build(
        [
            $"--Store:DataFolder={Path.Combine(_folder, $"{name}-{port}")}", $"--Store:KeyFile={Path.Combine(_folder, "key")}", $"--Store:SharedFolder={Path.Combine(_folder, "shared")}",
            $"--Store:Postgres={_database}", "--Cluster:Enabled=true", $"--Cluster:Node={name}", FormattableString.Invariant($"--Cluster:Port={port}"),
            "--Http:Port=0", "--Receiving:Endpoints:0=127.0.0.1:0", "--Logging:LogLevel:Default=None", $"--Reading:Resolver={QuietDns.Address}",
        ]);
        try
        {
            await app.StartAsync(Cancel);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
        _nodes.Add(app);
        return app;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
