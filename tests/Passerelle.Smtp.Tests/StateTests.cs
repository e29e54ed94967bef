namespace Passerelle.Smtp.Tests;

/// <summary>Every command in every state of a conversation.</summary>
public sealed class StateTests
{
    private const string Columns = "connected HELO EHLO MAIL RCPT BDAT";

    /// <summary>What each is answered with, by the state that the conversation is in.</summary>
    private const string Table = """
        EHLO client.test                | 250 250 250 250 250 250
        EHLO                            | 501 501 501 501 501 501
        HELO client.test                | 250 250 250 250 250 250
        HELO                            | 501 501 501 501 501 501
        LHLO client.test                | 500 500 500 500 500 500
        MAIL FROM:<ann@client.test>     | 503 250 250 503 503 503
        MAIL FROM:<>                    | 503 250 250 503 503 503
        MAIL FROM:                      | 503 501 501 501 501 501
        MAIL FROM:<@>                   | 503 553 553 553 553 553
        MAIL FROM:<a@b.test> FOO=1      | 503 501 555 555 555 555
        RCPT TO:<bob@contoso.example>   | 503 503 503 250 250 503
        RCPT TO:<nobody@contoso.example>| 503 503 503 550 550 503
        RCPT TO:<@>                     | 503 503 503 553 553 503
        RCPT                            | 503 503 503 501 501 503
        DATA                            | 503 503 503 554 354 503
        DATA now                        | 503 503 503 554 501 503
        BDAT 0                          | 503 503 503 554 250 250
        BDAT 0 LAST                     | 503 503 503 554 250 250
        BDAT                            | 501 501 501 501 501 501
        BDAT 1x                         | 501 501 501 501 501 501
        RSET                            | 250 250 250 250 250 250
        RSET now                        | 501 501 501 501 501 501
        NOOP                            | 250 250 250 250 250 250
        NOOP anything                   | 250 250 250 250 250 250
        VRFY bob@contoso.example        | 252 252 252 252 252 252
        VRFY                            | 501 501 501 501 501 501
        EXPN staff                      | 502 502 502 502 502 502
        HELP                            | 214 214 214 214 214 214
        STARTTLS                        | 220 220 220 220 220 220
        STARTTLS now                    | 501 501 501 501 501 501
        AUTH XOAUTH2 dXNlcg==           | 503 235 235 503 503 503
        AUTH PLAIN AA==                 | 503 504 504 503 503 503
        AUTH                            | 503 501 501 503 503 503
        QUIT                            | 221 221 221 221 221 221
        QUIT now                        | 501 501 501 501 501 501
        TURN                            | 500 500 500 500 500 500
        XPRIVATE                        | 500 500 500 500 500 500
        GET / HTTP/1.1                  | 421 421 421 421 421 421
        """;

    private static readonly SmtpServerOptions Options = Conversation.Options() with
    {
        Extensions = SmtpExtensions.Chunking | SmtpExtensions.BinaryMime | SmtpExtensions.Dsn,
        Tls = new System.Net.Security.SslServerAuthenticationOptions(),
    };

    private static readonly string[] Ways =
    [
        "HELO client.test\r\n", "EHLO client.test\r\n", "MAIL FROM:<ann@client.test>\r\n", "RCPT TO:<ann@contoso.example>\r\n", "BDAT 2\r\n\r\n",
    ];

    public static TheoryData<string, string, string> Cells()
    {
        var cells = new TheoryData<string, string, string>();
        foreach (var line in Table.Split('\n'))
        {
            var (command, codes) = (line[..line.IndexOf('|', StringComparison.Ordinal)].TrimEnd(), line[(line.IndexOf('|', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            foreach (var (state, code) in Columns.Split(' ').Zip(codes)) cells.Add(state, command, code);
        }
        return cells;
    }

    [Theory, MemberData(nameof(Cells))]
    [Must(5321, "4.1.4", "If the EHLO command is not acceptable, 501, 500, 502, or 550 MUST be returned as appropriate, and the SMTP server MUST stay in the same state")]
    [Must(5321, "4.1.4", "If the transaction beginning command argument is not acceptable, a 501 failure reply MUST be returned (553 for a mailbox name: 3.3) and the SMTP server MUST stay in the same state")]
    [Must(5321, "4.1.4", "If the commands in a transaction are out of order, a 503 failure reply MUST be returned and the SMTP server MUST stay in the same state")]
    [Must(5321, "4.2", "Every command MUST generate exactly one reply")]
    [Must(5321, "4.3.2", "SMTP servers MUST NOT transmit reply codes that are other than three digits or that do not start in a digit between 2 and 5 inclusive")]
    public async Task A_command_is_answered_by_the_state_and_a_refusal_changes_nothing(string state, string command, string code)
    {
        await using var conversation = await InAsync(state);
        await conversation.SendAsync(command + "\r\n");
        var reply = await conversation.ReadReplyAsync();
        Assert.Matches($@"\A{code}[ -]", reply);
        if (code[0] != '5' || command.StartsWith("BDAT", StringComparison.Ordinal)) return; // it moved on, or it ended

        await using var untouched = await InAsync(state);
        foreach (var probe in new[] { "RCPT TO:<eve@contoso.example>", "BDAT 0 LAST", "MAIL FROM:<ann@client.test>" })
        {
            await conversation.SendAsync(probe + "\r\n");
            await untouched.SendAsync(probe + "\r\n");
            Assert.Equal(await untouched.ReadReplyAsync(), await conversation.ReadReplyAsync());
        }
    }

    [Fact]
    [Must(2034, "4", "Status codes must appear in all 2xx, 4xx, and 5xx response lines other than initial greeting and any response to HELO or EHLO")]
    [Must(2034, "4", "All status codes returned by the server must agree with the primary response code")]
    [Must(3463, "2", "Each numeric sub-code within the status-code MUST be expressed without leading zero digits")]
    public async Task Every_reply_but_greetings_has_an_enhanced_status_of_its_class()
    {
        foreach (var (state, command, _) in Cells().Select(cell => cell.Data))
        {
            if (command.Contains("LO client", StringComparison.Ordinal) || (command, state) is ("DATA", "RCPT")) continue; // hello and 354 have none
            await using var conversation = await InAsync(state);
            await conversation.SendAsync(command + "\r\n");
            Assert.Matches(@"^([245])\d\d \1\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2}) \S", await conversation.ReadReplyAsync());
        }
    }

    private static async Task<Conversation> InAsync(string state)
    {
        var conversation = new Conversation(Options, new AcceptAll { Offered = ["XOAUTH2"] });
        await conversation.ReadReplyAsync();
        var step = Columns.Split(' ').AsSpan().IndexOf(state);
        foreach (var way in step == 1 ? Ways[..1] : Ways.AsSpan(1, Math.Max(0, step - 1)).ToArray())
        {
            await conversation.SendAsync(way);
            Assert.StartsWith("250", await conversation.ReadReplyAsync());
        }
        return conversation;
    }
}
