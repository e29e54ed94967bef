namespace Passerelle.Smtp.Tests;

public sealed class DataTests
{
    private const string ToBob = Transcript.ToBob + """
        C: DATA
        S: 354 *

        """;

    private static readonly SmtpLimits Small = new(MaxBytes: 1000) { MaxLineBytes = 100, MaxHeaderBytes = 200 };

    [Theory]
    [InlineData(@"a\nb\r\n.\r\n")]
    [InlineData(@"a\rb\r\n.\r\n")]
    [InlineData(@"a\r\r\n.\r\n")]
    [InlineData(@"a\n.\nb\r\n.\r\n")]
    [InlineData(@"a\r\n.\nb\r\n.\r\n")]
    [InlineData(@"a\r\n.\rb\r\n.\r\n")]
    [InlineData(@"a\r\n.\r\r\n.\r\n")]
    [InlineData(@"\n.\r\n\r\n.\r\n")]
    public async Task A_bare_CR_or_LF_refuses_the_message_after_its_end(string content)
    {
        var host = await Transcript.PlaysAsync(Small, ToBob + $"""
            R: {content}
            S: 550 5.6.11 *
            C: NOOP
            S: 250 *
            """);
        Assert.Empty(host.Messages);
        Assert.Empty(host.Faults);
    }

    [Theory]
    [InlineData(@".\r\n", "")]
    [InlineData(@"\r\n.\r\n", "\r\n")]
    [InlineData(@"..\r\n.\r\n", ".\r\n")]
    [InlineData(@"...\r\n.\r\n", "..\r\n")]
    [InlineData(@".a\r\n.\r\n", "a\r\n")]
    [InlineData(@"a.\r\n.b\r\n.\r\n", "a.\r\nb\r\n")]
    [InlineData(@"a\0b\xFF\r\n.\r\n", "a\0b\u00FF\r\n")]
    public async Task Content_comes_without_its_stuffing(string raw, string expected)
    {
        var host = await Transcript.PlaysAsync(Small, ToBob + $"""
            R: {raw}
            S: 250 *
            """);
        Assert.Equal(expected, System.Text.Encoding.Latin1.GetString(Assert.Single(host.Messages).Content));
    }

    [Fact]
    public async Task A_message_that_grows_too_big_is_read_to_its_end_and_refused()
    {
        var host = await Transcript.PlaysAsync(Small, ToBob + $"""
            R: {string.Concat(Enumerable.Repeat(@"012345678\r\n", 120))}
            R: .\r\n
            S: 552 5.3.4 *
            C: NOOP
            S: 250 *
            """);
        Assert.Empty(host.Messages);
    }

    [Fact]
    public async Task A_message_of_exactly_the_bound_is_taken()
    {
        var head = @"a: b\r\n\r\n"; // 8 octets
        var host = await Transcript.PlaysAsync(Small, ToBob + $"""
            R: {head}{string.Concat(Enumerable.Repeat(@"12345678901234\r\n", 62))}.\r\n
            S: 250 2.0.0 Stored 1000
            """);
        Assert.Single(host.Messages);
    }

    [Fact]
    public Task A_message_that_never_ends_is_answered_and_cut_off() => Transcript.PlaysAsync(Small, ToBob + $"""
        R: {string.Concat(Enumerable.Repeat(@"012345678\r\n", 7000))}
        S: 552 5.3.4 *
        ! closed
        """);

    [Fact]
    public Task Lines_and_headers_are_bounded() => Transcript.PlaysAsync(Small, ToBob + $"""
        R: a: b\r\n\r\n{new string('x', 99)}\r\n.\r\n
        S: 554 5.6.0 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: RCPT TO:<bob@contoso.example>
        S: 250 *
        C: DATA
        S: 354 *
        R: {string.Concat(Enumerable.Repeat(@"h: 56789\r\n", 21))}\r\n.\r\n
        S: 552 5.3.4 Header*
        """);

    [Theory]
    [InlineData("full", "452 4.3.1 *")]
    [InlineData("hasty", "451 4.3.0 *")]
    [InlineData("crash", "451 4.3.0 *")]
    public async Task An_answer_before_the_end_waits_for_the_end(string recipient, string reply)
    {
        var host = await Transcript.PlaysAsync(Small, ToBob.Replace("bob", recipient, StringComparison.Ordinal) + $"""
            C: a: b
            C: 
            C: RSET
            C: .
            S: {reply}
            C: NOOP
            S: 250 *
            """);
        Assert.Empty(host.Messages);
        Assert.Equal(recipient != "full", host.Faults.Count == 1);
    }

    [Fact]
    public async Task A_host_that_swallows_a_refusal_cannot_accept_the_message()
    {
        var host = await Transcript.PlaysAsync(Small, ToBob.Replace("bob", "greedy", StringComparison.Ordinal) + """
            R: a\nb\r\n.\r\n
            S: 550 5.6.11 *
            """);
        Assert.Empty(host.Messages);
    }

    [Fact]
    public async Task A_client_that_hangs_up_within_a_message_leaves_nothing()
    {
        var host = await Transcript.PlaysAsync(Small, ToBob + """
            C: half a
            ! hangup
            ! closed
            """);
        Assert.Empty(host.Messages);
        Assert.Empty(host.Faults);
        Assert.Equal([SmtpClosing.Disconnected], host.Closings);
    }

    [Fact]
    public async Task A_host_that_swallows_a_hangup_answers_nobody()
    {
        var host = await Transcript.PlaysAsync(Small, ToBob.Replace("bob", "greedy", StringComparison.Ordinal) + """
            C: half a
            ! hangup
            ! closed
            """);
        Assert.Equal([SmtpClosing.Disconnected], host.Closings);
    }
}
