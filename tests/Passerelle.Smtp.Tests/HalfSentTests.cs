using static Passerelle.Smtp.Tests.Chunked;

namespace Passerelle.Smtp.Tests;

/// <summary>What ends a message of which some chunks have come and others not: nothing of it is kept.</summary>
public sealed class HalfSentTests
{
    private const string ToBob = Transcript.ToBob;

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
}
