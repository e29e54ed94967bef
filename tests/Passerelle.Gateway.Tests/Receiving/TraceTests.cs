using Passerelle.Gateway.Receiving;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>What we write on top of a mail, and what we leave to it (RFC 5321 §4.4).</summary>
public sealed class TraceTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    [Theory]
    [InlineData("Resent-To: eve@fabrikam.example\r\nResent-To: joe@fabrikam.example\r\n")]
    [InlineData("Resent-From: eve@fabrikam.example\r\nResent-Sender: joe@fabrikam.example\r\nResent-Sender: joe@fabrikam.example\r\n")]
    [InlineData("Received: no trace at all\r\nReceived:\r\nreceived: from [ by ; Thu, 99 Foo 26\r\n")]
    [InlineData("Received: from z by y; Sun, 01 Nov 2026 12:00:00 +0000\r\nReturn-Path: <joe@fabrikam.example>\r\nReceived: from a\r\n\tby b\r\n")]
    [Must(5321, "3.3", "Servers MUST NOT reject messages in which the numbers of Resent-header fields do not match or Resent-to appears without Resent-from and/or Resent-date")]
    [Must(5321, "3.7.2", "Receiving systems MUST NOT reject mail based on the format of a trace header field")]
    [Must(5321, "4.4", "SMTP servers MUST prepend Received lines to messages; they MUST NOT change the order of existing lines or insert Received lines in any other location")]
    [Must(5321, "4.4", "An Internet mail program MUST NOT change or delete a Received: line that was previously added to the message header section")]
    public async Task The_fields_of_others_stand_below_ours_as_they_came(string fields)
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        var mail = fields + Written.Mail().ReplaceLineEndings("\r\n");

        var lines = await LinesAsync(bench, await wire.MailAsync(mail, bench.Inbound.Address));

        Assert.StartsWith("Return-Path: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("Received: from mail.fabrikam.example ", lines[1], StringComparison.Ordinal);
        Assert.Equal(mail.Split("\r\n"), lines[4..^1]); // the last one is empty
    }

    [Fact]
    [Must(5321, "4.4", "If the FOR clause appears, it MUST contain exactly one path, even when multiple RCPT commands have been given")]
    [Must(5321, "4.4", "The date-time of the line MUST NOT have an \"obs-\" form, especially a two-digit year")]
    [Must(5321, "C", "SMTP servers MUST NOT derive final message routing information from message header fields")]
    public async Task The_envelope_alone_says_whose_a_mail_is()
    {
        await using var bench = await DoorBench.OpenAsync();
        var (_, other) = await bench.Inbound.NewAppAsync(bench.Inbound.Organisation, "connected");
        await using var wire = await bench.ConnectAsync();

        var answer = await wire.MailAsync($"Cc: {other}\r\nApparently-To: {other}\r\n{Written.Mail()}", bench.Inbound.Address, "postmaster");

        Assert.Equal(2, await bench.Inbound.CountAsync("receipt")); // the app's and postmaster's
        var lines = await LinesAsync(bench, answer);
        Assert.Matches("^ by in.contoso.example \\(Passerelle\\) with ESMTP$", lines[2]); // no FOR
        Assert.Matches("^ id [0-9a-f]{32}; (Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} [+]0000$", lines[3]);
    }

    [Theory]
    [InlineData("PROXY TCP6 2001:db8::7 2001:db8::1 40000 25", "[IPv6:2001:db8::7]")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 40000 25", "[192.0.2.7]")]
    [Must(5321, "4.4", "This line MUST be structured as follows: FROM, name, and an address literal, which has the tag IPv6: where it is one (4.1.3)")]
    public async Task The_source_is_an_address_literal(string proxy, string literal)
    {
        await using var bench = await DoorBench.OpenAsync(Settings("in.contoso.example", "127.0.0.1"));
        await using var wire = await Wire.SilentAsync(bench.Endpoint);
        await wire.SendAsync($"{proxy}\n");
        Assert.StartsWith("220 ", await wire.ReplyAsync(), StringComparison.Ordinal);
        await wire.SayAsync("EHLO mail.fabrikam.example");

        var lines = await LinesAsync(bench, await wire.MailAsync(Written.Mail(), bench.Inbound.Address));

        Assert.Equal($"Received: from mail.fabrikam.example ({literal})", lines[1]);
    }

    [Fact]
    [Must(6531, "3.7.1", "If the SMTP server provides domain names in the EHLO response, they MUST be in the form of LDH labels or A-labels")]
    public async Task A_host_in_its_own_script_greets_as_the_DNS_knows_it()
    {
        await using var bench = await DoorBench.OpenAsync(Settings("mx.bücher.example"));
        await using var wire = await Wire.SilentAsync(bench.Endpoint);
        Assert.StartsWith("220 mx.xn--bcher-kva.example ", await wire.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250 mx.xn--bcher-kva.example ", await wire.SayAsync("HELO mail.fabrikam.example"), StringComparison.Ordinal);
        Assert.Contains("Receiving:HostName", Assert.Throws<FormatException>(() => Settings("bücher..example").Host).Message, StringComparison.Ordinal);
    }

    private static ReceivingOptions Settings(string host, params string[] proxies) =>
        new() { Endpoints = ["127.0.0.1:0"], HostName = host, ProxyFrom = proxies, MaxBytes = 1_000_000, AddressSeconds = 0 };

    private static async Task<string[]> LinesAsync(DoorBench bench, string answer)
    {
        Assert.StartsWith("250 ", answer, StringComparison.Ordinal);
        await bench.Inbound.ReadDueAsync();
        await using var source = await bench.Inbound.Messages.OpenSourceAsync(bench.Inbound.Organisation, Guid.ParseExact(answer[^32..], "N"), Cancel);
        using var reader = new StreamReader(source!); // it was read, so it is there
        return (await reader.ReadToEndAsync(Cancel)).Split("\r\n");
    }
}
