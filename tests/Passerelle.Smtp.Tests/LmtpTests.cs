namespace Passerelle.Smtp.Tests;

/// <summary>LMTP (RFC 2033): SMTP for somebody who keeps the queue.</summary>
public sealed class LmtpTests
{
    private const string ToTwo = """
        S: 220 *
        C: LHLO client.test
        S: 250 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: RCPT TO:<bob@contoso.example>
        S: 250 *
        C: RCPT TO:<nobody@contoso.example>
        S: 550 *
        C: RCPT TO:<eve@contoso.example>
        S: 250 *

        """;

    private static readonly SmtpServerOptions Lmtp = Conversation.Options(new SmtpLimits(MaxBytes: 1000)) with
    {
        Lmtp = true,
        Extensions = SmtpExtensions.Chunking | SmtpExtensions.BinaryMime,
    };

    [Theory]
    [InlineData("EHLO client.test")]
    [InlineData("HELO client.test")]
    [Must(2033, "4.1", "An LMTP server MUST NOT return a Positive Completion reply to EHLO and HELO; the 500 reply code is recommended")]
    [Must(2033, "4.1", "LHLO has identical semantics to EHLO")]
    [Must(2033, "5", "A server implementation MUST implement PIPELINING and ENHANCEDSTATUSCODES, and SHOULD implement 8BITMIME")]
    public Task EHLO_and_HELO_are_not_understood_and_LHLO_is(string hello) => Transcript.PlaysAsync(Lmtp, new AcceptAll(), $"""
        S: 220 *
        C: {hello}
        S: 500 5.5.2 This is LMTP, say LHLO
        C: MAIL FROM:<ann@client.test>
        S: 503 5.5.1 Say LHLO first
        C: LHLO
        S: 501 5.5.4 *
        C: LHLO client.test
        S: 250 SMTPUTF8
        H: 250-PIPELINING
        H: 250-ENHANCEDSTATUSCODES
        H: 250-8BITMIME
        H: 250-CHUNKING
        C: MAIL FROM:<ann@client.test> SIZE=10 BODY=8BITMIME
        S: 250 *
        """);

    [Fact]
    public Task SMTP_knows_no_LHLO() => Transcript.PlaysAsync(new SmtpLimits(), """
        S: 220 *
        C: LHLO client.test
        S: 500 5.5.2 *
        """);

    [Fact]
    [Must(2033, "4.2", "After the final \".\" the server returns one reply for each previously successful RCPT command, in the order that the RCPT commands were issued")]
    [Must(2033, "4.2", "Even if there were multiple successful RCPT commands giving the same forward-path, there must be one reply for each")]
    public async Task The_final_dot_is_answered_once_for_each_recipient_that_was_taken()
    {
        var host = await Transcript.PlaysAsync(Lmtp, new NumberedReplies(), ToTwo + """
            C: RCPT TO:<bob@contoso.example>
            S: 250 *
            C: DATA
            S: 354 *
            C: a: b
            C: .
            S: 250 2.0.0 0: Stored 6
            S: 250 2.0.0 1: Stored 6
            S: 250 2.0.0 2: Stored 6
            C: NOOP
            S: 250 2.0.0 OK
            """);
        Assert.Equal(["bob@contoso.example", "eve@contoso.example", "bob@contoso.example"], Assert.Single(host.Messages).Envelope.Recipients.Select(to => to.Address));
    }

    [Theory]
    [InlineData(@"a\nb\r\n.\r\n", "550 5.6.11 *")]
    [InlineData(@"\r\n.\r\n", "250 *")]
    public Task A_refusal_of_the_content_is_said_to_each_as_well(string content, string reply) => Transcript.PlaysAsync(Lmtp, new AcceptAll(), ToTwo + $"""
        C: DATA
        S: 354 *
        R: {content}
        S: {reply}
        S: {reply}
        C: NOOP
        S: 250 2.0.0 OK
        """);

    [Fact]
    public Task A_store_that_is_away_is_said_to_each() => Transcript.PlaysAsync(Lmtp, new AcceptAll(), ToTwo.Replace("bob", "crash", StringComparison.Ordinal) + """
        C: DATA
        S: 354 *
        C: .
        S: 451 4.3.0 *
        S: 451 4.3.0 *
        C: NOOP
        S: 250 2.0.0 OK
        """);

    [Theory]
    [InlineData("DATA")]
    [InlineData("BDAT 0 LAST")]
    [Must(2033, "4.2", "When there have been no successful RCPT commands in the mail transaction, the DATA command MUST fail with a 503 reply code")]
    public Task Without_recipients_there_is_no_content(string command) => Transcript.PlaysAsync(Lmtp, new AcceptAll(), $"""
        S: 220 *
        C: LHLO client.test
        S: 250 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: RCPT TO:<nobody@contoso.example>
        S: 550 *
        C: {command}
        S: 503 5.5.1 No valid recipients
        C: NOOP
        S: 250 2.0.0 OK
        """);

    [Fact]
    [Must(2033, "4.3", "BDAT with LAST returns one reply for each previously successful RCPT, BDAT without LAST only one")]
    public Task A_chunk_has_one_answer_and_the_last_one_as_many_as_there_are_recipients() => Transcript.PlaysAsync(Lmtp, new NumberedReplies(), ToTwo + """
        R: BDAT 6\r\na: b\r\n
        S: 250 2.0.0 6 octets received
        R: BDAT 2 LAST\r\n\r\n
        S: 250 2.0.0 0: Stored 8
        S: 250 2.0.0 1: Stored 8
        C: NOOP
        S: 250 2.0.0 OK
        """);

    [Fact]
    public Task A_chunk_that_is_refused_before_the_last_has_one_answer() => Transcript.PlaysAsync(Lmtp, new AcceptAll(), ToTwo + """
        R: BDAT 3\r\na\nb
        S: 550 5.6.11 *
        C: BDAT 0 LAST
        S: 503 *
        C: NOOP
        S: 250 2.0.0 OK
        """);

    [Fact]
    public async Task LHLO_between_two_chunks_gives_the_message_up_and_EHLO_does_not()
    {
        var host = await Transcript.PlaysAsync(Lmtp, new AcceptAll(), ToTwo + """
            R: BDAT 3\r\na\r\n
            S: 250 *
            C: EHLO client.test
            S: 500 *
            C: LHLO client.test
            S: 250 *
            C: BDAT 0 LAST
            S: 503 *
            """);
        Assert.Empty(host.Messages);
    }
}
