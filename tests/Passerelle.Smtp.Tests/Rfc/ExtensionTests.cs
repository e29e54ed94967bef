using System.Text;

namespace Passerelle.Smtp.Tests.Rfc;

/// <summary>RFC 1870 (SIZE), 2920 (PIPELINING), 6152 (8BITMIME), 6531 (SMTPUTF8), 2034 (ENHANCEDSTATUSCODES). CHUNKING, STARTTLS, DSN and LMTP have classes of
/// their own.</summary>
public sealed class ExtensionTests
{
    private const string ToBob = Transcript.ToBob;

    private const string Hello = """
        S: 220 *
        C: EHLO client.test
        S: 250 *

        """;

    private static readonly SmtpLimits Limits = new(MaxBytes: 1000);

    [Fact]
    [Must(1870, "3", "The EHLO keyword is SIZE, with the fixed maximum message size that the server will accept")]
    [Must(1870, "6.1", "If the indicated size is larger than the server's fixed maximum message size, the server responds with code 552")]
    [Must(1870, "7", "A server must accept the extended MAIL command and return 552 if the client's declared size exceeds its fixed size limit")]
    public Task SIZE_declared() => PlaysAsync(Hello + """
        H: 250-SIZE 1000
        C: MAIL FROM:<ann@client.test> SIZE=1001
        S: 552 5.3.4 *
        C: MAIL FROM:<ann@client.test> SIZE=1000
        S: 250 *
        """);

    [Theory]
    [InlineData("SIZE=")]
    [InlineData("SIZE=-1")]
    [InlineData("SIZE=1e3")]
    [InlineData("SIZE=1 SIZE=2")]
    [InlineData("SIZE=123456789012345678901")] // 21 digits
    [Must(1870, "3", "size-value is 1 to 20 digits")]
    [Must(1870, "6", "Only one SIZE parameter may be specified in a single MAIL command")]
    public Task SIZE_syntax(string parameter) => PlaysAsync(Hello + $"""
        C: MAIL FROM:<ann@client.test> {parameter}
        S: 501 5.5.4 *
        C: MAIL FROM:<ann@client.test> SIZE=00000000000000000010
        S: 250 *
        """);

    [Fact]
    [Must(1870, "4", "A message which is larger than the limit will be rejected with a permanent failure (552) reply code")]
    [Must(1870, "6", "Servers MUST NOT use the SIZE parameter to determine end of content in the DATA command")]
    [Must(1870, "6.1", "A server is permitted, but not required, to accept a message which is larger than declared")]
    public async Task SIZE_not_declared_rightly()
    {
        var host = await PlaysAsync(Hello + $"""
            C: MAIL FROM:<ann@client.test> SIZE=1
            S: 250 *
            C: RCPT TO:<bob@contoso.example>
            S: 250 *
            C: DATA
            S: 354 *
            R: {new string('x', 500)}\r\n.\r\n
            S: 250 *
            C: MAIL FROM:<ann@client.test> SIZE=1
            S: 250 *
            C: RCPT TO:<bob@contoso.example>
            S: 250 *
            C: DATA
            S: 354 *
            R: {string.Concat(Enumerable.Repeat(new string('x', 98) + @"\r\n", 11))}.\r\n
            S: 552 5.3.4 *
            C: MAIL FROM:<ann@client.test> SIZE=900
            S: 250 *
            C: RCPT TO:<bob@contoso.example>
            S: 250 *
            C: DATA
            S: 354 *
            C: short
            C: .
            S: 250 2.0.0 Stored 7
            """);
        Assert.Equal([502, 7], host.Messages.Select(message => message.Content.Length));
    }

    [Fact]
    [Must(1870, "5", "The message size includes CR-LF pairs, but not the terminating dot or doubled quoting dots")]
    [Must(1870, "6.3", "Once a server has agreed to a size it should not return 552 after the transfer, unless the actual size is greater than the declared")]
    public Task SIZE_counts_what_is_kept() => PlaysAsync(ToBob.Replace("client.test>", "client.test> SIZE=999", StringComparison.Ordinal) + $"""
        C: DATA
        S: 354 *
        R: {string.Concat(Enumerable.Repeat(@"..123456\r\n", 111))}.\r\n
        S: 250 2.0.0 Stored 999
        """);

    [Fact]
    [Must(2920, "3.2", "A server MUST respond to commands in the order they are received from the client")]
    [Must(2920, "3.2", "A server MUST NOT flush or otherwise lose the contents of the TCP input buffer under any circumstances whatsoever")]
    public Task PIPELINING() => PlaysAsync(Hello + """
        H: 250-PIPELINING
        R: MAIL FROM:<ann@client.test>\r\nRCPT TO:<nobody@contoso.example>\r\nRCPT TO:<bob@contoso.example>\r\nNOOP\r\nFOO\r\nRSET\r\nMAIL FROM:<x\r\nRCPT TO:<bob@contoso.example>\r\nVRFY bob\r\nQUIT\r\n
        S: 250 2.1.0 *
        S: 550 5.1.1 *
        S: 250 2.1.5 *
        S: 250 2.0.0 OK
        S: 500 *
        S: 250 2.0.0 Reset
        S: 553 *
        S: 503 *
        S: 252 *
        S: 221 *
        ! closed
        """);

    [Fact]
    [Must(2920, "3.2", "A server SHOULD issue a positive response to the DATA command if and only if one or more valid RCPT TO addresses have been previously received")]
    [Must(2920, "3.2", "After DATA with no valid recipients and an empty message, a server MUST NOT send any message whatsoever to anybody")]
    public async Task PIPELINING_without_recipients()
    {
        var host = await PlaysAsync(Hello + """
            R: MAIL FROM:<ann@client.test>\r\nRCPT TO:<nobody@contoso.example>\r\nDATA\r\n
            S: 250 *
            S: 550 *
            S: 554 5.5.1 No valid recipients
            C: .
            S: 500 *
            C: QUIT
            S: 221 *
            """);
        Assert.Empty(host.Messages);
    }

    [Fact]
    [Must(2920, "3.2", "A server SHOULD store responses to grouped RSET, MAIL FROM and RCPT TO commands so they can be sent as a unit")]
    [Must(2920, "3.2", "A server MUST send all pending responses immediately whenever the local TCP input buffer is emptied")]
    public async Task PIPELINING_answers_in_one_packet()
    {
        await using var conversation = new Conversation(Conversation.Options());
        Assert.NotNull(await conversation.ReadReplyAsync());
        await conversation.SendAsync("EHLO a\r\n");
        Assert.NotNull(await conversation.ReadReplyAsync());
        await conversation.SendAsync("RSET\r\nMAIL FROM:<>\r\nRCPT TO:<b@c.test>\r\nDATA\r\n");
        var read = await conversation.Client.Input.ReadAtLeastAsync(1, TestContext.Current.CancellationToken);
        var replies = Encoding.ASCII.GetString(read.Buffer.FirstSpan);
        conversation.Client.Input.AdvanceTo(read.Buffer.End);
        Assert.Equal("250 2.0.0 Reset\r\n250 2.1.0 Sender OK\r\n250 2.1.5 Recipient OK\r\n354 Start mail input; end with <CRLF>.<CRLF>\r\n", replies);
    }

    [Theory]
    [InlineData("EHLO client.test", "250 SMTPUTF8")]
    [InlineData("DATA", "503 ")]
    [InlineData("VRFY bob", "252 ")]
    [InlineData("EXPN staff", "502 ")]
    [InlineData("NOOP", "250 2.0.0 OK")]
    [InlineData("TURN", "500 ")]
    [InlineData("FOO", "500 ")]
    [InlineData("NOOP\n", "500 ")]
    [Must(2920, "3.2", "A server MUST NOT buffer responses to EHLO, DATA, VRFY, EXPN, TURN, QUIT, and NOOP")]
    [Must(2920, "3.2", "A server MUST NOT buffer responses to unrecognized commands")]
    public async Task PIPELINING_answers_that_are_said_at_once(string command, string reply)
    {
        var host = new HeldSender();
        await using var conversation = new Conversation(Conversation.Options(), host);
        await conversation.ReadReplyAsync();
        await conversation.SendAsync("EHLO client.test\r\n");
        await conversation.ReadReplyAsync();
        await conversation.SendAsync($"{command}{(command[^1] == '\n' ? "" : "\r\n")}MAIL FROM:<ann@client.test>\r\n");
        try
        {
            Assert.StartsWith(reply, (await conversation.ReadReplyAsync())?.Split('\n')[^1]); // while MAIL has none
        }
        finally
        {
            host.LetGo();
        }
        Assert.StartsWith("250 2.1.0 ", await conversation.ReadReplyAsync());
    }

    [Fact]
    [Must(6152, "2", "The value of BODY is 7BIT or 8BITMIME")]
    [Must(6152, "3", "Only one BODY parameter may be used in a single MAIL command")]
    [Must(6152, "3", "A server that supports the extension shall preserve all bits in each octet passed using the DATA command")]
    public async Task EIGHTBITMIME()
    {
        var host = await PlaysAsync(Hello + """
            H: 250-8BITMIME
            C: MAIL FROM:<ann@client.test> BODY=8BITMIME
            S: 250 *
            C: RCPT TO:<bob@contoso.example>
            S: 250 *
            C: DATA
            S: 354 *
            R: a: b\r\n\r\n\x80\xE9\xFF\r\n.\r\n
            S: 250 *
            C: MAIL FROM:<ann@client.test> BODY=7BIT
            S: 250 *
            C: RSET
            S: 250 *
            C: MAIL FROM:<ann@client.test> BODY=9BIT
            S: 501 5.5.4 *
            C: MAIL FROM:<ann@client.test> BODY=7BIT BODY=8BITMIME
            S: 501 5.5.4 *
            """);
        Assert.Equal("a: b\r\n\r\n\u0080é\u00FF\r\n", Encoding.Latin1.GetString(Assert.Single(host.Messages).Content));
    }

    [Fact]
    [Must(6531, "3.1", "Servers offering this extension MUST provide support for, and announce, the 8BITMIME extension")]
    [Must(6531, "3.1", "The EHLO response MUST NOT contain any parameters for the keyword SMTPUTF8")]
    [Must(6531, "3.2", "A server that announces SMTPUTF8 MUST be prepared to accept a UTF-8 string in any position in which a mailbox can appear")]
    [Must(6531, "3.4", "If the parameter SMTPUTF8 is provided with MAIL, it MUST not accept a value")]
    public async Task SMTPUTF8()
    {
        var host = await PlaysAsync(Hello.Replace("250 *", "250 SMTPUTF8", StringComparison.Ordinal) + """
            H: 250-8BITMIME
            C: MAIL FROM:<ann@client.test> SMTPUTF8=1
            S: 501 5.5.4 *
            R: MAIL FROM:<zo\xC3\xA9@b\xC3\xBCcher.example> SMTPUTF8 BODY=8BITMIME\r\n
            S: 250 *
            R: RCPT TO:<"bj\xC3\xB6rn \xE5\x8F\x97"@contoso.example>\r\n
            S: 250 *
            C: DATA
            S: 354 *
            R: Subject: caf\xC3\xA9\r\n\r\n.\r\n
            S: 250 *
            """);
        var (envelope, content) = Assert.Single(host.Messages);
        Assert.Equal(("zoé", "bücher.example", true), (envelope.From.Sender?.LocalPart, envelope.From.Sender?.Domain, envelope.From.SmtpUtf8));
        Assert.Equal("björn 受", envelope.Recipients[0].Recipient.LocalPart);
        Assert.Equal("Subject: café\r\n\r\n"u8, content);
    }

    [Fact]
    [Must(6531, "3.3", "What widens the mailbox is a UTF-8 string: other octets are no characters of one")]
    [Must(6531, "3.5", "When an ASCII address is required, MAIL is rejected with 550 and RCPT with 553, and the enhanced code is X.6.7")]
    public Task SMTPUTF8_not_asked_for() => PlaysAsync(Hello + """
        R: MAIL FROM:<zo\xC3\xA9@client.test>\r\n
        S: 550 5.6.7 *
        R: MAIL FROM:<zo\xC3\x28@client.test> SMTPUTF8\r\n
        S: 501 5.5.4 *
        R: MAIL FROM:<zo\xED\xA0\x80@client.test> SMTPUTF8\r\n
        S: 501 5.5.4 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        R: RCPT TO:<bj\xC3\xB6rn@contoso.example>\r\n
        S: 553 5.6.7 *
        R: RCPT TO:<bob@b\xC3\xBCcher.example>\r\n
        S: 553 5.6.7 *
        """);

    [Fact]
    [Must(6531, "3.7.4.2", "VRFY takes the parameter SMTPUTF8")]
    [Must(6531, "3.7.4.2", "SMTPUTF8-aware SMTP servers MUST NOT include non-ASCII characters in replies except where a mailbox asks for them")]
    public async Task SMTPUTF8_and_replies()
    {
        await using var conversation = new Conversation(Conversation.Options(), new AcceptAll { Greeting = new SmtpReply(220, null, "café") });
        Assert.Equal("220 mx.contoso.example caf?", await conversation.ReadReplyAsync());
        await conversation.SendAsync("VRFY bob SMTPUTF8\r\n");
        Assert.StartsWith("252 ", await conversation.ReadReplyAsync());
        await conversation.SendAsync(Encoding.UTF8.GetBytes("VRFY zoé@contoso.example SMTPUTF8\r\n"));
        Assert.StartsWith("252 ", await conversation.ReadReplyAsync());
    }

    [Fact]
    [Must(5321, "4.1.1.2", "MAIL may carry parameters if service extensions were negotiated")]
    public Task SMTPUTF8_after_HELO() => PlaysAsync("""
        S: 220 *
        C: HELO client.test
        S: 250 *
        C: MAIL FROM:<ann@client.test> SMTPUTF8
        S: 501 *
        """);

    [Fact]
    [Must(2034, "3", "No parameter is used with the ENHANCEDSTATUSCODES EHLO keyword")]
    [Must(2034, "4", "No code in the initial greeting and any response to HELO or EHLO, nor in 3xx responses")]
    [Must(2034, "4", "Servers must attach enhanced status codes to their responses regardless of whether or not EHLO is employed by the client")]
    public Task ENHANCEDSTATUSCODES() => PlaysAsync("""
        S: 220 mx.contoso.example ESMTP
        C: HELO client.test
        S: 250 mx.contoso.example greets you
        C: MAIL FROM:<ann@client.test>
        S: 250 2.1.0 Sender OK
        C: EHLO client.test
        S: 250 SMTPUTF8
        H: 250-ENHANCEDSTATUSCODES
        C: MAIL FROM:<ann@client.test>
        S: 250 2.1.0 Sender OK
        C: RCPT TO:<bob@contoso.example>
        S: 250 2.1.5 Recipient OK
        C: DATA
        S: 354 Start mail input; end with <CRLF>.<CRLF>
        C: .
        S: 250 2.0.0 *
        """);

    private static Task<AcceptAll> PlaysAsync(string text) => Transcript.PlaysAsync(Limits, text);
}
