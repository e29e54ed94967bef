using System.Text;

namespace Passerelle.Smtp.Tests;

/// <summary>CHUNKING and BINARYMIME (RFC 3030).</summary>
public sealed class ChunkTests
{
    private const string ToBob = Transcript.ToBob;

    private static readonly SmtpServerOptions Offered = Conversation.Options(new SmtpLimits(MaxBytes: 1000)
    {
        MaxLineBytes = 100,
        MaxHeaderBytes = 200,
    }) with
    { Extensions = SmtpExtensions.Chunking | SmtpExtensions.BinaryMime };

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
    [Must(3030, "3", "Once a receiver-SMTP accepts a message containing binary material, it MUST deliver or relay it in such a way as to preserve all bits in each octet")]
    public async Task A_body_of_BINARYMIME_holds_any_octet_and_lines_of_any_length()
    {
        var content = "a: b\r\n\r\n\n\r\0\n" + new string('x', 500) + "\r";
        var host = await TakesAsync(content, Binary + $"""
            R: BDAT {content.Length} LAST\r\n{content.Replace("\r", @"\r", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal).Replace("\0", @"\x00", StringComparison.Ordinal)}
            S: 250 *
            """);
        Assert.Equal(MailBody.BinaryMime, host.Messages.Single().Envelope.From.Body);
    }

    [Fact]
    public Task The_header_of_BINARYMIME_is_lines_still() => RefusesAsync(Binary + """
        R: BDAT 14 LAST\r\na: b\nc: d\r\n\r\nx
        S: 550 5.6.11 *
        """);

    [Theory]
    [InlineData(@"BDAT 41 LAST\r\nContent-Transfer-Encoding: binary\r\n\r\n\x00\xFF\r\n")]
    [InlineData(@"DATA\r\nContent-Transfer-Encoding: binary\r\n\r\n\x00\xFF\r\n.\r\n")]
    [Must(3030, "3", "If the MIME message contains a \"Binary\" content-transfer-encoding and BODY does not indicate BINARYMIME, the message MUST be accepted")]
    public Task Binary_that_is_not_declared_is_taken_where_it_has_lines(string raw) => TakesAsync(
        "Content-Transfer-Encoding: binary\r\n\r\n\0\u00FF\r\n", ToBob + $"""
        R: {raw}
        {(raw.StartsWith("DATA", StringComparison.Ordinal) ? "S: 354 *\n" : "")}S: 250 *
        """);

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
    [Must(3030, "3", "If a DATA command is issued after a MAIL command containing the body-value of BINARYMIME, a 503 response MUST be sent")]
    public Task BINARYMIME_does_not_go_by_DATA() => RefusesAsync(Binary + """
        C: DATA
        S: 503 *
        """);

    [Theory]
    [InlineData("BINARYMIME", SmtpExtensions.Chunking)]
    [InlineData("BINARYMIME", SmtpExtensions.None)]
    public Task BINARYMIME_that_is_not_offered_is_refused(string body, SmtpExtensions extensions) =>
        Transcript.PlaysAsync(Offered with { Extensions = extensions }, new AcceptAll(), $"""
            S: 220 *
            C: EHLO client.test
            S: 250 *
            C: MAIL FROM:<ann@client.test> BODY={body}
            S: 501 *
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
    [InlineData("RSET", "250 2.0.0 Reset")]
    [InlineData("EHLO again.test", "250 SMTPUTF8")]
    [InlineData("HELO again.test", "250 *")]
    [Must(3030, "2", "RSET after the first BDAT and before the BDAT LAST clears all segments sent during that transaction and resets the session")]
    public async Task What_ends_a_transaction_ends_a_half_sent_message(string command, string reply)
    {
        var host = await Transcript.PlaysAsync(Offered, new AcceptAll(), ToBob + $"""
            R: BDAT 3\r\na\r\n
            S: 250 *
            C: {command}
            S: {reply}
            C: BDAT 0 LAST
            S: 503 *
            C: MAIL FROM:<ann@client.test>
            S: 250 *
            """);
        Assert.Empty(host.Messages);
        Assert.Empty(host.Faults);
    }

    [Fact]
    public async Task QUIT_in_the_middle_closes_and_keeps_nothing()
    {
        var host = await Transcript.PlaysAsync(Offered, new AcceptAll(), ToBob + """
            R: BDAT 3\r\na\r\n
            S: 250 *
            C: QUIT
            S: 221 *
            ! closed
            """);
        Assert.Empty(host.Messages);
        Assert.Equal([SmtpClosing.Quit], host.Closings);
    }

    [Theory]
    [InlineData("greedy")]
    [InlineData("bob")]
    public async Task A_hangup_between_two_chunks_keeps_nothing(string recipient)
    {
        var host = await Transcript.PlaysAsync(Offered, new AcceptAll(), ToBob.Replace("bob", recipient, StringComparison.Ordinal) + """
            R: BDAT 3\r\na\r\n
            S: 250 *
            ! hangup
            ! closed
            """);
        Assert.Empty(host.Messages);
        Assert.Empty(host.Faults);
        Assert.Equal([SmtpClosing.Disconnected], host.Closings);
    }

    [Fact]
    public async Task A_host_that_swallows_a_RSET_cannot_accept_the_message()
    {
        var host = await Transcript.PlaysAsync(Offered, new AcceptAll(), ToBob.Replace("bob", "greedy", StringComparison.Ordinal) + """
            R: BDAT 3\r\na\r\n
            S: 250 *
            C: RSET
            S: 250 2.0.0 Reset
            """);
        Assert.Equal(0, host.Session?.Accepted);
    }

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

    [Fact]
    public async Task A_message_begun_in_chunks_that_does_not_go_on_is_timed_out()
    {
        var host = await Transcript.PlaysAsync(Offered, new AcceptAll(), ToBob + """
            R: BDAT 3\r\na\r\n
            S: 250 *
            ! expire
            S: 421 4.4.2 *
            ! closed
            """);
        Assert.Equal([SmtpClosing.TimedOut], host.Closings);
    }

    [Fact]
    public async Task Shutting_down_between_two_chunks_keeps_nothing()
    {
        var host = await Transcript.PlaysAsync(Offered, new AcceptAll(), ToBob + """
            R: BDAT 3\r\na\r\n
            S: 250 *
            ! stop
            S: 421 4.3.2 *
            ! closed
            """);
        Assert.Empty(host.Messages);
        Assert.Equal([SmtpClosing.ShuttingDown], host.Closings);
    }

    [Fact]
    public Task Too_many_errors_between_two_chunks_close() =>
        Transcript.PlaysAsync(Offered with { Limits = Offered.Limits with { MaxErrors = 2 } }, new AcceptAll(), ToBob + """
            R: BDAT 3\r\na\r\n
            S: 250 *
            C: DATA
            S: 503 *
            C: FOO
            S: 500 *
            S: 421 4.7.0 *
            ! closed
            """);

    private static string Binary => ToBob.Replace("client.test>", "client.test> BODY=BINARYMIME", StringComparison.Ordinal);

    private static string Lines(int count) => string.Concat(Enumerable.Repeat(@"\r\n12345678", count));

    private static async Task<AcceptAll> TakesAsync(string content, string text, int replies = 1)
    {
        for (var more = 1; more < replies; more++) text += "\nS: 250 *";
        var host = await Transcript.PlaysAsync(Offered, new AcceptAll(), text);
        Assert.Equal(content, Encoding.Latin1.GetString(Assert.Single(host.Messages).Content));
        return host;
    }

    /// <summary>Nothing is kept, and the connection can be used again.</summary>
    private static async Task RefusesAsync(string text)
    {
        var host = await Transcript.PlaysAsync(Offered, new AcceptAll(), text + """

            C: RSET
            S: 250 *
            C: MAIL FROM:<ann@client.test>
            S: 250 *
            """);
        Assert.Empty(host.Messages);
    }

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
