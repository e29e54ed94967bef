using static Passerelle.Smtp.Tests.Chunked;

namespace Passerelle.Smtp.Tests;

/// <summary>Mail that comes in chunks: CHUNKING (RFC 3030 §2).</summary>
public sealed class ChunkTests
{
    private const string ToBob = Transcript.ToBob;

    [Theory]
    [InlineData(SmtpExtensions.None, "SIZE 1000|PIPELINING|ENHANCEDSTATUSCODES|8BITMIME|SMTPUTF8")]
    [InlineData(SmtpExtensions.Chunking, "SIZE 1000|PIPELINING|ENHANCEDSTATUSCODES|8BITMIME|CHUNKING|SMTPUTF8")]
    [InlineData(SmtpExtensions.Chunking | SmtpExtensions.BinaryMime | SmtpExtensions.Dsn,
        "SIZE 1000|PIPELINING|DSN|ENHANCEDSTATUSCODES|8BITMIME|BINARYMIME|CHUNKING|SMTPUTF8")]
    [Must(3030, "3", "The BINARYMIME service extension can only be used with the CHUNKING service extension, and its keyword has no parameter")]
    public async Task What_is_offered_is_announced(SmtpExtensions extensions, string keywords)
    {
        await using var conversation = new Conversation(Offered with { Extensions = extensions });
        await conversation.ReadReplyAsync();
        await conversation.SendAsync("EHLO client.test\r\n");

        var reply = await conversation.ReadReplyAsync();

        Assert.Equal(keywords, string.Join('|', reply!.Split('\n').Skip(1).Select(line => line[4..]))); // it said something
    }

    [Fact]
    [Must(3030, "2", "A 250 response MUST be sent to each successful BDAT data block within a mail transaction")]
    [Must(3030, "2", "Any BDAT command sent after the BDAT LAST is illegal and MUST be replied to with a 503")]
    public async Task Chunks_make_one_message_and_each_is_answered() => await TakesAsync("a: b\r\n\r\n.\r\n..x\r\n", ToBob + """
        R: BDAT 8\r\na: b\r\n\r\n
        S: 250 2.0.0 8 octets received
        R: BDAT 0\r\n
        S: 250 2.0.0 0 octets received
        C: NOOP
        S: 250 *
        R: BDAT 8 LAST\r\n.\r\n..x\r\n
        S: 250 2.0.0 Stored 16
        C: BDAT 0 LAST
        S: 503 *
        """);

    [Theory]
    [InlineData(@"BDAT 4 LAST\r\na\r\nb", "a\r\nb")]
    [InlineData(@"bdat 3\r\na\r\nBDAT 0 last\r\n", "a\r\n")]
    [InlineData(@"BDAT 0 LAST\r\n", "")]
    [InlineData(@"BDAT 2\r\na\rBDAT 1 LAST\r\n\n", "a\r\n")]
    [InlineData(@"BDAT 5 LAST\r\n\r\n.\r\n", "\r\n.\r\n")]
    [InlineData(@"BDAT 000000000000000000000003 LAST\r\na\r\n", "a\r\n")]
    [Must(3030, "2", "BDAT takes the exact length of the data segment in octets, 1*DIGIT, and the data is sent immediately after its line")]
    public Task Where_a_chunk_ends_is_a_matter_of_number_only(string raw, string content) => TakesAsync(content, ToBob + $"""
        R: {raw}
        S: 250 *
        """, replies: raw.Split("BDAT", StringSplitOptions.RemoveEmptyEntries).Length);

    [Theory]
    [InlineData(@"BDAT 4 LAST\r\na\nb\n")]
    [InlineData(@"BDAT 2 LAST\r\na\r")]
    [InlineData(@"BDAT 4 LAST\r\na\rb\n")]
    [InlineData(@"BDAT 2\r\na\nBDAT 0 LAST\r\n")]
    public async Task A_bare_CR_or_LF_refuses_a_message_that_is_text(string raw)
    {
        await using var conversation = await StartAsync("MAIL FROM:<a@b.test>");
        await conversation.SendAsync(System.Text.RegularExpressions.Regex.Unescape(raw));
        Assert.StartsWith("550 5.6.11 ", await conversation.ReadReplyAsync(), StringComparison.Ordinal);
        if (raw.StartsWith("BDAT 2\\r\\na\\n", StringComparison.Ordinal))
        {
            Assert.StartsWith("503 ", await conversation.ReadReplyAsync(), StringComparison.Ordinal);
        }

        await IsAtEaseAsync(conversation);
        Assert.Empty(conversation.Host.Messages);
    }

    [Fact]
    [Must(3030, "2", "Servers that offer the BDAT extension MUST continue to support the regular SMTP DATA command")]
    public Task DATA_is_taken_still() => TakesAsync("a: b\r\n", ToBob + """
        C: DATA
        S: 354 *
        C: a: b
        C: .
        S: 250 *
        """);

    [Fact]
    [Must(3030, "2", "Behind a chunk-size that is too small, parsers MUST be prepared to receive, process, and reject lines of arbitrary octets")]
    public Task The_rest_of_a_chunk_counted_short_is_no_command() => TakesAsync("a\r\n", ToBob + """
        R: BDAT 3 LAST\r\na\r\n\x00\xFF\x80\r\n\x7F\x1B \xC3\x28\r\n\r\n
        S: 250 *
        S: 500 *
        S: 500 *
        S: 500 *
        C: NOOP
        S: 250 *
        """);

    [Fact]
    [Must(3030, "2", "If a DATA statement is issued after a BDAT for the current transaction, a 503 \"Bad sequence of commands\" MUST be issued")]
    [Must(5321, "3.3", "Mail transaction commands MUST be used in the order discussed: RCPT behind the content that BDAT has begun is 503")]
    public Task BDAT_and_DATA_do_not_mix_and_recipients_come_first() => TakesAsync("a\r\nb\r\n", ToBob + """
        R: BDAT 3\r\na\r\n
        S: 250 *
        C: DATA
        S: 503 5.5.1 BDAT and DATA do not mix
        C: RCPT TO:<eve@contoso.example>
        S: 503 *
        C: MAIL FROM:<eve@client.test>
        S: 503 *
        R: BDAT 3 LAST\r\nb\r\n
        S: 250 *
        """);

    [Theory]
    [InlineData("full", "452 4.3.1 *")]
    [InlineData("hasty", "451 4.3.0 *")]
    [Must(3030, "2", "If a failure occurs after a BDAT command is received, the receiver-SMTP MUST accept and discard the associated message data before sending the appropriate 5XX or 4XX code")]
    public Task An_answer_before_the_end_waits_for_the_end_of_the_chunk(string recipient, string reply) => RefusesAsync(
        ToBob.Replace("bob", recipient, StringComparison.Ordinal) + $"""
        R: BDAT 6\r\nRSET\r\n
        S: {reply}
        R: BDAT 6 LAST\r\nQUIT\r\n
        S: 503 *
        """);

    [Theory]
    [InlineData("C: EHLO client.test", "503 *")]
    [InlineData("C: HELO client.test", "503 5.5.1 Say EHLO first")]
    [InlineData("R: NOOP\\r\\n", "503 5.5.1 Say EHLO first")]
    public Task Content_that_nobody_asked_for_is_read_over_and_refused(string before, string reply) =>
        Transcript.PlaysAsync(Offered, new AcceptAll(), $"""
            S: 220 *
            {before}
            S: 250 *
            R: BDAT 6 LAST\r\nQUIT\r\n
            S: {reply}
            C: NOOP
            S: 250 *
            """);

    [Fact]
    [Must(3030, "2", "If a failure occurs after a BDAT command is received, the receiver-SMTP MUST accept and discard the associated message data before sending the appropriate 5XX or 4XX code")]
    public Task Content_for_no_recipient_is_read_over_and_refused() => RefusesAsync("""
        S: 220 *
        C: EHLO client.test
        S: 250 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: RCPT TO:<nobody@contoso.example>
        S: 550 *
        R: BDAT 6 LAST\r\nQUIT\r\n
        S: 554 5.5.1 *
        """);

    [Fact]
    [Must(3030, "2", "With command pipelining the receiver SMTP MUST be prepared to accept and discard additional BDAT chunks already in the pipeline after the failed BDAT")]
    public Task What_is_too_big_is_read_to_the_end_of_its_chunk_and_the_rest_refused() => RefusesAsync(ToBob + $"""
        R: BDAT 990\r\n{Lines(99)}BDAT 20\r\n{Lines(2)}BDAT 10\r\n{Lines(1)}BDAT 6 LAST\r\nQUIT\r\n
        S: 250 *
        S: 552 5.3.4 *
        S: 503 *
        S: 503 *
        """);

    [Fact]
    public async Task Exactly_the_bound_is_taken()
    {
        var host = await Transcript.PlaysAsync(Offered, new AcceptAll(), ToBob + $"""
            R: BDAT 500\r\n\r\n{Lines(49)}12345678
            S: 250 *
            R: BDAT 500 LAST\r\n\r\n{Lines(49)}12345678
            S: 250 2.0.0 Stored 1000
            """);
        Assert.Single(host.Messages);
    }

    [Theory]
    [InlineData("BDAT 99999999")]
    [InlineData("BDAT 99999999999999999999 LAST")]
    [InlineData("BDAT 999999999999999999999999999999")]
    public async Task A_chunk_beyond_all_measure_is_answered_and_cut_off(string command)
    {
        var host = await Transcript.PlaysAsync(Offered, new AcceptAll(), ToBob + $"""
            C: {command}
            R: {Lines(8000)}
            S: 552 5.3.4 *
            ! closed
            """);
        Assert.Empty(host.Messages);
    }

    [Theory]
    [InlineData("BDAT")]
    [InlineData("BDAT x")]
    [InlineData("BDAT -1")]
    [InlineData("BDAT 1 FIRST")]
    [InlineData("BDAT 1 LAST LAST")]
    public Task What_cannot_be_counted_closes_for_its_content_must_not_be_read_as_commands(string command) =>
        Transcript.PlaysAsync(Offered, new AcceptAll(), ToBob + $"""
            C: {command}
            S: 501 *
            ! closed
            """);

    [Fact]
    public Task Without_the_offer_it_is_no_command() =>
        Transcript.PlaysAsync(Offered with { Extensions = SmtpExtensions.None }, new AcceptAll(), ToBob + """
            C: BDAT 0 LAST
            S: 500 *
            """);

    private static string Lines(int count) => string.Concat(Enumerable.Repeat(@"\r\n12345678", count));

    private static async Task<Conversation> StartAsync(string mail)
    {
        var conversation = new Conversation(Offered);
        await conversation.SendAsync($"EHLO a\r\n{mail}\r\nRCPT TO:<b@c.test>\r\n");
        for (var reply = 0; reply < 4; reply++) await conversation.ReadReplyAsync();
        return conversation;
    }

    private static async Task IsAtEaseAsync(Conversation conversation)
    {
        await conversation.SendAsync("NOOP\r\n");
        Assert.StartsWith("250 ", await conversation.ReadReplyAsync(), StringComparison.Ordinal);
    }
}
