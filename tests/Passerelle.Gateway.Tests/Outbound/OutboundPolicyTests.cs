using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Outbound;

namespace Passerelle.Gateway.Tests.Outbound;

public sealed class OutboundPolicyTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1.2.3")]
    [InlineData("2130706433")] // 127.0.0.1 as one number
    [InlineData("0x7f.1")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("[::ffff:10.0.0.1]")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2001:0:7f00:1::1")]
    [InlineData("fe80::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("ff02::1")]
    public async Task A_private_address_is_closed_in_every_spelling(string host)
    {
        var judged = await Policy(Dns.GetHostAddressesAsync).JudgeAsync(host, 443, TempStore.Cancel);
        Assert.Contains("Outbound:Allow", Assert.IsType<OutboundJudgement.Closed>(judged).Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    public async Task A_public_address_is_open(string host) =>
        Assert.IsType<OutboundJudgement.Open>(await Policy(Dns.GetHostAddressesAsync).JudgeAsync(host, 443, TempStore.Cancel));

    [Fact]
    public async Task One_private_answer_among_public_ones_closes_the_name()
    {
        var policy = Policy((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("8.8.8.8"), IPAddress.Loopback]));
        Assert.IsType<OutboundJudgement.Closed>(await policy.JudgeAsync("bait.example", 443, TempStore.Cancel));
    }

    [Fact]
    public async Task A_name_that_changes_its_answer_is_resolved_once_and_the_judged_address_is_used()
    {
        var asked = 0;
        var policy = Policy((_, _) => Task.FromResult<IPAddress[]>([++asked == 1 ? IPAddress.Parse("8.8.8.8") : IPAddress.Loopback]));
        var open = Assert.IsType<OutboundJudgement.Open>(await policy.JudgeAsync("rebind.example", 443, TempStore.Cancel));
        Assert.Equal([IPAddress.Parse("8.8.8.8")], open.Addresses);
        await Assert.ThrowsAsync<OutboundRefused>(() => policy.ConnectAsync("rebind.example", 443, TempStore.Cancel));
    }

    [Fact]
    public async Task Only_the_exact_host_and_port_that_the_operator_listed_opens()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var policy = Policy(Dns.GetHostAddressesAsync, $"127.0.0.1:{port}");
        using var socket = await policy.ConnectAsync("127.0.0.1", port, TempStore.Cancel);
        Assert.True(socket.NoDelay);
        await Assert.ThrowsAsync<OutboundRefused>(() => policy.ConnectAsync("127.0.0.1", port + 1, TempStore.Cancel));
        await Assert.ThrowsAsync<OutboundRefused>(() => policy.ConnectAsync("localhost", port, TempStore.Cancel));
    }

    [Fact]
    public async Task Http_is_judged_too_and_the_refusal_is_found_inside_what_the_library_throws()
    {
        var options = Options.Create(new OutboundOptions());
        using var http = new OutboundHttp(Policy(Dns.GetHostAddressesAsync), new OutboundTrust(options), options);
        using var client = http.Client("test");
        var failure = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.GetAsync(new Uri("http://169.254.169.254/latest/meta-data"), TempStore.Cancel));
        Assert.Contains("169.254.169.254:80", OutboundRefused.In(failure)?.Message, StringComparison.Ordinal);
    }

    private static OutboundPolicy Policy(ResolveHost resolve, params string[] allow) =>
        new(Options.Create(new OutboundOptions { Allow = allow }), resolve, TimeProvider.System);
}
