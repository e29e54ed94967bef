using System.Net.Sockets;
using System.Text;
using Passerelle.Gateway.Receiving;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>Whom the PROXY header is believed from. How it is read: Passerelle.Smtp.Tests.</summary>
public sealed class ProxyTests
{
    private const string Header = "PROXY TCP4 203.0.113.9 198.51.100.1 40000 25\r\n";
    private static readonly byte[] Health = [.. "\r\n\r\n\0\r\nQUIT\n"u8, 0x20, 0x00, 0x00, 0x00]; // version 2, LOCAL

    private static CancellationToken Cancel => TempStore.Cancel;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.0/8")]
    public async Task A_listed_proxy_says_whom_it_carries(string listed)
    {
        await using var bench = await OpenAsync(listed);
        var answer = await DeliverAsync(bench, Encoding.ASCII.GetBytes(Header));
        Assert.Equal("203.0.113.9", (await bench.Inbound.ReceiptAsync(Guid.ParseExact(answer[^32..], "N"))).RemoteAddress);
    }

    [Fact]
    public async Task A_health_check_of_the_proxy_is_the_proxy_itself()
    {
        await using var bench = await OpenAsync("127.0.0.1");
        var answer = await DeliverAsync(bench, Health);
        Assert.Equal("127.0.0.1", (await bench.Inbound.ReceiptAsync(Guid.ParseExact(answer[^32..], "N"))).RemoteAddress);
    }

    [Theory]
    [InlineData("EHLO mail.fabrikam.example\r\n")]
    [InlineData("PROXY TCP4 203.0.113.9\r\n")]
    [InlineData("PROXY TCP4 203.0.113.9 198.51.100.1 40000 99999\r\n")]
    public async Task From_a_listed_proxy_the_header_is_required_and_nothing_is_said_without_it(string first)
    {
        await using var bench = await OpenAsync("127.0.0.1");
        Assert.Equal("", await AllAsync(bench, Encoding.ASCII.GetBytes(first + "QUIT\r\n")));
    }

    [Fact]
    public async Task From_anybody_else_it_is_a_command_that_does_not_exist()
    {
        await using var bench = await OpenAsync("192.0.2.0/24");
        var said = await AllAsync(bench, Encoding.ASCII.GetBytes(Header + "QUIT\r\n"));
        Assert.Contains("\r\n500 5.5.2 ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LMTP_takes_no_header_for_its_peer_is_a_mail_server()
    {
        await using var bench = await OpenAsync("127.0.0.1");
        await using var wire = await Wire.OpenAsync(bench.Door.LmtpEndpoints[0]); // 220 without having said anything
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("10.0.0.0/33")]
    [InlineData("")]
    public void What_is_no_network_fails_the_start(string listed) =>
        Assert.Throws<FormatException>(() => new ReceivingOptions { ProxyFrom = [listed] }.ProxyNetworks.ToList());

    private static Task<DoorBench> OpenAsync(string listed) => DoorBench.OpenAsync(new ReceivingOptions
    {
        Endpoints = ["127.0.0.1:0"],
        LmtpEndpoints = ["127.0.0.1:0"],
        HostName = "in.contoso.example",
        MaxBytes = 1_000_000,
        AddressSeconds = 0,
        ProxyFrom = [listed],
    });

    private static async Task<string> DeliverAsync(DoorBench bench, byte[] header)
    {
        var mail = Written.Mail().ReplaceLineEndings("\r\n");
        var said = await AllAsync(bench, [.. header, .. Encoding.UTF8.GetBytes(
            $"EHLO mail.fabrikam.example\r\nMAIL FROM:<ann@fabrikam.example>\r\nRCPT TO:<{bench.Inbound.Address}>\r\nDATA\r\n{mail}\r\n.\r\nQUIT\r\n")]);
        return Assert.Single(said.Split("\r\n"), line => line.Contains("Accepted as", StringComparison.Ordinal));
    }

    private static async Task<string> AllAsync(DoorBench bench, byte[] bytes)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(bench.Endpoint, Cancel);
        await client.GetStream().WriteAsync(bytes, Cancel);
        using var said = new MemoryStream();
        try
        {
            await client.GetStream().CopyToAsync(said, Cancel);
        }
        catch (IOException)
        {
            // reset: what we sent was not read
        }
        return Encoding.ASCII.GetString(said.ToArray());
    }
}
