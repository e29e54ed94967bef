using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;

namespace Passerelle.Smtp.Tests;

/// <summary>The PROXY protocol, versions 1 and 2, as a receiver must read it.</summary>
public sealed class ProxyHeaderTests
{
    private const string V2 = @"\r\n\r\n\x00\r\nQUIT\n";
    private const string ToV4 = @"\xC0\x00\x02\x07\xC6\x33\x64\x01\x9C\x40\x00\x19"; // 192.0.2.7 → 198.51.100.1, 40000 → 25

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(@"PROXY TCP4 192.0.2.7 198.51.100.1 40000 25\r\n", "192.0.2.7:40000", "198.51.100.1:25")]
    [InlineData(@"PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n", "0.0.0.0:0", "255.255.255.255:65535")]
    [InlineData(@"PROXY TCP6 2001:db8::7 2001:DB8::1 40000 25\r\n", "[2001:db8::7]:40000", "[2001:db8::1]:25")]
    [InlineData(@"PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535")]
    [InlineData(V2 + @"\x21\x11\x00\x0C" + ToV4, "192.0.2.7:40000", "198.51.100.1:25")]
    [InlineData(V2 + @"\x21\x11\x00\x0F" + ToV4 + @"\x04\x00\x00", "192.0.2.7:40000", "198.51.100.1:25")] // with a TLV
    public async Task Who_is_carried_is_read_and_the_rest_stays(string header, string source, string destination)
    {
        var (said, rest) = await ReadAsync(Bytes(header + @"EHLO x\r\n"));
        var carried = Assert.IsType<ProxyHeader.Carried>(said);
        Assert.Equal((IPEndPoint.Parse(source), IPEndPoint.Parse(destination)), (carried.Source, carried.Destination));
        Assert.Equal("EHLO x\r\n", rest);
    }

    [Fact]
    public async Task Version_2_carries_IPv6()
    {
        byte[] from = [.. IPAddress.Parse("2001:db8::7").GetAddressBytes()], to = [.. IPAddress.Parse("2001:db8::1").GetAddressBytes()];
        var (said, rest) = await ReadAsync([.. Bytes(V2 + @"\x21\x21\x00\x24"), .. from, .. to, 0x9C, 0x40, 0, 25]);
        Assert.Equal(new IPEndPoint(IPAddress.Parse("2001:db8::7"), 40000), Assert.IsType<ProxyHeader.Carried>(said).Source);
        Assert.Equal("", rest);
    }

    [Theory]
    [InlineData(@"PROXY UNKNOWN\r\n")]
    [InlineData(@"PROXY UNKNOWN ffff::1 anything at all\r\n")]
    [InlineData(V2 + @"\x20\x00\x00\x00")] // LOCAL: a health check
    [InlineData(V2 + @"\x20\x11\x00\x0C" + ToV4)] // LOCAL, whatever it says behind
    [InlineData(V2 + @"\x20\xFF\x00\x02??")]
    [InlineData(V2 + @"\x21\x00\x00\x00")] // UNSPEC
    [InlineData(V2 + @"\x21\x00\x00\x03\x04\x00\x00")]
    public async Task Where_the_proxy_names_nobody_the_connection_speaks_for_itself(string header)
    {
        var (said, rest) = await ReadAsync(Bytes(header + @"EHLO x\r\n"));
        Assert.IsType<ProxyHeader.Own>(said);
        Assert.Equal("EHLO x\r\n", rest);
    }

    [Fact]
    public async Task A_Unix_socket_of_the_proxy_is_no_address_of_a_client()
    {
        var paths = new byte[216];
        "/run/client"u8.CopyTo(paths);
        var (said, rest) = await ReadAsync([.. Bytes(V2 + @"\x21\x31\x00\xD8"), .. paths, .. "EHLO x\r\n"u8]);
        Assert.IsType<ProxyHeader.Own>(said);
        Assert.Equal("EHLO x\r\n", rest);
    }

    [Theory]
    [InlineData(@"EHLO client.test\r\n")]
    [InlineData(@"proxy TCP4 192.0.2.7 198.51.100.1 40000 25\r\n")]
    [InlineData(@"PROXYTCP4 192.0.2.7 198.51.100.1 40000 25\r\n")]
    [InlineData(@"PROXY TCP5 192.0.2.7 198.51.100.1 40000 25\r\n")]
    [InlineData(@"PROXY UNKNOWNX\r\n")]
    [InlineData(@"PROXY  TCP4 192.0.2.7 198.51.100.1 40000 25\r\n")]
    [InlineData(@"PROXY TCP4 192.0.2.7 198.51.100.1 40000 25 \r\n")]
    [InlineData(@"PROXY TCP4 192.0.2.7 198.51.100.1 40000\r\n")]
    [InlineData(@"PROXY TCP4 192.0.2.7 198.51.100.1 40000 65536\r\n")]
    [InlineData(@"PROXY TCP4 192.0.2.7 198.51.100.1 +1 25\r\n")]
    [InlineData(@"PROXY TCP4 192.0.2.7 198.51.100.1 040 25\r\n")]
    [InlineData(@"PROXY TCP4 192.0.2 198.51.100.1 40000 25\r\n")]
    [InlineData(@"PROXY TCP4 192.0.2.256 198.51.100.1 40000 25\r\n")]
    [InlineData(@"PROXY TCP4 192.0.2.07 198.51.100.1 40000 25\r\n")]
    [InlineData(@"PROXY TCP4 0x7f.1 198.51.100.1 40000 25\r\n")]
    [InlineData(@"PROXY TCP4 2001:db8::7 2001:db8::1 40000 25\r\n")]
    [InlineData(@"PROXY TCP6 192.0.2.7 198.51.100.1 40000 25\r\n")]
    [InlineData(@"PROXY TCP6 fe80::1%eth0 2001:db8::1 40000 25\r\n")]
    [InlineData(@"PROXY TCP6 [2001:db8::7] 2001:db8::1 40000 25\r\n")]
    [InlineData(@"PROXY TCP4 192.0.2.7 198.51.100.1 40000 25\n\r\n")]
    [InlineData(V2 + @"\x11\x11\x00\x0C" + ToV4)] // version 1 in binary
    [InlineData(V2 + @"\x31\x11\x00\x0C" + ToV4)]
    [InlineData(V2 + @"\x22\x11\x00\x0C" + ToV4)] // no such command
    [InlineData(V2 + @"\x21\x12\x00\x0C" + ToV4)] // a datagram
    [InlineData(V2 + @"\x21\x41\x00\x0C" + ToV4)] // no such family
    [InlineData(V2 + @"\x21\x11\x00\x0B" + ToV4)] // cut short
    [InlineData(V2 + @"\x21\x21\x00\x0C" + ToV4)]
    [InlineData(V2 + @"\x21\x31\x00\x0C" + ToV4)]
    [InlineData(V2 + @"\x21\x11\xFF\xFF" + ToV4)] // longer than we read
    [InlineData(@"\r\n\r\n\x00\r\nQUIt\n\x21\x11\x00\x0C" + ToV4)]
    public async Task Anything_else_is_refused(string header) =>
        Assert.IsType<ProxyHeader.Malformed>((await ReadAsync(Bytes(header), whole: false)).Header);

    [Theory]
    [InlineData("")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51")]
    [InlineData(V2 + @"\x21\x11\x00\x0C\xC0")]
    public async Task A_client_that_leaves_in_the_middle_is_refused(string header) =>
        Assert.IsType<ProxyHeader.Malformed>((await ReadAsync(Bytes(header))).Header);

    [Theory]
    [InlineData('x')]
    [InlineData('0')]
    public async Task A_line_that_does_not_end_is_not_waited_for(char filler)
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(Bytes("PROXY UNKNOWN " + new string(filler, 93)), Cancel); // 107 octets, and the writer stays
        Assert.IsType<ProxyHeader.Malformed>(await ProxyHeader.ReadAsync(pipe.Reader, Cancel));
    }

    [Theory]
    [InlineData("PRX")]
    [InlineData("\r\n\r\nQ")]
    [InlineData("EHLO")]
    public async Task What_cannot_become_a_header_is_refused_at_its_first_wrong_octet(string start)
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(Encoding.Latin1.GetBytes(start), Cancel);
        Assert.IsType<ProxyHeader.Malformed>(await ProxyHeader.ReadAsync(pipe.Reader, Cancel));
    }

    [Theory]
    [InlineData(@"PROXY TCP4 192.0.2.7 198.51.100.1 40000 25\r\n")]
    [InlineData(@"PROXY UNKNOWN\r\n")]
    [InlineData(V2 + @"\x21\x11\x00\x0F" + ToV4 + @"\x04\x00\x00")]
    [InlineData(V2 + @"\x20\x00\x00\x00")]
    public async Task Octet_by_octet_it_is_the_same_header(string header)
    {
        var (whole, _) = await ReadAsync(Bytes(header));
        var pipe = new Pipe();
        var reading = ProxyHeader.ReadAsync(pipe.Reader, Cancel).AsTask();
        foreach (var octet in Bytes(header)) await pipe.Writer.WriteAsync(new[] { octet }, Cancel);
        Assert.Equal(whole, await reading);
    }

    [Fact]
    public void No_octets_break_the_parser() => Gen.Select(Gen.OneOf(Gen.Const(""), Gen.Const("PROXY "), Gen.Const("PROXY TCP4 "), Gen.Const("PROXY TCP6 ")), Gen.Byte.Array[0, 300], Gen.Bool).Sample(
        (start, octets, binary) =>
        {
            byte[] bytes = [.. binary ? Bytes(V2 + @"\x21\x11") : Encoding.Latin1.GetBytes(start), .. octets];
            var consumed = ProxyHeader.Parse(new ReadOnlySequence<byte>(bytes), out var header);
            Assert.InRange(consumed, 0, bytes.Length);
            Assert.True(header is not null || consumed == 0);
        },
        iter: 5000);

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(Regex.Unescape(text));

    private static async Task<(ProxyHeader Header, string Left)> ReadAsync(byte[] bytes, bool whole = true)
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(bytes, Cancel);
        await pipe.Writer.CompleteAsync();
        var header = await ProxyHeader.ReadAsync(pipe.Reader, Cancel);
        if (!whole) return (header, "");
        using var rest = new StreamReader(pipe.Reader.AsStream(), Encoding.Latin1);
        return (header, await rest.ReadToEndAsync(Cancel));
    }
}
