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
    [Must(1870, "4", "The EHLO keyword is SIZE, with the largest message in octets that the server will accept")]
    [Must(1870, "6.1", "A declared size beyond the fixed maximum is refused 552 at MAIL, before anything is sent")]
    [Must(1870, "6.1", "A server MUST NOT refuse a declared size within what it announced for its size alone")]
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
    [Must(1870, "5", "size-value is 1 to 20 digits")]
    public Task SIZE_syntax(string parameter) => PlaysAsync(Hello + $"""
        C: MAIL FROM:<ann@client.test> {parameter}
        S: 501 5.5.4 *
        C: MAIL FROM:<ann@client.test> SIZE=00000000000000000010
        S: 250 *
        """);

    [Fact]
    [Must(1870, "6.2", "A message of more octets than it declared may be taken as long as it is within the maximum; the declaration is not believed")]
    [Must(1870, "6.3", "A message that turns out too large is answered 552 after its end, and the session goes on")]
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
            C: NOOP
            S: 250 *
            """);
        Assert.Single(host.Messages);
    }

    [Fact]
    [Must(1870, "3", "Dots that were added for transparency do not count")]
    public Task SIZE_counts_what_is_kept() => PlaysAsync(ToBob + $"""
        C: DATA
        S: 354 *
        R: {string.Concat(Enumerable.Repeat(@"..123456\r\n", 111))}.\r\n
        S: 250 2.0.0 Stored 999
        """);

    [Fact]
    [Must(2920, "3.2", "Responses to SMTP commands MUST be sent in the order in which the commands were received")]
    [Must(2920, "3.2", "A server MUST NOT lose or discard input that follows a command because of the command's failure")]
    [Must(2920, "3.2", "RCPT is answered each by itself, whatever became of MAIL")]
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
    [Must(2920, "3.1", "A DATA behind refused recipients must not be answered 354 by surprise: 554, and content that the client sends all the same is no message")]
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
    [Must(2920, "3.2", "The server MUST send its pending responses when it would wait for input")]
    public async Task PIPELINING_answers_in_one_packet()
    {
        await using var conversation = new Conversation(Conversation.Options());
        Assert.NotNull(await conversation.ReadReplyAsync());
        await conversation.SendAsync("EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<b@c.test>\r\nDATA\r\n");
        var read = await conversation.Client.Input.ReadAtLeastAsync(1, TestContext.Current.CancellationToken);
        var replies = Encoding.ASCII.GetString(read.Buffer.FirstSpan);
        conversation.Client.Input.AdvanceTo(read.Buffer.End);
        Assert.EndsWith("354 Start mail input; end with <CRLF>.<CRLF>\r\n", replies);
    }

    [Fact]
    [Must(6152, "3", "A server that offers 8BITMIME MUST take BODY=8BITMIME and BODY=7BIT, and pass all bits of each octet on")]
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
            """);
        Assert.Equal("a: b\r\n\r\n\u0080é\u00FF\r\n", Encoding.Latin1.GetString(Assert.Single(host.Messages).Content));
    }

    [Fact]
    [Must(6531, "3.1", "A server that offers SMTPUTF8 MUST offer 8BITMIME, and its keyword has no parameters")]
    [Must(6531, "3.1", "With SMTPUTF8 on MAIL the server MUST accept UTF-8 in the addresses of MAIL and RCPT")]
    [Must(6531, "3.4", "The parameter SMTPUTF8 takes no value, and 501 is the answer to one")]
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
    [Must(6531, "3.5", "Without the parameter an address beyond ASCII is refused 553 with 5.6.7")]
    [Must(6531, "3.1", "What is not UTF-8 MUST NOT be taken for it")]
    public Task SMTPUTF8_not_asked_for() => PlaysAsync(Hello + """
        R: MAIL FROM:<zo\xC3\xA9@client.test>\r\n
        S: 553 5.6.7 *
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
    [Must(6531, "3.7.4.2", "VRFY takes the parameter SMTPUTF8, and no reply of ours holds anything beyond ASCII")]
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
    [Must(6531, "3.1", "SMTPUTF8 needs EHLO")]
    public Task SMTPUTF8_after_HELO() => PlaysAsync("""
        S: 220 *
        C: HELO client.test
        S: 250 *
        C: MAIL FROM:<ann@client.test> SMTPUTF8
        S: 501 *
        """);

    [Fact]
    [Must(2034, "3", "The EHLO keyword is ENHANCEDSTATUSCODES, without parameters")]
    [Must(2034, "5", "No enhanced code stands in the greeting, in the answer to EHLO and HELO, or in 3xx")]
    public Task ENHANCEDSTATUSCODES() => PlaysAsync("""
        S: 220 mx.contoso.example ESMTP
        C: HELO client.test
        S: 250 mx.contoso.example greets you
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
