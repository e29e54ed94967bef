namespace Passerelle.Smtp.Tests.Rfc;

/// <summary>RFC 5321, Simple Mail Transfer Protocol: what it demands of a server, in the order of its sections.</summary>
public sealed class SimpleMailTransferTests
{
    private const string Hello = """
        S: 220 *
        C: EHLO client.test
        S: 250 *

        """;

    private const string ToBob = Transcript.ToBob;

    private static readonly SmtpLimits Limits = new(MaxBytes: 200_000);

    [Fact]
    [Must(5321, "2.2.1", "SMTP servers MUST support EHLO even if they do not implement any specific extensions")]
    [Must(5321, "4.1.1.1", "The answer to EHLO MUST begin with the domain, and each keyword stands on a line of its own")]
    public Task EHLO() => PlaysAsync("""
        S: 220 mx.contoso.example *
        C: EHLO client.test
        S: 250 *
        H: 250-mx.contoso.example *
        H: 250-SIZE 200000
        H: 250-PIPELINING
        """);

    [Fact]
    [Must(5321, "2.2.1", "Servers MUST NOT return the extended EHLO-style response to a HELO command")]
    [Must(5321, "3.2", "The SMTP server MUST accept HELO from older clients")]
    public async Task HELO()
    {
        await using var conversation = new Conversation(Conversation.Options(Limits));
        await conversation.ReadReplyAsync();
        await conversation.SendAsync("HELO client.test\r\n");
        Assert.Equal("250 mx.contoso.example greets you", await conversation.ReadReplyAsync()); // one line
    }

    [Theory]
    [InlineData(@"a\nb")]
    [InlineData(@"a\rb")]
    [InlineData(@"a\n.\nb")]
    [InlineData(@"a\r.\rb")]
    [Must(5321, "2.3.8", "Conforming implementations MUST NOT recognize or generate any other character or sequence than CRLF as a line terminator")]
    [Must(5321, "4.1.1.4", "The sequence <LF>.<LF> MUST NOT be treated as equivalent to <CRLF>.<CRLF>")]
    public Task Line_ends_of_content(string content) => PlaysAsync(ToBob + $"""
        C: DATA
        S: 354 *
        R: {content}\r\n.\r\n
        S: 550 5.6.11 *
        """);

    [Fact]
    [Must(5321, "2.3.8", "Bare CR and LF MUST NOT be treated as the end of a command either")]
    public Task Line_ends_of_commands() => PlaysAsync(Hello + """
        R: NOOP\n
        S: 500 5.5.2 *
        R: NOOP\rNOOP\r\n
        S: 500 5.5.2 *
        """);

    [Fact]
    [Must(5321, "2.4", "Verbs and argument values such as FROM: and extension keywords are not case sensitive")]
    public Task Case_of_verbs() => PlaysAsync("""
        S: 220 *
        C: eHlO client.test
        S: 250 *
        C: mAiL fRoM:<ann@client.test> sIzE=10 bOdY=8bitMIME
        S: 250 *
        C: rCpT tO:<bob@contoso.example>
        S: 250 *
        C: dAtA
        S: 354 *
        C: .
        S: 250 *
        C: qUiT
        S: 221 *
        """);

    [Fact]
    [Must(5321, "2.4", "SMTP implementations MUST take care to preserve the case of mailbox local-parts")]
    [Must(5321, "4.1.2", "The host that receives a quoted string or a quoted pair MUST read it as the character it stands for")]
    public async Task Case_of_local_parts()
    {
        var host = await PlaysAsync(Hello + """
            C: MAIL FROM:<Ann.Bell@Client.test>
            S: 250 *
            C: RCPT TO:<"Joe \"B\" Smith"@contoso.example>
            S: 250 *
            C: RCPT TO:<"plain"@contoso.example>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        var (envelope, _) = Assert.Single(host.Messages);
        Assert.Equal("Ann.Bell", envelope.From.Sender?.LocalPart);
        Assert.Equal(["Joe \"B\" Smith", "plain"], envelope.Recipients.Select(to => to.Recipient.LocalPart));
    }

    [Fact]
    [Must(5321, "2.4", "Octets with the high bit in commands: the server may refuse, and MUST NOT take them for anything else")]
    public Task Eight_bits_in_commands() => PlaysAsync(Hello + """
        R: NOOP \xE9\r\n
        S: 501 5.5.4 *
        R: \xC5HLO client.test\r\n
        S: 500 5.5.2 *
        """);

    [Fact]
    [Must(5321, "3.3", "If there was no MAIL, the server MUST answer RCPT with 503 \"Bad sequence of commands\"")]
    [Must(5321, "3.3", "If there was no MAIL, or no RCPT, or all were rejected, DATA is answered 503 or 554")]
    public Task Order() => PlaysAsync(Hello + """
        C: RCPT TO:<bob@contoso.example>
        S: 503 *
        C: DATA
        S: 503 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: DATA
        S: 554 *
        C: RCPT TO:<nobody@contoso.example>
        S: 550 *
        C: DATA
        S: 554 *
        """);

    [Fact]
    [Must(5321, "3.3", "If accepted, the server returns 354 and considers all succeeding lines up to but not including the end of mail data to be the message text")]
    [Must(5321, "3.3", "When the end of text is successfully received and stored, the server sends a 250 OK reply")]
    [Must(5321, "4.1.1.4", "Receipt of the end of mail data MUST cause the buffers to be cleared, and the transaction to be over")]
    public async Task Content()
    {
        var host = await PlaysAsync(ToBob + """
            C: DATA
            S: 354 *
            C: RSET
            C: QUIT
            C: MAIL FROM:<eve@client.test>
            C: .
            S: 250 *
            C: RCPT TO:<bob@contoso.example>
            S: 503 *
            """);
        Assert.Equal("RSET\r\nQUIT\r\nMAIL FROM:<eve@client.test>\r\n"u8, Assert.Single(host.Messages).Content);
    }

    [Fact]
    [Must(5321, "4.1.1.4", "If the processing of the mail data fails, the server MUST send a failure reply")]
    public async Task Content_that_cannot_be_stored()
    {
        var host = await PlaysAsync(ToBob.Replace("bob", "crash", StringComparison.Ordinal) + """
            C: DATA
            S: 354 *
            C: .
            S: 451 4.3.0 *
            C: DATA
            S: 503 *
            """);
        Assert.Empty(host.Messages);
    }

    [Theory]
    [InlineData("RCPT TO:<@one.test,@two.test:bob@contoso.example>")]
    [InlineData("RCPT TO:<@one.test:bob@contoso.example>")]
    [Must(5321, "4.1.1.3", "Servers MUST be prepared to encounter a list of source routes in the forward-path, and SHOULD ignore it")]
    public async Task Source_routes(string recipient)
    {
        var host = await PlaysAsync(Hello + $"""
            C: MAIL FROM:<@relay.test:ann@client.test>
            S: 250 *
            C: {recipient}
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        var (envelope, _) = Assert.Single(host.Messages);
        Assert.Equal(("ann@client.test", "bob@contoso.example"), (envelope.From.Address, envelope.Recipients[0].Address));
    }

    [Theory]
    [InlineData("VRFY bob")]
    [InlineData("VRFY nobody@contoso.example")]
    [InlineData("VRFY <bob@contoso.example>")]
    [Must(5321, "3.5.3", "A server MUST NOT return a 250 code in response to VRFY unless it has actually verified the address")]
    [Must(5321, "7.3", "If VRFY is disabled for security, the reply MUST NOT appear to have verified: 252")]
    public Task VRFY(string command) => PlaysAsync(Hello + $"""
        C: {command}
        S: 252 2.0.0 Cannot verify, but will take mail and try
        """);

    [Fact]
    [Must(5321, "3.8", "An SMTP server MUST NOT intentionally close the connection in response to a command it does not know or out of order")]
    [Must(5321, "4.1.1.10", "The receiver MUST NOT intentionally close the transmission channel until it receives and replies to a QUIT, even if there was an error")]
    [Must(5321, "4.1.1.10", "The receiver MUST send a 221 OK reply to QUIT, and then close the channel")]
    public Task Closing() => PlaysAsync(Hello + """
        C: FOO
        S: 500 *
        C: DATA
        S: 503 *
        C: MAIL FROM:<nobody
        S: 553 *
        C: QUIT
        S: 221 2.0.0 *
        ! closed
        """);

    [Fact]
    [Must(5321, "3.8", "A server that must shut down sends 421 before it closes; a message under way is answered first")]
    public Task Shutting_down() => PlaysAsync(Hello + """
        ! stop
        S: 421 4.3.2 *
        ! closed
        """);

    [Fact]
    [Must(5321, "3.8", "On a time-out the server may close, and says so with 421")]
    [Must(5321, "4.5.3.2.7", "The server SHOULD wait at least 5 minutes for the next command")]
    public Task Waiting() => PlaysAsync(Hello + """
        T: 4.9
        C: NOOP
        S: 250 *
        ! expire
        S: 421 4.4.2 *
        ! closed
        """);

    [Fact]
    [Must(5321, "4.1.1.5", "RSET: any stored sender, recipients and mail data MUST be discarded, and the receiver MUST send a 250 OK reply")]
    [Must(5321, "4.1.1.5", "A server MUST NOT close the connection as the result of receiving a RSET")]
    public Task RSET() => PlaysAsync(ToBob + """
        C: RSET
        S: 250 2.0.0 *
        C: DATA
        S: 503 *
        C: RSET
        S: 250 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        """);

    [Fact]
    [Must(5321, "4.1.1.9", "NOOP: the receiver MUST send a 250 OK reply, and it has no effect on any stored address or data")]
    public Task NOOP() => PlaysAsync(ToBob + """
        C: NOOP
        S: 250 2.0.0 OK
        C: NOOP as one likes
        S: 250 2.0.0 OK
        C: DATA
        S: 354 *
        """);

    [Theory]
    [InlineData("EHLO [192.0.2.7]")]
    [InlineData("EHLO [IPv6:2001:db8::7]")]
    [InlineData("EHLO not-the-name-of-the-address.test")]
    [InlineData("EHLO localhost")]
    [InlineData("HELO under_score.test")]
    [Must(5321, "4.1.4", "A server MUST NOT refuse to accept a message for the reason that the name in EHLO could not be verified")]
    [Must(5321, "4.1.3", "An address literal may stand in the place of a domain name")]
    public Task A_name_that_proves_nothing(string hello) => PlaysAsync($"""
        S: 220 *
        C: {hello}
        S: 250 *
        C: MAIL FROM:<ann@[192.0.2.7]>
        S: 250 *
        C: RCPT TO:<bob@contoso.example>
        S: 250 *
        """);

    [Theory]
    [InlineData("NOOP", "250 *")]
    [InlineData("HELP", "214 *")]
    [InlineData("EXPN staff", "502 *")]
    [InlineData("VRFY bob", "252 *")]
    [InlineData("RSET", "250 *")]
    [Must(5321, "4.1.4", "NOOP, HELP, EXPN, VRFY and RSET can be used at any time during a session, or without previously initializing a session")]
    public Task Without_a_greeting(string command, string reply) => PlaysAsync($"""
        S: 220 *
        C: {command}
        S: {reply}
        """);

    [Fact]
    [Must(5321, "4.1.4", "An EHLO later in the session: the server MUST clear all buffers and reset the state exactly as if a RSET command had been issued")]
    public Task EHLO_again() => PlaysAsync(ToBob + """
        C: EHLO again.test
        S: 250 *
        C: DATA
        S: 503 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        """);

    [Fact]
    [Must(5321, "4.1.4", "A mail transaction MUST NOT be started while one is open: 503, and the open one stays")]
    public async Task MAIL_within_a_transaction()
    {
        var host = await PlaysAsync(ToBob + """
            C: MAIL FROM:<eve@client.test>
            S: 503 5.5.1 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Equal("ann@client.test", Assert.Single(host.Messages).Envelope.From.Address);
    }

    [Theory]
    [InlineData("MAIL FROM:<ann@client.test> XTHING=1", "555 5.5.4 *")]
    [InlineData("XTHING", "500 5.5.2 *")]
    [Must(5321, "4.1.1.11", "If the server does not recognize or cannot implement a parameter of MAIL, it MUST return code 555")]
    [Must(5321, "4.2.4", "500 for a command that is not recognized, 502 for one that is and is not implemented")]
    public Task What_is_not_known(string command, string reply) => PlaysAsync(Hello + $"""
        C: {command}
        S: {reply}
        C: EXPN staff
        S: 502 5.5.1 *
        """);

    [Fact]
    [Must(5321, "4.1.1.11", "A parameter of RCPT that is not recognized MUST be refused with 555")]
    public Task RCPT_parameters() => PlaysAsync(ToBob + """
        C: RCPT TO:<bob@contoso.example> XTHING=1
        S: 555 5.5.4 *
        """);

    [Fact]
    [Must(5321, "4.5.1", "Any system that includes a server MUST support the reserved mailbox \"postmaster\" as a case-insensitive local name, with a domain or without")]
    [Must(5321, "4.1.1.3", "RCPT TO:<Postmaster> with no domain MUST be accepted")]
    public Task Postmaster() => PlaysAsync(Hello + """
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: RCPT TO:<Postmaster>
        S: 250 *
        C: RCPT TO:<POSTMASTER>
        S: 250 *
        C: RCPT TO:<postmaster@contoso.example>
        S: 250 *
        C: RCPT TO:<somebody>
        S: 553 *
        """);

    [Fact]
    [Must(5321, "4.5.1", "The minimum implementation MUST support EHLO, HELO, MAIL, RCPT, DATA, RSET, NOOP, QUIT and VRFY")]
    public Task Minimum() => PlaysAsync("""
        S: 220 *
        C: HELO client.test
        S: 250 *
        C: EHLO client.test
        S: 250 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: RCPT TO:<bob@contoso.example>
        S: 250 *
        C: RSET
        S: 250 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: RCPT TO:<bob@contoso.example>
        S: 250 *
        C: DATA
        S: 354 *
        C: .
        S: 250 *
        C: NOOP
        S: 250 *
        C: VRFY bob
        S: 252 *
        C: QUIT
        S: 221 *
        """);

    [Theory]
    [InlineData(@"..\r\n", ".\r\n")]
    [InlineData(@"...\r\n", "..\r\n")]
    [InlineData(@".a\r\n", "a\r\n")]
    [InlineData(@"a.\r\n", "a.\r\n")]
    [Must(5321, "4.5.2", "If the line begins with a period and there are other characters on the line, the first character is deleted")]
    public async Task Transparency(string sent, string kept)
    {
        var host = await PlaysAsync(ToBob + $"""
            C: DATA
            S: 354 *
            R: {sent}.\r\n
            S: 250 *
            """);
        Assert.Equal(kept, System.Text.Encoding.ASCII.GetString(Assert.Single(host.Messages).Content));
    }

    [Fact]
    [Must(5321, "4.5.3.1", "The server MUST be able to receive a local-part of 64 octets, a domain of 255, a path of 256, a command line of 512")]
    public async Task Sizes_of_addresses()
    {
        var label = new string('d', 63);
        var domain = $"{label}.{label}.{label}.{label[..61]}"; // 253, the most that the DNS has
        var host = await PlaysAsync(Hello + $"""
            C: MAIL FROM:<{new string('l', 64)}@{domain}>
            S: 250 *
            C: RCPT TO:<{new string('l', 64)}@contoso.example>
            S: 250 *
            C: NOOP {new string('x', 505)}
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Equal(64, Assert.Single(host.Messages).Envelope.From.Sender?.LocalPart.Length);
    }

    [Fact]
    [Must(5321, "4.5.3.1.6", "The server MUST be able to receive a text line of 1000 octets with its CRLF")]
    [Must(5321, "4.5.3.1.7", "The server MUST be able to receive a message content of at least 64K octets")]
    public async Task Sizes_of_content()
    {
        var line = new string('x', 998) + @"\r\n";
        var host = await PlaysAsync(ToBob + $"""
            C: DATA
            S: 354 *
            R: a: b\r\n\r\n{string.Concat(Enumerable.Repeat(line, 70))}.\r\n
            S: 250 *
            """);
        Assert.Equal(70_008, Assert.Single(host.Messages).Content.Length);
    }

    [Fact]
    [Must(5321, "4.5.3.1.8", "The server MUST be able to buffer at least 100 recipients; rejecting a message with fewer for their number is a violation")]
    [Must(5321, "4.5.3.1.10", "Recipients beyond the server's limit are answered 452, and the ones before it stay")]
    public async Task A_hundred_recipients()
    {
        var host = await PlaysAsync(Hello + "C: MAIL FROM:<ann@client.test>\nS: 250 *\n"
            + string.Concat(Enumerable.Range(1, 100).Select(i => $"C: RCPT TO:<bob{i}@contoso.example>\nS: 250 *\n")) + """
            C: RCPT TO:<bob101@contoso.example>
            S: 452 4.5.3 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Equal(100, Assert.Single(host.Messages).Envelope.Recipients.Count);
    }

    [Fact]
    [Must(5321, "4.5.3.1.5", "The maximum total length of a reply line is 512 octets, and text from strangers MUST NOT break it")]
    public async Task Sizes_of_replies()
    {
        var host = new AcceptAll { Greeting = new SmtpReply(220, null, new string('x', 2000) + "\r\n250 forged") };
        await using var conversation = new Conversation(Conversation.Options(), host);
        Assert.InRange((await conversation.ReadReplyAsync())!.Length, 300, 510); // it greets; CR LF are two more
        await conversation.SendAsync("NOOP\r\n");
        Assert.Equal("250 2.0.0 OK", await conversation.ReadReplyAsync());
    }

    [Fact]
    [Must(5321, "4.2.1", "Every line of a reply of several begins with the same code, with a hyphen on all but the last")]
    public async Task Replies_of_several_lines()
    {
        await using var conversation = new Conversation(Conversation.Options());
        await conversation.ReadReplyAsync();
        await conversation.SendAsync("EHLO client.test\r\n");
        var lines = (await conversation.ReadReplyAsync())!.Split('\n'); // it answered
        Assert.All(lines[..^1], line => Assert.StartsWith("250-", line));
        Assert.StartsWith("250 ", lines[^1]);
    }

    [Fact]
    [Must(5321, "4.5.5", "The null reverse-path of notifications MUST be accepted")]
    [Must(5321, "3.6.3", "Mail with a null reverse-path is carried like any other")]
    public async Task The_null_reverse_path()
    {
        var host = await PlaysAsync(Hello + """
            C: MAIL FROM:<>
            S: 250 *
            C: RCPT TO:<bob@contoso.example>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Null(Assert.Single(host.Messages).Envelope.From.Sender);
    }

    [Fact]
    [Must(5321, "4.2.5", "A client that is gone before the end of the mail data has sent nothing: the server MUST NOT keep it")]
    public async Task Half_a_message()
    {
        var host = await PlaysAsync(ToBob + """
            C: DATA
            S: 354 *
            C: half of it
            R: .
            ! hangup
            ! closed
            """);
        Assert.Empty(host.Messages);
    }

    private static Task<AcceptAll> PlaysAsync(string text) => Transcript.PlaysAsync(Limits, text);
}
