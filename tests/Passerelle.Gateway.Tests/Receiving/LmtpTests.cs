using Passerelle.Gateway.Receiving;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>The door for a mail server in front (RFC 2033).</summary>
public sealed class LmtpTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task Each_recipient_hears_its_own_receipt()
    {
        await using var bench = await OpenAsync();
        var (_, second) = await bench.Inbound.NewAppAsync(bench.Inbound.Organisation, "connected");
        await using var wire = await Wire.OpenAsync(bench.Door.LmtpEndpoints[0]);
        Assert.StartsWith("250 ", await wire.SayAsync("LHLO front.contoso.example"), StringComparison.Ordinal);
        await wire.SayAsync("MAIL FROM:<ann@fabrikam.example>");
        Assert.StartsWith("250 ", await wire.SayAsync($"RCPT TO:<{bench.Inbound.Address}>"), StringComparison.Ordinal);
        Assert.StartsWith("550 ", await wire.SayAsync("RCPT TO:<nobody@in.contoso.example>"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await wire.SayAsync($"RCPT TO:<{second}>"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await wire.SayAsync($"RCPT TO:<{bench.Inbound.Address}>"), StringComparison.Ordinal);
        Assert.StartsWith("354 ", await wire.SayAsync("DATA"), StringComparison.Ordinal);
        var first = await wire.SayAsync($"{Written.Mail()}\n.");
        var other = await wire.ReplyAsync();

        Assert.Equal(first, await wire.ReplyAsync()); // the same app
        Assert.NotEqual(first, other);
        Assert.Equal(2, await bench.Inbound.CountAsync("receipt"));
        Assert.Equal(second, (await bench.Inbound.ReceiptAsync(Guid.ParseExact(other[^32..], "N"))).EnvelopeTo);
        var receipt = Guid.ParseExact(first[^32..], "N");
        Assert.Equal(bench.Inbound.Address, (await bench.Inbound.ReceiptAsync(receipt)).EnvelopeTo);
        await bench.Inbound.ReadDueAsync();
        await using var source = await bench.Inbound.Messages.OpenSourceAsync(bench.Inbound.Organisation, receipt, Cancel);
        using var reader = new StreamReader(source!); // it was read just now
        Assert.Contains("\r\n by in.contoso.example (Passerelle) with LMTP\r\n", await reader.ReadToEndAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_away_is_451_for_each_and_SMTP_is_not_spoken()
    {
        await using var bench = await OpenAsync();
        await using var wire = await Wire.OpenAsync(bench.Door.LmtpEndpoints[0]);
        Assert.StartsWith("500 ", await wire.SayAsync("EHLO mail.fabrikam.example"), StringComparison.Ordinal);
        await wire.SayAsync("LHLO front.contoso.example", "MAIL FROM:<ann@fabrikam.example>", $"RCPT TO:<{bench.Inbound.Address}>", "RCPT TO:<postmaster>");
        await wire.SayAsync("DATA");
        bench.Faulty.Fault = new Gateway.Store.StoreUnavailable("away", diskFull: false, new IOException());
        Assert.StartsWith("451 4.3.0 ", await wire.SayAsync($"{Written.Mail()}\n."), StringComparison.Ordinal);
        Assert.StartsWith("451 4.3.0 ", await wire.ReplyAsync(), StringComparison.Ordinal);
    }

    [Fact]
    [Must(2033, "5", "The LMTP protocol MUST NOT be used on the TCP service port 25")]
    public void Port_25_is_refused()
    {
        var options = new ReceivingOptions { LmtpEndpoints = ["127.0.0.1:25"] };
        Assert.Contains("port 25", Assert.Throws<FormatException>(() => options.ListenForLmtp.ToList()).Message, StringComparison.Ordinal);
    }

    private static Task<DoorBench> OpenAsync() => DoorBench.OpenAsync(new ReceivingOptions
    {
        Endpoints = ["127.0.0.1:0"],
        LmtpEndpoints = ["127.0.0.1:0"],
        HostName = "in.contoso.example",
        MaxBytes = 1_000_000,
        AddressSeconds = 0,
    });
}
