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
    [Must(5321, "2.2.1", "Servers MUST support the EHLO command even if they do not implement any specific extensions")]
    [Must(5321, "4.1.1.1", "A positive response to EHLO is 250 and the domain, and each keyword stands on a line of its own")]
    public Task EHLO() => PlaysAsync("""
        S: 220 mx.contoso.example *
        C: EHLO client.test
        S: 250 *
        H: 250-mx.contoso.example *
        H: 250-SIZE 200000
        H: 250-PIPELINING
        """);

    [Fact]
    [Must(5321, "2.2.1", "SMTP servers MUST support the original HELO mechanisms as a fallback")]
    [Must(5321, "3.2", "Servers MUST NOT return the extended EHLO-style response to a HELO command")]
    [Must(5321, "4.1.1.1", "Servers MUST support the HELO command and reply properly to it")]
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
    [Must(5321, "2.3.8", "Conforming implementations MUST NOT recognize or generate any other character or character sequence than <CRLF> as a line terminator")]
    [Must(5321, "4.1.1.4", "SMTP server systems MUST NOT accept lines ending only in <LF>, even in the name of improved robustness")]
    [Must(5321, "4.1.1.4", "The sequence <LF>.<LF> MUST NOT be treated as equivalent to <CRLF>.<CRLF> as the end of mail data indication")]
    public Task Line_ends_of_content(string content) => PlaysAsync(ToBob + $"""
        C: DATA
        S: 354 *
        R: {content}\r\n.\r\n
        S: 550 5.6.11 *
        """);

    [Fact]
    [Must(5321, "2.4", "A command ends with <CRLF>: the receiver will take no action until this sequence is received")]
    public Task Line_ends_of_commands() => PlaysAsync(Hello + """
        R: NOOP\n
        S: 500 5.5.2 *
        R: NOOP\rNOOP\r\n
        S: 500 5.5.2 *
        """);

    [Fact]
    [Must(5321, "2.4", "Verbs and argument values are not case sensitive, with the sole exception of a mailbox local-part")]
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
    [Must(5321, "2.4", "The local-part of a mailbox MUST BE treated as case sensitive, and its case preserved")]
    [Must(5321, "4.1.2", "For any purposes that require comparing local-parts, all quoted forms MUST be treated as equivalent")]
    public async Task Case_of_local_parts()
    {
        var host = await PlaysAsync(Hello + """
            C: MAIL FROM:<Ann.Bell@Client.test>
            S: 250 *
            C: RCPT TO:<"Joe \"B\" Smith"@contoso.example>
            S: 250 *
            C: RCPT TO:<"plain"@contoso.example>
            S: 250 *
            C: RCPT TO:<"p\lain"@contoso.example>
            S: 250 *
            C: RCPT TO:<plain@contoso.example>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        var (envelope, _) = Assert.Single(host.Messages);
        Assert.Equal("Ann.Bell", envelope.From.Sender?.LocalPart);
        Assert.Equal(["Joe \"B\" Smith", "plain", "plain", "plain"], envelope.Recipients.Select(to => to.Recipient.LocalPart));
    }

    [Fact]
    [Must(5321, "2.4", "Envelope commands in any character set other than US-ASCII: receiving systems SHOULD reject such commands")]
    public Task Eight_bits_in_commands() => PlaysAsync(Hello + """
        R: NOOP \xE9\r\n
        S: 501 5.5.4 *
        R: \xC5HLO client.test\r\n
        S: 500 5.5.2 *
        """);

    [Theory]
    [InlineData(@"MAIL FROM:<a\x01b@client.test>")]
    [InlineData(@"MAIL FROM:<ann@client.test>\x00")]
    [InlineData(@"VRFY bo\x7Fb")]
    [InlineData(@"NOOP \x08")]
    [InlineData(@"EHLO client\x1B.test")]
    [Must(5321, "4.1.2", "SMTP servers that receive a command in which invalid character codes have been employed MUST reject that command with a 501 response")]
    public Task Invalid_characters(string command) => PlaysAsync(Hello + $"""
        R: {command}\r\n
        S: 501 5.5.4 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        """);

    [Theory]
    [InlineData(@"NOOP \t", "250 2.0.0 OK")]
    [InlineData(@"RSET\t", "250 2.0.0 Reset")]
    [InlineData(@"MAIL FROM:<ann@client.test>\t ", "250 2.1.0 *")]
    [InlineData(@"EHLO client.test\t", "250 SMTPUTF8")]
    [InlineData("QUIT  ", "221 *")]
    [Must(5321, "4.1.1", "SMTP receivers SHOULD tolerate trailing white space before the terminating <CRLF>")]
    public Task Trailing_white_space(string command, string reply) => PlaysAsync(Hello + $"""
        R: {command}\r\n
        S: {reply}
        """);

    [Theory]
    [InlineData("RSET now")]
    [InlineData("QUIT now")]
    [InlineData("DATA now")]
    [Must(5321, "4.1.1", "Servers SHOULD reject RSET, DATA and QUIT with parameters as having invalid syntax")]
    public Task Commands_without_arguments(string command) => PlaysAsync(ToBob + $"""
        C: {command}
        S: 501 5.5.4 *
        C: DATA
        S: 354 *
        """);

    [Fact]
    [Must(5321, "4.1.4", "A session that will contain mail transactions MUST first be initialized by the use of the EHLO command")]
    public Task Mail_without_a_greeting() => PlaysAsync("""
        S: 220 *
        C: MAIL FROM:<ann@client.test>
        S: 503 5.5.1 Say EHLO first
        C: EHLO client.test
        S: 250 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        """);

    [Theory]
    [InlineData("<boom@client.test>", "451 4.3.0 *")]
    [InlineData("<@>", "553 5.1.7 *")]
    [Must(5321, "3.3", "If the mailbox specification of MAIL is not acceptable, the server MUST return a reply indicating whether the failure is permanent or temporary")]
    public Task A_sender_that_is_refused(string sender, string reply) => PlaysAsync(Hello + $"""
        C: MAIL FROM:{sender}
        S: {reply}
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        """);

    [Fact]
    [Must(5321, "3.3", "If a RCPT command appears without a previous MAIL command, the server MUST return a 503 \"Bad sequence of commands\" response")]
    [Must(5321, "3.3", "If there was no MAIL, or no RCPT, or all were rejected, the server MAY return 503 or 554 in response to DATA")]
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
    [Must(5321, "3.3", "If DATA is accepted, the server returns 354 and considers all succeeding lines up to but not including the end of mail data indicator to be the message text")]
    [Must(5321, "3.3", "When the end of text is successfully received and stored, the SMTP-receiver sends a \"250 OK\" reply")]
    [Must(5321, "4.1.1.4", "If the processing of the mail data is successful, the receiver MUST send an OK reply")]
    [Must(5321, "4.1.1.4", "An extra <CRLF> MUST NOT be added to the mail data")]
    [Must(5321, "4.1.1.4", "The end of mail data consumes the buffers, and on the completion of DATA they are cleared")]
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
    [Must(5321, "4.1.1.4", "If the processing of the mail data fails, the receiver MUST send a failure reply")]
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
    [Must(5321, "3.3", "Servers MUST be prepared to encounter a list of source routes in the forward-path, but they SHOULD ignore the routes")]
    [Must(5321, "4.1.1.3", "Receiving systems MUST recognize source route syntax but SHOULD strip it off")]
    [Must(5321, "4.1.2", "A source route MUST BE accepted and SHOULD be ignored")]
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
    [Must(5321, "3.5.3", "A server MUST NOT return a 250 code in response to VRFY or EXPN unless it has actually verified the address")]
    [Must(5321, "7.3", "If a site disables VRFY for security reasons, the SMTP server MUST return a 252 response")]
    public Task VRFY(string command) => PlaysAsync(Hello + $"""
        C: {command}
        S: 252 2.0.0 Cannot verify, but will take mail and try
        """);

    [Fact]
    [Must(5321, "3.8", "An SMTP server MUST NOT intentionally close the connection in answer to commands that it does not understand: 500, and it awaits further instructions")]
    [Must(5321, "4.1.1.10", "The receiver MUST NOT intentionally close the transmission channel until it receives and replies to a QUIT command (even if there was an error)")]
    [Must(5321, "4.1.1.10", "The receiver MUST send a \"221 OK\" reply to QUIT, and then close the transmission channel")]
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
    [Must(5321, "3.8", "The server may close after detecting the need to shut down and returning a 421 response code")]
    public Task Shutting_down() => PlaysAsync(Hello + """
        ! stop
        S: 421 4.3.2 *
        ! closed
        """);

    [Fact]
    [Must(5321, "3.8", "The server may close after a timeout waiting for the client to send a command or data")]
    [Must(5321, "4.5.3.2.7", "An SMTP server SHOULD have a timeout of at least 5 minutes while it is awaiting the next command")]
    public Task Waiting() => PlaysAsync(Hello + """
        T: 4.9
        C: NOOP
        S: 250 *
        ! expire
        S: 421 4.4.2 *
        ! closed
        """);

    [Fact]
    [Must(5321, "4.1.1.5", "Any stored sender, recipients, and mail data MUST be discarded, and all buffers and state tables cleared")]
    [Must(5321, "4.1.1.5", "The receiver MUST send a \"250 OK\" reply to a RSET command with no arguments")]
    [Must(5321, "4.1.1.5", "An SMTP server MUST NOT close the connection as the result of receiving a RSET")]
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
    [Must(5321, "4.1.1.6", "VRFY, EXPN, HELP and NOOP have no effect on the reverse-path, the forward-path and the mail data buffer (4.1.1.7 to 4.1.1.9 likewise)")]
    [Must(5321, "4.1.1.9", "NOOP specifies no action other than a \"250 OK\" reply; a parameter string SHOULD be ignored")]
    public Task NOOP() => PlaysAsync(ToBob + """
        C: NOOP
        S: 250 2.0.0 OK
        C: NOOP as one likes
        S: 250 2.0.0 OK
        C: VRFY eve
        S: 252 *
        C: EXPN staff
        S: 502 *
        C: HELP
        S: 214 *
        C: DATA
        S: 354 *
        """);

    [Theory]
    [InlineData("EHLO [192.0.2.7]")]
    [InlineData("EHLO [IPv6:2001:db8::7]")]
    [InlineData("EHLO not-the-name-of-the-address.test")]
    [InlineData("EHLO localhost")]
    [InlineData("HELO under_score.test")]
    [Must(5321, "4.1.3", "An address literal is allowed as an alternative to a domain name")]
    [Must(5321, "4.1.4", "If the verification of the domain name in EHLO fails, the server MUST NOT refuse to accept a message on that basis")]
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
    [Must(5321, "4.1.4", "NOOP, HELP, EXPN, VRFY and RSET SHOULD be processed normally (not 503) even if no EHLO has yet been received")]
    public Task Without_a_greeting(string command, string reply) => PlaysAsync($"""
        S: 220 *
        C: {command}
        S: {reply}
        """);

    [Fact]
    [Must(5321, "4.1.4", "An EHLO later in the session: the SMTP server MUST clear all buffers and reset the state exactly as if a RSET command had been issued")]
    public Task EHLO_again() => PlaysAsync(ToBob + """
        C: EHLO again.test
        S: 250 *
        C: DATA
        S: 503 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        """);

    [Fact]
    [Must(5321, "4.1.4", "MAIL MUST NOT be sent if a mail transaction is already open: 503, and the open one stays")]
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
    [Must(5321, "4.1.1.11", "If the server does not recognize or cannot implement a parameter of MAIL FROM or RCPT TO, it will return code 555")]
    [Must(5321, "4.2.4", "502 SHOULD be used when the command is recognized but not implemented, 500 when it is not recognized")]
    public Task What_is_not_known(string command, string reply) => PlaysAsync(Hello + $"""
        C: {command}
        S: {reply}
        C: EXPN staff
        S: 502 5.5.1 *
        """);

    [Fact]
    [Must(5321, "4.1.1.11", "If the server does not recognize or cannot implement a parameter of MAIL FROM or RCPT TO, it will return code 555")]
    public Task RCPT_parameters() => PlaysAsync(ToBob + """
        C: RCPT TO:<bob@contoso.example> XTHING=1
        S: 555 5.5.4 *
        """);

    [Fact]
    [Must(5321, "2.3.5", "\"postmaster\" may be used in a RCPT command without domain qualification and MUST be accepted if so used")]
    [Must(5321, "4.5.1", "Any system that includes an SMTP server supporting mail relaying or delivery MUST support the reserved mailbox \"postmaster\" as a case-insensitive local name")]
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
    [Must(5321, "4.5.1", "EHLO, HELO, MAIL, RCPT, DATA, RSET, NOOP, QUIT and VRFY MUST be supported")]
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
    [Must(5321, "4.5.2", "If the first character of a line is a period and there are other characters on the line, the first character is deleted")]
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
    [Must(5321, "4.5.2", "The mail data may contain any of the 128 ASCII characters, and all are to be delivered; transformations MUST be reversible")]
    public async Task Every_character()
    {
        var all = Enumerable.Range(0, 128).Where(octet => octet is not ('\r' or '\n')).ToList();
        var host = await PlaysAsync(ToBob + $"""
            C: DATA
            S: 354 *
            R: a: b\r\n\r\n{string.Concat(all.Select(octet => $@"\x{octet:X2}"))}\r\n.\r\n
            S: 250 *
            """);
        Assert.Equal(all.Select(octet => (byte)octet), Assert.Single(host.Messages).Content[8..^2]);
    }

    [Fact]
    [Must(5321, "4.5.3.1", "Every implementation MUST be able to receive a local-part of 64 octets, a domain of 255, a path of 256, a command line of 512")]
    public async Task Sizes_of_addresses()
    {
        var label = new string('d', 63);
        var domain = $"{label}.{label}.{label}.{label}"; // 255, though the DNS has at most 253
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
    [Must(5321, "4.5.3.1.6", "A text line of 1000 octets with its <CRLF> MUST be received, not counting the leading dot duplicated for transparency")]
    [Must(5321, "4.5.3.1.7", "The maximum total length of a message content MUST BE at least 64K octets")]
    public async Task Sizes_of_content()
    {
        var line = ".." + new string('x', 997) + @"\r\n";
        var host = await PlaysAsync(ToBob + $"""
            C: DATA
            S: 354 *
            R: a: b\r\n\r\n{string.Concat(Enumerable.Repeat(line, 70))}.\r\n
            S: 250 *
            """);
        Assert.Equal(70_008, Assert.Single(host.Messages).Content.Length);
    }

    [Fact]
    [Must(5321, "4.5.3.1.8", "The minimum total number of recipients that MUST be buffered is 100 recipients")]
    [Must(5321, "4.5.3.1.8", "A server with a limit MUST behave in an orderly fashion, such as rejecting additional addresses rather than silently discarding addresses previously accepted")]
    [Must(5321, "4.5.3.1.10", "If an implementation limit on the number of RCPT commands is exhausted, the server MUST use a response code of 452")]
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
    [Must(5321, "4.5.3.1.5", "The maximum total length of a reply line including the reply code and the <CRLF> is 512 octets")]
    public async Task Sizes_of_replies()
    {
        var host = new AcceptAll { Greeting = new SmtpReply(220, null, new string('x', 2000) + "\r\n250 forged") };
        await using var conversation = new Conversation(Conversation.Options(), host);
        Assert.InRange((await conversation.ReadReplyAsync())!.Length, 300, 510); // it greets; CR LF are two more
        await conversation.SendAsync("NOOP\r\n");
        Assert.Equal("250 2.0.0 OK", await conversation.ReadReplyAsync());
    }

    [Fact]
    [Must(5321, "4.2.1", "Every line of a multiline reply, except the last, begins with the reply code and a hyphen, and the code on each of the lines MUST be the same")]
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
    [Must(5321, "4.1.1.2", "The reverse-path may be null")]
    [Must(5321, "4.5.5", "Systems SHOULD NOT add a non-null reverse-path, or change a null reverse-path to a non-null one")]
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
    [Must(5321, "4.1.1.10", "If the connection is closed prematurely, the server MUST cancel any pending transaction, but not undo any previously completed transaction")]
    public async Task Half_a_message()
    {
        var host = await PlaysAsync(ToBob + """
            C: DATA
            S: 354 *
            C: a whole one
            C: .
            S: 250 *
            C: MAIL FROM:<ann@client.test>
            S: 250 *
            C: RCPT TO:<bob@contoso.example>
            S: 250 *
            C: DATA
            S: 354 *
            C: half of it
            R: .
            ! hangup
            ! closed
            """);
        Assert.Equal("a whole one\r\n"u8, Assert.Single(host.Messages).Content);
    }

    private static Task<AcceptAll> PlaysAsync(string text) => Transcript.PlaysAsync(Limits, text);
}
