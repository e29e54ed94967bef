using System.Net;
using System.Net.Sockets;
using Passerelle.Gateway.Receiving;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>Rates and caps hold under attack, and an honest sender still gets through. Who attacks is 127.0.0.2, who is honest 127.0.0.3.</summary>
public sealed class AttackTests
{
    private static readonly string Mail = Written.Mail();
    private static readonly IPAddress Attacker = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress Honest = IPAddress.Parse("127.0.0.3");

    [Fact]
    public async Task A_client_with_too_many_connections_is_421_and_an_honest_sender_gets_through()
    {
        await using var bench = await OpenAsync(new() { MaxConnectionsPerClient = 3 });
        var open = new List<Wire>();
        for (var n = 0; n < 3; n++) open.Add(await ConnectAsync(bench, Attacker));
        for (var n = 0; n < 20; n++) Assert.StartsWith("421 4.7.0 Too many connections from your address at once", await GreetingAsync(bench, Attacker), StringComparison.Ordinal);
        await DeliversAsync(bench, Honest);

        await open[0].SayAsync("QUIT");
        Assert.Equal("closed", await open[0].ReplyAsync());
        await using (await ConnectAsync(bench, Attacker)) { } // one went, one may come
        foreach (var wire in open) await wire.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_connects_too_often_is_421_for_a_minute_and_an_honest_sender_gets_through()
    {
        await using var bench = await OpenAsync(new() { ConnectionsPerMinutePerClient = 5 });
        for (var n = 0; n < 5; n++) Assert.StartsWith("220 ", await GreetingAsync(bench, Attacker), StringComparison.Ordinal);
        for (var n = 0; n < 20; n++) Assert.StartsWith("421 4.7.0 ", await GreetingAsync(bench, Attacker), StringComparison.Ordinal);
        await DeliversAsync(bench, Honest);
        bench.Inbound.Temp.Time.Advance(TimeSpan.FromMinutes(1));
        await DeliversAsync(bench, Attacker);
    }

    [Fact]
    public async Task A_client_that_floods_is_450_for_a_minute_and_an_honest_sender_gets_through()
    {
        await using var bench = await OpenAsync(new() { MailsPerMinutePerClient = 5 });
        await using var wire = await ConnectAsync(bench, Attacker);
        for (var n = 0; n < 5; n++) Assert.StartsWith("250 ", await wire.TryMailAsync(Mail, bench.Inbound.Address), StringComparison.Ordinal);
        for (var n = 0; n < 20; n++) Assert.StartsWith("450 4.7.0 ", await wire.TryMailAsync(Mail, bench.Inbound.Address), StringComparison.Ordinal);
        await DeliversAsync(bench, Honest);
        Assert.Equal(6, await bench.Inbound.CountAsync("receipt"));
        bench.Inbound.Temp.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.StartsWith("250 ", await wire.TryMailAsync(Mail, bench.Inbound.Address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_for_one_address_leaves_the_others_theirs()
    {
        await using var bench = await OpenAsync(new() { MailsPerMinutePerAddress = 5 });
        var (_, other) = await bench.Inbound.NewAppAsync(bench.Inbound.Organisation, "connected");
        await using var wire = await ConnectAsync(bench, Attacker);
        for (var n = 0; n < 5; n++) Assert.StartsWith("250 ", await wire.TryMailAsync(Mail, bench.Inbound.Address), StringComparison.Ordinal);
        Assert.StartsWith("450 4.2.1 ", await wire.TryMailAsync(Mail, bench.Inbound.Address.ToUpperInvariant()), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await wire.TryMailAsync(Mail, other), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_together_may_not_send_more_than_the_installation_takes()
    {
        await using var bench = await OpenAsync(new() { MailsPerMinute = 2 });
        await DeliversAsync(bench, Attacker);
        await DeliversAsync(bench, Honest);
        await using var wire = await ConnectAsync(bench, Honest);
        Assert.StartsWith("451 4.3.2 ", await wire.TryMailAsync(Mail, bench.Inbound.Address), StringComparison.Ordinal);
        bench.Inbound.Temp.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.StartsWith("250 ", await wire.TryMailAsync(Mail, bench.Inbound.Address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_refused_again_and_again_waits_for_each_answer_and_nobody_else_does()
    {
        await using var bench = await OpenAsync(new() { RefusalsPerMinutePerClient = 4, TarpitSeconds = 5 });
        await using var wire = await ConnectAsync(bench, Attacker);
        for (var n = 0; n < 4; n++) Assert.StartsWith("5", await wire.SayAsync("VRFY"), StringComparison.Ordinal);
        await wire.SendAsync("VRFY\n");
        var answer = wire.ReplyAsync();
        await DeliversAsync(bench, Honest); // while the attacker waits
        Assert.False(answer.IsCompleted);
        while (!answer.IsCompleted)
        {
            bench.Inbound.Temp.Time.Advance(TimeSpan.FromSeconds(5)); // its wait may not have begun when the first five seconds pass
            await Task.Yield();
        }
        Assert.StartsWith("5", await answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_the_tarpit()
    {
        await using var bench = await OpenAsync(new() { RefusalsPerMinutePerClient = 1, TarpitSeconds = 60 });
        await using var wire = await ConnectAsync(bench, Attacker);
        await wire.SayAsync("VRFY");
        await wire.SendAsync("VRFY\n");
        await bench.Door.StopAsync(TempStore.Cancel);
        string last;
        do last = await wire.ReplyAsync();
        while (last[0] == '5');
        Assert.StartsWith("421 4.3.2 ", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Our_own_relays_are_not_counted()
    {
        await using var bench = await OpenAsync(new() { MaxConnectionsPerClient = 1, MailsPerMinutePerClient = 1, UnlimitedFrom = ["127.0.0.2", "192.0.2.0/24"] });
        await using var held = await ConnectAsync(bench, Attacker);
        for (var n = 0; n < 3; n++) await DeliversAsync(bench, Attacker);
    }

    private static Task<DoorBench> OpenAsync(ReceivingOptions bounds) => DoorBench.OpenAsync(new ReceivingOptions
    {
        Endpoints = ["127.0.0.1:0"],
        HostName = "in.contoso.example",
        AddressSeconds = 0,
        UnlimitedFrom = bounds.UnlimitedFrom is { Count: > 0 } own ? own : ["192.0.2.0/24"], // else loopback is
        MaxConnectionsPerClient = bounds.MaxConnectionsPerClient,
        ConnectionsPerMinutePerClient = bounds.ConnectionsPerMinutePerClient,
        MailsPerMinutePerClient = bounds.MailsPerMinutePerClient,
        MailsPerMinutePerAddress = bounds.MailsPerMinutePerAddress,
        MailsPerMinute = bounds.MailsPerMinute,
        RefusalsPerMinutePerClient = bounds.RefusalsPerMinutePerClient,
        TarpitSeconds = bounds.TarpitSeconds,
    });

    private static async Task<Wire> ConnectAsync(DoorBench bench, IPAddress from)
    {
        var wire = await Wire.OpenAsync(bench.Endpoint, from);
        Assert.StartsWith("250 ", await wire.SayAsync("EHLO mail.fabrikam.example"), StringComparison.Ordinal);
        return wire;
    }

    private static async Task DeliversAsync(DoorBench bench, IPAddress from)
    {
        await using var wire = await ConnectAsync(bench, from);
        Assert.StartsWith("250 2.0.0 Accepted ", await wire.TryMailAsync(Mail, bench.Inbound.Address), StringComparison.Ordinal);
        await wire.SayAsync("QUIT");
    }

    /// <summary>The first line, and gone.</summary>
    private static async Task<string> GreetingAsync(DoorBench bench, IPAddress from)
    {
        using var client = new TcpClient(new IPEndPoint(from, 0));
        await client.ConnectAsync(bench.Endpoint, TempStore.Cancel);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync(TempStore.Cancel) ?? "closed";
    }
}
