namespace Passerelle.Smtp.Tests.Rfc;

/// <summary>What EHLO names is there, and what is there is named (RFC 5321 §2.2.2, §4.1.1.1, §4.2.4).</summary>
public sealed class AnnouncementTests
{
    /// <summary>Each keyword of IANA's registry that we may offer: a command that uses it, and the answer.</summary>
    private static readonly Dictionary<string, (string Command, string Reply)> Registered = new()
    {
        ["SIZE"] = ("MAIL FROM:<ann@client.test> SIZE=1", "250"),
        ["PIPELINING"] = ("RSET\r\nRSET", "250"),
        ["DSN"] = ("MAIL FROM:<ann@client.test> RET=HDRS", "250"),
        ["ENHANCEDSTATUSCODES"] = ("NOOP", "250 2.0.0"),
        ["STARTTLS"] = ("STARTTLS", "220"),
        ["AUTH"] = ("AUTH XOAUTH2 dXNlcg==", "235"),
        ["8BITMIME"] = ("MAIL FROM:<ann@client.test> BODY=8BITMIME", "250"),
        ["BINARYMIME"] = ("MAIL FROM:<ann@client.test> BODY=BINARYMIME", "250"),
        ["CHUNKING"] = ("BDAT 0", "503"), // no MAIL yet
        ["HELP"] = ("HELP", "214"),
        ["SMTPUTF8"] = ("MAIL FROM:<ann@client.test> SMTPUTF8", "250"),
    };

    private static readonly SmtpServerOptions Everything = Conversation.Options() with
    {
        Extensions = SmtpExtensions.Chunking | SmtpExtensions.BinaryMime | SmtpExtensions.Dsn | SmtpExtensions.Help,
        Tls = new System.Net.Security.SslServerAuthenticationOptions(),
    };

    [Fact]
    [Must(5321, "2.2.2", "A conforming server MUST NOT offer non-\"X\"-prefixed keyword values that are not described in a registered extension")]
    [Must(5321, "4.2.4", "Extended SMTP systems MUST NOT list capabilities in response to EHLO for which they will return 502 (or 500) replies")]
    public async Task Each_keyword_is_registered_and_does_what_it_says()
    {
        var keywords = await KeywordsAsync(Everything);
        Assert.Equal(Registered.Keys.Order(), keywords.Order());
        foreach (var keyword in keywords)
        {
            Assert.StartsWith(Registered[keyword].Reply, await AnswerAsync(Everything, Registered[keyword].Command));
        }
    }

    [Theory]
    [InlineData("BDAT 0", "CHUNKING")]
    [InlineData("STARTTLS", "STARTTLS")]
    [InlineData("AUTH XOAUTH2 dXNlcg==", "AUTH")]
    [InlineData("HELP", "HELP")]
    [InlineData("EXPN staff", "EXPN")]
    [InlineData("ETRN contoso.example", "ETRN")]
    [InlineData("TURN", "TURN")]
    [InlineData("SEND FROM:<ann@client.test>", "SEND")]
    [Must(5321, "4.1.1.1", "The EHLO response MUST contain keywords for all commands not listed as \"required\" in Section 4.5.1")]
    public async Task Each_command_that_is_not_required_is_named_when_it_is_there(string command, string keyword)
    {
        var isThere = (await AnswerAsync(Everything, command))?[..3] is not ("500" or "502");
        Assert.Equal(isThere, (await KeywordsAsync(Everything)).Contains(keyword));
    }

    private static async Task<IReadOnlyList<string>> KeywordsAsync(SmtpServerOptions options)
    {
        await using var conversation = await GreetedAsync(options);
        await conversation.SendAsync("EHLO client.test\r\n");
        return [.. (await conversation.ReadReplyAsync())!.Split('\n').Skip(1).Select(line => line[4..].Split(' ')[0])]; // it answered
    }

    private static async Task<string?> AnswerAsync(SmtpServerOptions options, string command)
    {
        await using var conversation = await GreetedAsync(options);
        await conversation.SendAsync($"EHLO client.test\r\n{command}\r\n");
        await conversation.ReadReplyAsync();
        return await conversation.ReadReplyAsync();
    }

    private static async Task<Conversation> GreetedAsync(SmtpServerOptions options)
    {
        var conversation = new Conversation(options, new AcceptAll { Offered = ["XOAUTH2"] });
        await conversation.ReadReplyAsync();
        return conversation;
    }
}
