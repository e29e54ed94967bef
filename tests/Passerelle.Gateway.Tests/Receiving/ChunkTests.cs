using MailKit.Net.Smtp;
using MailKit.Security;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>Mail that comes by BDAT (RFC 3030 §2) is kept on the same terms as mail that comes by DATA.</summary>
public sealed class ChunkTests
{
    private static readonly string Mail = Written.Mail();
    private static readonly int Half = Mail.Length / 2;
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task CHUNKING_and_BINARYMIME_are_offered_and_BINARYMIME_does_not_go_by_DATA()
    {
        await using var bench = await DoorBench.OpenAsync();
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", bench.Endpoint.Port, SecureSocketOptions.None, Cancel);
        Assert.Equal(SmtpCapabilities.Chunking | SmtpCapabilities.BinaryMime, client.Capabilities & (SmtpCapabilities.Chunking | SmtpCapabilities.BinaryMime));
        await using var wire = await bench.ConnectAsync();
        Assert.StartsWith("250 ", await wire.SayAsync("MAIL FROM:<ann@fabrikam.example> BODY=BINARYMIME", $"RCPT TO:<{bench.Inbound.Address}>"), StringComparison.Ordinal);
        Assert.StartsWith("503 ", await wire.SayAsync("DATA"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_BINARYMIME_is_kept_octet_by_octet_and_read_like_any_other()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        const string Head = "From: ann@fabrikam.example\r\nSubject: Figures\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
        const string Body = "--b\r\n\r\nSee the file.\r\n--b\r\nContent-Type: application/octet-stream; name=a.bin\r\nContent-Disposition: attachment; filename=a.bin\r\n"
            + "Content-Transfer-Encoding: binary\r\n\r\n\0\n\r\u0001\n.\r\nMAIL FROM:<>\r\n.\r\n--b--\r\n";
        await wire.SayAsync("MAIL FROM:<ann@fabrikam.example> BODY=BINARYMIME", $"RCPT TO:<{bench.Inbound.Address}>");
        var answer = await wire.ChunkAsync(Head + Body, last: true);

        Assert.StartsWith("250 2.0.0 Accepted ", answer, StringComparison.Ordinal);
        await bench.Inbound.ReadDueAsync();
        var id = Guid.ParseExact(answer[^32..], "N");
        Assert.Equal("See the file.", (await bench.Inbound.MessageAsync(id)).Text.Trim());
        await using var source = await bench.Inbound.Messages.OpenSourceAsync(bench.Inbound.Organisation, id, Cancel);
        using var reader = new StreamReader(source!); // it was read just now
        Assert.EndsWith(Body, await reader.ReadToEndAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_in_chunks_is_kept_with_its_last_chunk_and_not_before()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        await wire.BeginAsync(bench.Inbound.Address);
        Assert.StartsWith("250 ", await wire.ChunkAsync(Mail[..Half]), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await wire.ChunkAsync(Mail[Half..]), StringComparison.Ordinal);
        Assert.Equal(0, await bench.Inbound.CountAsync("receipt") + await bench.Inbound.CountAsync("raw_mail"));

        var answer = await wire.ChunkAsync("", last: true);

        Assert.Matches("^250 2.0.0 Accepted as [0-9a-f]{32}$", answer);
        var receipt = await bench.Inbound.ReceiptAsync(Guid.ParseExact(answer[^32..], "N"));
        await bench.Inbound.ReadDueAsync();
        await using var source = await bench.Inbound.Messages.OpenSourceAsync(bench.Inbound.Organisation, receipt.Id, Cancel);
        using var reader = new StreamReader(source!); // it was read just now
        Assert.EndsWith("\r\n" + Mail, await reader.ReadToEndAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_mail_in_chunks_is_spooled()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        await wire.BeginAsync(bench.Inbound.Address);
        await wire.ChunkAsync(Mail);
        for (var i = 0; i < 4; i++) Assert.StartsWith("250 ", await wire.ChunkAsync(Lines(50_000)), StringComparison.Ordinal);
        Assert.StartsWith("250 2.0.0 Accepted ", await wire.ChunkAsync(Lines(50_000), last: true), StringComparison.Ordinal);

        Assert.Equal(1, await bench.Inbound.CountAsync("raw_mail WHERE content IS NULL"));
        var file = Assert.Single(Directory.GetFiles(bench.Spool.Folder, "*", SearchOption.AllDirectories));
        Assert.True(new FileInfo(file).Length > 250_000);
    }

    [Fact]
    public async Task The_bound_of_a_mail_is_that_of_all_its_chunks_and_a_mail_beyond_it_leaves_nothing()
    {
        await using var bench = await DoorBench.OpenAsync(); // 1,000,000 bytes
        await using var wire = await bench.ConnectAsync();
        await wire.BeginAsync(bench.Inbound.Address);
        await wire.ChunkAsync(Mail);
        Assert.StartsWith("250 ", await wire.ChunkAsync(Lines(900_000)), StringComparison.Ordinal);
        Assert.StartsWith("552 5.3.4 ", await wire.ChunkAsync(Lines(200_000)), StringComparison.Ordinal);
        Assert.StartsWith("503 ", await wire.ChunkAsync("", last: true), StringComparison.Ordinal);

        Assert.Equal(0, await bench.Inbound.CountAsync("receipt") + await bench.Inbound.CountAsync("raw_mail"));
        Assert.Empty(Directory.GetFiles(bench.Spool.Folder, "*", SearchOption.AllDirectories));
        Assert.StartsWith("250 ", await wire.MailAsync(Mail, bench.Inbound.Address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_chunk_hears_451_while_the_store_is_away_and_nothing_is_kept()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        await wire.BeginAsync(bench.Inbound.Address);
        await wire.ChunkAsync(Mail[..Half]);
        bench.Faulty.Fault = new StoreUnavailable("away", diskFull: false, new IOException());
        Assert.StartsWith("451 4.3.0 ", await wire.ChunkAsync(Mail[Half..], last: true), StringComparison.Ordinal);

        bench.Faulty.Fault = null;
        Assert.Equal(0, await bench.Inbound.CountAsync("receipt") + await bench.Inbound.CountAsync("raw_mail"));
        await wire.BeginAsync(bench.Inbound.Address);
        Assert.StartsWith("250 2.0.0 Accepted ", await wire.ChunkAsync(Mail, last: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RSET_between_two_chunks_leaves_nothing()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        await wire.BeginAsync(bench.Inbound.Address);
        await wire.ChunkAsync(Mail + Lines(100_000));
        Assert.StartsWith("250 ", await wire.SayAsync("RSET"), StringComparison.Ordinal);
        Assert.Equal(0, await bench.Inbound.CountAsync("receipt") + await bench.Inbound.CountAsync("raw_mail"));
        Assert.Empty(Directory.GetFiles(bench.Spool.Folder, "*", SearchOption.AllDirectories));
    }

    private static string Lines(int octets) => string.Concat(Enumerable.Repeat(new string('x', 98) + "\r\n", octets / 100));
}
