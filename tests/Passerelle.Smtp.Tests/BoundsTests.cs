namespace Passerelle.Smtp.Tests;

public sealed class BoundsTests
{
    private const string Hello = """
        S: 220 *
        C: EHLO client.test
        S: 250 *

        """;

    private static readonly SmtpLimits Small = new(MaxBytes: 1000)
    {
        MaxRecipients = 2,
        MaxCommandBytes = 60,
        MaxAuthBytes = 80,
        MaxErrors = 3,
        MaxRefusedRecipients = 2,
        MaxTransactions = 2,
    };

    [Fact]
    public Task One_recipient_too_many_is_put_off() => Transcript.PlaysAsync(Small, Hello + """
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: RCPT TO:<a@contoso.example>
        S: 250 *
        C: RCPT TO:<b@contoso.example>
        S: 250 *
        C: RCPT TO:<c@contoso.example>
        S: 452 4.5.3 *
        C: DATA
        S: 354 *
        C: .
        S: 250 *
        """);

    [Fact]
    public Task A_line_too_long_is_refused_and_read_over() => Transcript.PlaysAsync(Small, Hello + $"""
        C: NOOP {new string('x', 53)}
        S: 250 *
        C: NOOP {new string('x', 54)}
        S: 500 5.5.6 *
        R: {new string('x', 30_000)}
        R: {new string('x', 300)}\r\nNOOP\r\n
        S: 500 5.5.6 *
        S: 250 *
        """);

    [Fact]
    public async Task Too_many_errors_close()
    {
        var host = await Transcript.PlaysAsync(Small, Hello + """
            C: FOO
            S: 500 *
            C: RSET
            S: 250 *
            C: FOO
            S: 500 *
            C: DATA
            S: 503 *
            S: 421 4.7.0 Too many errors*
            ! closed
            """);
        Assert.Equal([SmtpClosing.Refused], host.Closings);
    }

    [Fact]
    public Task Guessing_recipients_closes() => Transcript.PlaysAsync(Small, Hello + """
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: RCPT TO:<nobody@contoso.example>
        S: 550 5.1.1 *
        C: RCPT TO:<nobody@contoso.example>
        S: 550 5.1.1 *
        S: 421 4.7.0 *
        ! closed
        """);

    [Fact]
    public Task Too_many_messages_close() => Transcript.PlaysAsync(Small, Hello + """
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: RSET
        S: 250 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: RSET
        S: 250 *
        C: MAIL FROM:<ann@client.test>
        S: 421 4.7.0 Too many messages*
        ! closed
        """);

    [Theory]
    [InlineData(@"NOOP\n", "500 5.5.2 Lines end with CR LF")]
    [InlineData(@"NO\rOP\r\n", "500 5.5.2 Control*")]
    [InlineData(@"NOOP \0\r\n", "501 5.5.4 Control*")]
    [InlineData(@"MAIL FROM:<a\0b@client.test>\r\n", "501 5.5.4 Control*")]
    [InlineData(@"\xC3\xA9HLO\r\n", "500 5.5.2 *")]
    [InlineData(@"\n", "500 *")]
    public Task A_line_that_is_no_command_is_refused(string raw, string reply) => Transcript.PlaysAsync(Small, Hello + $"""
        R: {raw}
        S: {reply}
        C: NOOP
        S: 250 *
        """);

    [Theory]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("POST / HTTP/1.1")]
    [InlineData("CONNECT a:25 HTTP/1.1")]
    public Task A_browser_is_hung_up_on(string line) => Transcript.PlaysAsync(Small, $"""
        S: 220 *
        C: {line}
        S: 421 4.7.0 *
        ! closed
        """);

    [Fact]
    public async Task Waiting_for_a_command_has_an_end()
    {
        var host = await Transcript.PlaysAsync(Small, Hello + """
            T: 4.9
            C: NOOP
            S: 250 *
            T: 4.9
            R: NO
            T: 0.2
            S: 421 4.4.2 *
            ! closed
            """);
        Assert.Equal([SmtpClosing.TimedOut], host.Closings);
    }

    [Fact]
    public async Task Waiting_for_content_has_an_end()
    {
        var host = await Transcript.PlaysAsync(Small, Hello + """
            C: MAIL FROM:<ann@client.test>
            S: 250 *
            C: RCPT TO:<bob@contoso.example>
            S: 250 *
            C: DATA
            S: 354 *
            C: half a
            ! expire
            S: 421 4.4.2 *
            ! closed
            """);
        Assert.Empty(host.Messages);
        Assert.Equal([SmtpClosing.TimedOut], host.Closings);
    }

    [Theory]
    [InlineData("")] // a command
    [InlineData("EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@contoso.example>\r\nDATA\r\n")] // content
    [InlineData("EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@contoso.example>\r\nBDAT 900\r\n")] // a chunk
    public async Task A_client_that_drips_an_octet_a_minute_is_let_go_however_steady_it_is(string before)
    {
        var options = Conversation.Options(new SmtpLimits()) with { Extensions = SmtpExtensions.Chunking };
        await using var conversation = new Conversation(options);
        await conversation.ReadReplyAsync();
        await conversation.SendAsync(before);
        for (var minute = 0; minute < 1_000_000 && !conversation.Server.IsCompleted; minute++) // far more than it may take: the server's thread may be late
        {
            await conversation.SendAsync("x"); // refused once the other end is gone: that is the end
            conversation.Time.Advance(TimeSpan.FromMinutes(1));
            for (var turn = 0; turn < 20; turn++) await Task.Yield();
        }
        Assert.True(conversation.Server.IsCompleted);
        Assert.Equal([SmtpClosing.TimedOut], conversation.Host.Closings);
    }

    [Fact]
    public async Task Stopping_finishes_the_message_and_then_says_421()
    {
        var host = await Transcript.PlaysAsync(Small, Hello + """
            C: MAIL FROM:<ann@client.test>
            S: 250 *
            C: RCPT TO:<bob@contoso.example>
            S: 250 *
            C: DATA
            S: 354 *
            ! stop
            C: whole
            C: .
            S: 250 *
            S: 421 4.3.2 *
            ! closed
            """);
        Assert.Single(host.Messages);
        Assert.Equal([SmtpClosing.ShuttingDown], host.Closings);
    }

    [Fact]
    public Task Stopping_wakes_an_idle_client() => Transcript.PlaysAsync(Small, Hello + """
        ! stop
        S: 421 4.3.2 *
        ! closed
        """);

    [Fact]
    public async Task Aborting_says_nothing()
    {
        var host = await Transcript.PlaysAsync(Small, Hello + """
            ! abort
            ! closed
            """);
        Assert.Equal([SmtpClosing.Disconnected], host.Closings);
    }

    [Fact]
    public async Task A_client_that_takes_no_replies_is_let_go()
    {
        await using var conversation = new Conversation(Conversation.Options(new SmtpLimits { MaxErrors = 1_000_000 }));
        var flood = Enumerable.Repeat("HELP\r\n"u8.ToArray(), 10_000).SelectMany(bytes => bytes).ToArray();
        var sent = conversation.SendAsync(flood); // 60 kB in, 900 kB out: the reply pipe fills
        await conversation.ExpireAsync();
        await sent;
        await conversation.Server;
        Assert.Equal([SmtpClosing.TimedOut], conversation.Host.Closings);
    }

    [Fact]
    public async Task Pipelined_commands_are_answered_in_one_packet()
    {
        await using var conversation = new Conversation(Conversation.Options());
        Assert.NotNull(await conversation.ReadReplyAsync());
        await conversation.SendAsync("EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<b@c.test>\r\nDATA\r\n");
        var read = await conversation.Client.Input.ReadAtLeastAsync(1, TestContext.Current.CancellationToken);
        var replies = System.Text.Encoding.ASCII.GetString(read.Buffer.FirstSpan);
        conversation.Client.Input.AdvanceTo(read.Buffer.End);
        Assert.EndsWith("354 Start mail input; end with <CRLF>.<CRLF>\r\n", replies);
    }
}
