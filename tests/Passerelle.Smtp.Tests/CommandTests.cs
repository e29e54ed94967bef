namespace Passerelle.Smtp.Tests;

public sealed class CommandTests
{
    private static readonly SmtpLimits Small = new(MaxBytes: 1000, TlsRequired: false);

    [Fact]
    public async Task A_message_is_handed_over_with_its_envelope()
    {
        var host = await Transcript.PlaysAsync(Small, """
            S: 220 mx.contoso.example ESMTP
            C: EHLO client.test
            S: 250 SMTPUTF8
            H: 250-mx.contoso.example *
            H: 250-SIZE 1000
            H: 250-PIPELINING
            H: 250-ENHANCEDSTATUSCODES
            H: 250-8BITMIME
            C: MAIL FROM:<ann@client.test> SIZE=20 BODY=8BITMIME
            S: 250 2.1.0 *
            C: RCPT TO:<bob@contoso.example>
            S: 250 2.1.5 *
            C: RCPT TO:<Postmaster>
            S: 250 2.1.5 *
            C: DATA
            S: 354 *
            C: Subject: hi
            C: 
            C: ..dot
            C: .
            S: 250 2.0.0 Stored 21
            C: QUIT
            S: 221 2.0.0 *
            ! closed
            """);
        var (envelope, content) = Assert.Single(host.Messages);
        Assert.Equal("ann@client.test", envelope.From.Address);
        Assert.Equal((20, MailBody.EightBitMime), (envelope.From.DeclaredBytes, envelope.From.Body));
        Assert.Equal(["bob@contoso.example", "Postmaster"], envelope.Recipients.Select(to => to.Address));
        Assert.Equal("Subject: hi\r\n\r\n.dot\r\n"u8, content);
        Assert.Equal([SmtpClosing.Quit], host.Closings);
    }

    [Fact]
    public Task A_message_declared_too_big_is_refused_before_it_is_sent() => Transcript.PlaysAsync(Small, """
        S: 220 *
        C: EHLO client.test
        S: 250 *
        C: MAIL FROM:<ann@client.test> SIZE=1001
        S: 552 5.3.4 *
        C: MAIL FROM:<ann@client.test> SIZE=99999999999999999999
        S: 552 5.3.4 *
        C: MAIL FROM:<ann@client.test> SIZE=1000
        S: 250 *
        """);

    [Fact]
    public Task Commands_out_of_order_are_refused() => Transcript.PlaysAsync(Small, """
        S: 220 *
        C: MAIL FROM:<ann@client.test>
        S: 503 5.5.1 Say EHLO first
        C: EHLO client.test
        S: 250 *
        C: RCPT TO:<bob@contoso.example>
        S: 503 5.5.1 *
        C: DATA
        S: 503 5.5.1 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: DATA
        S: 554 5.5.1 *
        C: MAIL FROM:<ann@client.test>
        S: 503 5.5.1 *
        """);

    [Theory]
    [InlineData("RSET")]
    [InlineData("EHLO again.test")]
    [InlineData("HELO again.test")]
    public Task A_transaction_ends_by(string command) => Transcript.PlaysAsync(Small, $"""
        S: 220 *
        C: EHLO client.test
        S: 250 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: RCPT TO:<bob@contoso.example>
        S: 250 *
        C: {command}
        S: 250 *
        C: DATA
        S: 503 *
        C: MAIL FROM:<>
        S: 250 *
        """);

    [Theory]
    [InlineData("NOOP", "250 2.0.0 *")]
    [InlineData("noop anything", "250 *")]
    [InlineData("RSET", "250 2.0.0 *")]
    [InlineData("RSET now", "501 5.5.4 *")]
    [InlineData("QUIT now", "501 5.5.4 *")]
    [InlineData("VRFY bob", "252 2.0.0 *")]
    [InlineData("VRFY <bob@contoso.example>", "252 *")]
    [InlineData("VRFY", "501 *")]
    [InlineData("EXPN staff", "502 5.5.1 *")]
    [InlineData("HELP", "214 2.0.0 *")]
    [InlineData("HELP MAIL", "214 *")]
    [InlineData("STARTTLS", "502 5.5.1 *")]
    [InlineData("AUTH PLAIN AA==", "502 5.5.1 *")]
    [InlineData("BDAT 10", "500 5.5.2 *")]
    [InlineData("EHLO", "501 5.5.4 *")]
    [InlineData("HELO", "501 5.5.4 *")]
    [InlineData("", "500 5.5.2 *")]
    [InlineData("MAILFROM:<a@b>", "500 5.5.2 *")]
    [InlineData("DATA now", "503 *")]
    public Task A_command_is_answered(string command, string reply) => Transcript.PlaysAsync(Small, $"""
        S: 220 *
        C: EHLO client.test
        S: 250 *
        C: {command}
        S: {reply}
        C: NOOP
        S: 250 *
        """);

    [Theory]
    [InlineData("MAIL", "501 5.5.4 *")]
    [InlineData("MAIL FROM", "501 *")]
    [InlineData("MAIL FROM:", "501 *")]
    [InlineData("MAIL TO:<ann@client.test>", "501 *")]
    [InlineData("MAIL FROM:<ann@client.test>SIZE=1", "501 *")]
    [InlineData("MAIL FROM:<ann@client.test", "553 5.1.7 *")]
    [InlineData("MAIL FROM:<ann@>", "553 5.1.7 *")]
    [InlineData("MAIL FROM:<@client.test>", "553 5.1.7 *")]
    [InlineData("MAIL FROM:<ann@client..test>", "553 *")]
    [InlineData("MAIL FROM:<ann..b@client.test>", "553 *")]
    [InlineData("MAIL FROM:<ann@client.test> SIZE", "501 *")]
    [InlineData("MAIL FROM:<ann@client.test> SIZE=", "501 *")]
    [InlineData("MAIL FROM:<ann@client.test> SIZE=1x", "501 *")]
    [InlineData("MAIL FROM:<ann@client.test> SIZE=1 SIZE=1", "501 *")]
    [InlineData("MAIL FROM:<ann@client.test> BODY=BINARYMIME", "501 *")]
    [InlineData("MAIL FROM:<ann@client.test> SMTPUTF8=YES", "501 *")]
    [InlineData("MAIL FROM:<ann@client.test> RET=HDRS", "555 5.5.4 *")]
    [InlineData("MAIL FROM:<ann@client.test> AUTH=<>", "555 5.5.4 *")]
    [InlineData("MAIL FROM:<ann@client.test> body=7bit", "250 *")]
    [InlineData("mail from:<ann@client.test>", "250 *")]
    [InlineData("MAIL FROM: ann@client.test", "250 *")]
    [InlineData("MAIL FROM:<>", "250 *")]
    [InlineData("MAIL FROM:<> SIZE=1", "250 *")]
    [InlineData("MAIL FROM:<boom@client.test>", "451 4.3.0 *")]
    public Task A_sender_is_answered(string command, string reply) => Transcript.PlaysAsync(Small, $"""
        S: 220 *
        C: EHLO client.test
        S: 250 *
        C: {command}
        S: {reply}
        C: NOOP
        S: 250 *
        """);

    [Theory]
    [InlineData("RCPT", "501 *")]
    [InlineData("RCPT FROM:<bob@contoso.example>", "501 *")]
    [InlineData("RCPT TO:<>", "553 5.1.3 *")]
    [InlineData("RCPT TO:<bob>", "553 5.1.3 *")]
    [InlineData("RCPT TO:<postMASTER>", "250 *")]
    [InlineData("RCPT TO:<bob@contoso.example> NOTIFY=NEVER", "555 5.5.4 *")]
    [InlineData("RCPT TO:<bob@contoso.example> ???", "501 *")]
    [InlineData("RCPT TO:<@a.test,@b.test:bob@contoso.example>", "250 *")]
    [InlineData("RCPT TO:<\"bob smith\"@contoso.example>", "250 *")]
    [InlineData("RCPT TO:<bob@[192.0.2.1]>", "250 *")]
    [InlineData("RCPT TO:<nobody@contoso.example>", "550 5.1.1 *")]
    [InlineData("RCPT TO:<boom@contoso.example>", "451 4.3.0 *")]
    public Task A_recipient_is_answered(string command, string reply) => Transcript.PlaysAsync(Small, $"""
        S: 220 *
        C: EHLO client.test
        S: 250 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: {command}
        S: {reply}
        C: NOOP
        S: 250 *
        """);

    [Fact]
    public Task After_HELO_no_parameters_are_taken() => Transcript.PlaysAsync(Small, """
        S: 220 *
        C: HELO client.test
        S: 250 mx.contoso.example *
        C: MAIL FROM:<ann@client.test> SIZE=10
        S: 501 5.5.4 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: RCPT TO:<bob@contoso.example> SIZE=10
        S: 501 *
        """);

    [Fact]
    public Task Addresses_beyond_ASCII_need_SMTPUTF8() => Transcript.PlaysAsync(Small, """
        S: 220 *
        C: EHLO client.test
        S: 250 *
        R: MAIL FROM:<zo\xC3\xA9@client.test>\r\n
        S: 550 5.6.7 *
        R: MAIL FROM:<zo\xE9@client.test> SMTPUTF8\r\n
        S: 501 5.5.4 *
        R: NOOP \xC3\xA9\r\n
        S: 501 5.5.4 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        R: RCPT TO:<zo\xC3\xA9@contoso.example>\r\n
        S: 553 5.6.7 *
        C: RSET
        S: 250 *
        R: MAIL FROM:<zo\xC3\xA9@client.test> SMTPUTF8\r\n
        S: 250 *
        R: RCPT TO:<zo\xC3\xA9@contoso.example>\r\n
        S: 250 *
        """);

    [Fact]
    [Must(5321, "3.1", "A server that gives 554 in the connection opening message MUST still wait for the client to send a QUIT, and SHOULD respond to any intervening commands with 503")]
    public async Task The_host_may_refuse_the_connection()
    {
        var host = new AcceptAll { Greeting = new SmtpReply(554, "7.1", "Not you") };
        await Transcript.PlaysAsync(Conversation.Options(), host, """
            S: 554 5.7.1 Not you
            C: EHLO client.test
            S: 503 5.5.1 *
            C: MAIL FROM:<ann@client.test>
            S: 503 5.5.1 *
            C: QUIT
            S: 221 2.0.0 *
            ! closed
            """);
        Assert.Equal([SmtpClosing.Quit], host.Closings);
    }

    [Fact]
    public async Task A_421_of_the_host_closes_and_a_fault_does_not()
    {
        var host = await Transcript.PlaysAsync(Small, """
            S: 220 *
            C: EHLO client.test
            S: 250 *
            C: MAIL FROM:<ann@client.test>
            S: 250 *
            C: RCPT TO:<boom@contoso.example>
            S: 451 4.3.0 *
            C: RCPT TO:<throttled@contoso.example>
            S: 421 4.7.0 Go away
            ! closed
            """);
        Assert.IsType<TimeoutException>(Assert.Single(host.Faults));
        Assert.Equal([SmtpClosing.Refused], host.Closings);
    }
}
