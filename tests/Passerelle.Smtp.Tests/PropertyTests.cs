using System.Globalization;
using System.Text;
using CsCheck;

namespace Passerelle.Smtp.Tests;

public sealed class PropertyTests
{
    private const string Session =
        "EHLO client.test\r\nMAIL FROM:<ann@client.test>\r\nRCPT TO:<bob@contoso.example>\r\nFOO\r\nDATA\r\n"
        + "Subject: a\r\n\r\n..\r\n.x\r\n\r\n.\r\n"
        + "MAIL FROM:<>\r\nRCPT TO:<nobody@contoso.example>\r\nRCPT TO:<bob@contoso.example>\r\nDATA\r\n"
        + "a\n.\nb\r\n.\r\r\n.\r\n"
        + "NOOP\nRSET\r\nQUIT\r\n";

    private const SmtpExtensions All = SmtpExtensions.Chunking | SmtpExtensions.BinaryMime | SmtpExtensions.Dsn;

    private static readonly string[] Words =
    [
        "EHLO a\r\n", "MAIL FROM:<", "RCPT TO:<", ">\r\n", "DATA\r\n", ".\r\n", "\r\n", "\"", "\\", "(", ")", "@", "[",
        "a", "AUTH LOGIN\r\n", "BDAT 5\r\n", "BDAT 0 LAST\r\n", " BODY=BINARYMIME", "*\r\n", "\0", "\n", " SIZE=5", " SMTPUTF8", "\xC3\xA9",
    ];

    /// <summary>Lines as awkward as mail can be: dots, nothing, and any octet but CR and LF.</summary>
    private static readonly Gen<byte[]> Content =
        Gen.OneOf(Gen.Const("."), Gen.Const(".."), Gen.Const(""), Text('\0', '\xFF', 90))
            .Select(line => line.Replace('\r', '.').Replace('\n', '.') + "\r\n")
            .Array[0, 40].Select(lines => Encoding.Latin1.GetBytes(string.Concat(lines)));

    [Fact]
    public Task Any_chunking_of_the_same_bytes_gives_the_same_replies() =>
        Gen.Int[1, 17].Array[1, 20].SampleAsync(
            async sizes =>
            {
                var (whole, _) = await TalkAsync(Encoding.Latin1.GetBytes(Session), [int.MaxValue], 4096);
                var (pieces, host) = await TalkAsync(Encoding.Latin1.GetBytes(Session), sizes, 1 + (sizes[0] % 7));
                Assert.Equal(whole, pieces);
                Assert.Equal("Subject: a\r\n\r\n.\r\nx\r\n\r\n"u8, Assert.Single(host.Messages).Content);
            },
            iter: 60);

    [Fact]
    public Task Any_content_survives_dot_stuffing() =>
        Gen.Select(Content, Gen.Int[1, 100].Array[1, 5], Gen.Int[1, 200]).SampleAsync(
            async (content, sizes, buffer) =>
            {
                var stuffed = Encoding.Latin1.GetString(content).Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
                if (stuffed.StartsWith('.')) stuffed = "." + stuffed;
                var session = $"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<b@c.test>\r\nDATA\r\n{stuffed}.\r\nQUIT\r\n";
                var (_, host) = await TalkAsync(Encoding.Latin1.GetBytes(session), sizes, buffer);
                Assert.Equal(content, Assert.Single(host.Messages).Content);
            },
            iter: 100);

    [Fact]
    public Task Any_content_survives_being_cut_into_chunks() =>
        Gen.Select(Content, Gen.Int[0, 100].Array[1, 5], Gen.Int[1, 100].Array[1, 5], Gen.Int[1, 200]).SampleAsync(
            async (content, chunks, sizes, buffer) =>
            {
                var session = new StringBuilder("EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<b@c.test>\r\n");
                var at = 0;
                foreach (var chunk in chunks)
                {
                    var piece = content.AsSpan(at, Math.Min(chunk, content.Length - at));
                    session.Append(CultureInfo.InvariantCulture, $"BDAT {piece.Length}\r\n").Append(Encoding.Latin1.GetString(piece));
                    at += piece.Length;
                }
                session.Append(CultureInfo.InvariantCulture, $"BDAT {content.Length - at} LAST\r\n").Append(Encoding.Latin1.GetString(content.AsSpan(at)));
                var (_, host) = await TalkAsync(Encoding.Latin1.GetBytes(session + "QUIT\r\n"), sizes, buffer);
                Assert.Equal(content, Assert.Single(host.Messages).Content);
            },
            iter: 100);

    [Fact]
    public Task No_bytes_break_the_loop() =>
        Gen.OneOf(Gen.Byte.Array[0, 400], Gen.Int[0, Words.Length - 1].Array[1, 60].Select(Sentence))
            .SampleAsync(
                async bytes =>
                {
                    var (_, host) = await TalkAsync(bytes, [int.MaxValue], 64);
                    Assert.Single(host.Closings);
                    Assert.Empty(host.Faults);
                },
                iter: 300);

    [Fact]
    public void Any_address_that_is_written_is_read_back() =>
        Text(' ', '~', 30).Select(local => new Mailbox(local, "contoso.example")).Sample(
            mailbox => Assert.True(Mailbox.TryParse(mailbox.ToString(), out var read) && read == mailbox), iter: 2000);

    private static Gen<string> Text(char first, char last, int longest) =>
        Gen.Char[first, last].Array[0, longest].Select(characters => new string(characters));

    private static byte[] Sentence(int[] words) =>
        Encoding.Latin1.GetBytes(string.Concat(words.Select(word => Words[word])));

    private static async Task<(IReadOnlyList<string> Replies, AcceptAll Host)> TalkAsync(
        byte[] bytes, int[] sizes, int buffer)
    {
        var host = new AcceptAll { BufferSize = buffer, Offered = ["LOGIN"] };
        await using var conversation = new Conversation(Conversation.Options() with { Extensions = All }, host);
        var sending = SendAsync();
        var replies = await conversation.ReadToEndAsync();
        await sending;
        return (replies, host);

        async Task SendAsync()
        {
            for (int at = 0, turn = 0; at < bytes.Length; turn++)
            {
                var size = Math.Min(sizes[turn % sizes.Length], bytes.Length - at);
                await conversation.SendAsync(bytes.AsMemory(at, size));
                at += size;
            }
            await conversation.Client.Output.CompleteAsync();
        }
    }
}
