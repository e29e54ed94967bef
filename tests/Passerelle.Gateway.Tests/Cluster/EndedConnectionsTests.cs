using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Passerelle.Gateway.Cluster.Orleans;

namespace Passerelle.Gateway.Tests.Cluster;

/// <summary>A connection to another node ends: is there still somebody?</summary>
public sealed class EndedConnectionsTests : IDisposable
{
    private const int Generation = 1;
    private readonly TcpListener _own = Listening();
    private readonly TcpListener _other = Listening();
    private readonly SiloAddress _here;

    public EndedConnectionsTests() => _here = AddressOf(_own); // a stopped listener has forgotten it

    public void Dispose()
    {
        _own.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task A_node_whose_process_has_ended_is_declared_dead()
    {
        var gone = AddressOf(_other);
        _other.Stop();
        var members = new Members((_here, SiloStatus.Active), (gone, SiloStatus.Active));
        await ConnectionEndsAsync(members);
        Assert.Equal(gone, await members.Killed.Task.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_node_that_still_listens_is_left_to_the_probes()
    {
        var members = new Members((_here, SiloStatus.Active), (AddressOf(_other), SiloStatus.Active));
        await ConnectionEndsAsync(members);
        using var asked = await _other.AcceptSocketAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await asked.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken)); // the asking is over
        Assert.False(members.Killed.Task.IsCompleted);
    }

    [Theory]
    [InlineData(SiloStatus.Joining)] // it does not listen yet
    [InlineData(SiloStatus.ShuttingDown)]
    [InlineData(SiloStatus.Dead)]
    public async Task Of_nodes_that_do_not_serve_none_is_asked(SiloStatus status)
    {
        var gone = AddressOf(_other);
        _own.Stop(); // not even of itself
        _other.Stop();
        var members = new Members((_here, SiloStatus.Active), (gone, status), (Unheard(), SiloStatus.Active)); // the last of the three is told
        await ConnectionEndsAsync(members);
        Assert.Equal(members.Last, await members.Killed.Task.WaitAsync(TestContext.Current.CancellationToken));
    }

    private async Task ConnectionEndsAsync(Members members)
    {
        var watch = new EndedConnections(members, new Here(_here), NullLogger<EndedConnections>.Instance);
        await Assert.ThrowsAsync<IOException>(() => watch.WatchAsync(new DefaultConnectionContext("one"), _ => throw new IOException("reset by peer")));
    }

    private static TcpListener Listening()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private SiloAddress Unheard()
    {
        using var listener = Listening();
        return AddressOf(listener);
    }

    private static SiloAddress AddressOf(TcpListener listener) => SiloAddress.New((IPEndPoint)listener.LocalEndpoint, Generation);

    /// <summary>Of the details the address is asked for.</summary>
    private sealed class Here(SiloAddress address) : ILocalSiloDetails
    {
        public string Name => "mail-a";
        public string ClusterId => "passerelle";
        public string DnsHostName => "localhost";
        public SiloAddress SiloAddress => address;
        public SiloAddress GatewayAddress => address;
    }

    private sealed class Members(params (SiloAddress Address, SiloStatus Status)[] nodes) : IClusterMembershipService
    {
        public SiloAddress Last => nodes[^1].Address;

        public TaskCompletionSource<SiloAddress> Killed { get; } = new();

        public ClusterMembershipSnapshot CurrentSnapshot { get; } = new(
            nodes.ToImmutableDictionary(node => node.Address, node => new ClusterMember(node.Address, node.Status, node.Address.ToString())), new MembershipVersion(1));

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<bool> TryKill(SiloAddress siloAddress)
        {
            Killed.SetResult(siloAddress); // a second one would throw
            return Task.FromResult(true);
        }
    }
}
