using Microsoft.Extensions.DependencyInjection;
using Passerelle.Lab.Control;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;
using Passerelle.Lab.Tests.Exchange;

namespace Passerelle.Lab.Tests.Imap;

/// <summary>The protocol by its bytes (RFC 3501), and its bounds.</summary>
public sealed class WireTests
{
    [Fact]
    public async Task A_folder_that_is_opened_says_all_that_a_client_needs()
    {
        await using var host = await ExchangeHost.StartAsync();
        await ImapMail.PutLetterAsync(host, "One");
        await using var imap = await ImapDialogue.InAsync(host);
        var said = await imap.SayAsync("EXAMINE INBOX");
        Assert.Equal($"""
            * 1 EXISTS
            * 0 RECENT
            * FLAGS (\Seen \Answered \Flagged \Deleted \Draft $MDNSent)
            * OK [PERMANENTFLAGS ()] Permanent flags
            * OK [UNSEEN 1] Is the first unseen message
            * OK [UIDVALIDITY {host.Mail.UidValidity}] UIDVALIDITY value
            * OK [UIDNEXT 2] The next unique identifier value
            t3 OK [READ-ONLY] EXAMINE completed.
            """.ReplaceLineEndings("\n"), said);
        Assert.Contains(" NO Command is not valid in this state", await imap.SayAsync("STORE 1 +FLAGS (\\Seen)"), StringComparison.Ordinal);
        Assert.Contains("BODY[TEXT] {14}", await imap.SayAsync("FETCH 1 BODY[TEXT]"), StringComparison.Ordinal);
        Assert.Equal(MailFlags.None, host.Mail.List(ExchangeHost.Support, MailFolder.Inbox).Single().Flags);
        Assert.Equal("t6 NO [TRYCREATE] Nowhere doesn't exist.", await imap.SayAsync("SELECT Nowhere"));
        Assert.Equal("t7 BAD Command received in Invalid state.", await imap.SayAsync("FETCH 1 FLAGS"));
    }

    [Theory]
    [InlineData("FETCH 1 (UID FLAGS RFC822.SIZE)", "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 169)\nt3 OK FETCH completed.")]
    [InlineData("FETCH 1 BODY.PEEK[HEADER.FIELDS (subject TO)]",
        "* 1 FETCH (BODY[HEADER.FIELDS (subject TO)] {51}\r\nTo: support@contoso.example\r\nSubject: One\r\n two\r\n\r\n)\nt3 OK FETCH completed.")]
    [InlineData("FETCH 1 BODY.PEEK[HEADER.FIELDS.NOT (From To Message-ID Date)]",
        "* 1 FETCH (BODY[HEADER.FIELDS.NOT (From To Message-ID Date)] {22}\r\nSubject: One\r\n two\r\n\r\n)\nt3 OK FETCH completed.")]
    [InlineData("FETCH 1 BODY.PEEK[1]<6.2>", "* 1 FETCH (BODY[1]<6> {2}\r\nis)\nt3 OK FETCH completed.")]
    [InlineData("FETCH 1 BODY.PEEK[TEXT]<100.5>", "* 1 FETCH (BODY[TEXT]<100> {0}\r\n)\nt3 OK FETCH completed.")]
    [InlineData("FETCH 1 BODY.PEEK[7.MIME]", "* 1 FETCH (BODY[7.MIME] NIL)\nt3 OK FETCH completed.")]
    [InlineData("UID FETCH 1 (RFC822.TEXT)", "* 1 FETCH (UID 1 RFC822.TEXT {14}\r\nWhere is it?\r\n FLAGS (\\Seen))\nt3 OK FETCH completed.")]
    [InlineData("FETCH 1 BODY", "* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 14 1))\nt3 OK FETCH completed.")]
    [InlineData("FETCH 1 ENVELOPE", "* 1 FETCH (ENVELOPE (\"Mon, 5 Jan 2026 10:00:00 +0100\" \"One two\" ((\"Ann\" NIL \"ann\" \"adatum.example\")) ((\"Ann\" NIL \"ann\" \"adatum.example\"))"
        + " ((\"Ann\" NIL \"ann\" \"adatum.example\")) ((NIL NIL \"support\" \"contoso.example\")) NIL NIL NIL \"<One@adatum.example>\"))\nt3 OK FETCH completed.")]
    [InlineData("UID FETCH 5:* FLAGS", "* 1 FETCH (UID 1 FLAGS ())\nt3 OK FETCH completed.")]
    [InlineData("UID FETCH 5 FLAGS", "t3 OK FETCH completed.")]
    [InlineData("UID STORE 1 FLAGS.SILENT (\\Deleted $Unknown)", "t3 OK STORE completed.")]
    [InlineData("STORE 1 +FLAGS \\Flagged", "* 1 FETCH (FLAGS (\\Flagged))\nt3 OK STORE completed.")]
    [InlineData("SEARCH UNSEEN 1:* NOT (DELETED DRAFT)", "* SEARCH 1\nt3 OK SEARCH completed.")]
    [InlineData("UID SEARCH CHARSET UTF-8 HEADER Message-ID \"<One@adatum.example>\"", "* SEARCH 1\nt3 OK SEARCH completed.")]
    [InlineData("SEARCH CHARSET KOI8-R ALL", "t3 NO [BADCHARSET (UTF-8 US-ASCII)] The specified charset is not supported.")]
    [InlineData("SEARCH UNKNOWN", "t3 BAD Command Argument Error. 11")]
    [InlineData("FETCH 0 FLAGS", "t3 BAD Command Argument Error. 11")]
    [InlineData("FETCH 1 NOTHING", "t3 BAD Command Argument Error. 11")]
    [InlineData("DANCE", "t3 BAD Command Error. 10")]
    [InlineData("LIST \"\" \"\"", "* LIST (\\Noselect) \"/\" \"\"\nt3 OK LIST completed.")]
    [InlineData("LIST \"\" %Items", "* LIST (\\Trash \\HasNoChildren) \"/\" \"Deleted Items\"\n* LIST (\\Sent \\HasNoChildren) \"/\" \"Sent Items\"\nt3 OK LIST completed.")]
    [InlineData("LSUB \"\" inbox", "* LSUB (\\HasNoChildren) \"/\" \"INBOX\"\nt3 OK LSUB completed.")]
    [InlineData("NAMESPACE", "* NAMESPACE ((\"\" \"/\")) NIL NIL\nt3 OK NAMESPACE completed.")]
    [InlineData("STATUS INBOX (MESSAGES UNSEEN UIDNEXT RECENT)", "* STATUS \"INBOX\" (MESSAGES 1 UNSEEN 1 UIDNEXT 2 RECENT 0)\nt3 OK STATUS completed.")]
    [InlineData("CREATE More", "t3 NO The folders of a lab's mailbox are fixed.")]
    [InlineData("UNSELECT", "t3 OK UNSELECT completed.")]
    public async Task An_answer_reads_so(string command, string answer)
    {
        await using var host = await ExchangeHost.StartAsync();
        await ImapMail.PutAsync(host, """
            From: Ann <ann@adatum.example>
            To: support@contoso.example
            Subject: One
             two
            Message-ID: <One@adatum.example>
            Date: Mon, 5 Jan 2026 10:00:00 +0100

            Where is it?

            """);
        await using var imap = await ImapDialogue.InAsync(host);
        Assert.Equal(answer, await imap.SayAsync(command));
    }

    [Fact]
    public async Task Another_client_s_changes_are_told_and_numbers_move_only_when_they_may()
    {
        await using var host = await ExchangeHost.StartAsync();
        var first = await ImapMail.PutLetterAsync(host, "One");
        var second = await ImapMail.PutLetterAsync(host, "Two");
        await using var imap = await ImapDialogue.InAsync(host);
        host.Mail.Delete([first.Id]);
        host.Mail.Change(second.Id, mail => mail with { Flags = MailFlags.Seen });
        await ImapMail.PutLetterAsync(host, "Three");

        Assert.Equal("* 2 FETCH (FLAGS (\\Seen))\n* 3 EXISTS\nt3 OK FETCH completed.", await imap.SayAsync("FETCH 9 FLAGS"));
        Assert.Equal("* 1 EXPUNGE\nt4 OK NOOP completed.", await imap.SayAsync("NOOP"));
        Assert.Equal("* 2 FETCH (UID 3 FLAGS ())\nt5 OK FETCH completed.", await imap.SayAsync("UID FETCH 3 FLAGS"));
    }

    [Fact]
    public async Task Literals_come_with_and_without_being_asked_for()
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var imap = await ImapDialogue.InAsync(host);
        await imap.WriteAsync("a APPEND {5}\r\n");
        Assert.Equal("+ Ready for additional command text.", await imap.LineAsync());
        await imap.WriteAsync("INBOX (\\Seen) {20+}\r\nSubject: Put\r\n\r\nHi\r\n\r\n");
        Assert.Equal($"* 1 EXISTS\na OK [APPENDUID {host.Mail.UidValidity} 1] APPEND completed.", await imap.AnswerAsync("a"));
        Assert.Equal("* 1 EXPUNGE\nt3 OK EXPUNGE completed.", (await imap.SayAsync("STORE 1 +FLAGS.SILENT (\\Deleted)"), await imap.SayAsync("EXPUNGE")).Item2.Replace("t4", "t3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_too_long_ends_the_session_or_is_refused()
    {
        await using var host = await ExchangeHost.StartAsync();
        var (line, _) = await ImapDialogue.OpenAsync(host);
        await using var closing = line;
        await line.WriteAsync("a NOOP " + new string('x', 70_000));
        Assert.Equal("* BYE Connection closed. 14", await line.LineAsync());

        var (stranger, _) = await ImapDialogue.OpenAsync(host);
        await using var closingToo = stranger;
        await stranger.WriteAsync("a LOGIN {20000}\r\n");
        Assert.Equal("a BAD Command Error. 10", await stranger.LineAsync());
        await stranger.WriteAsync("b LOGIN {20000+}\r\n");
        Assert.Equal("* BYE Connection closed. 14", await stranger.LineAsync());

        await using var imap = await ImapDialogue.InAsync(host);
        Assert.Equal("t3 NO [TOOBIG] Message size exceeds fixed maximum message size", await imap.SayAsync("APPEND INBOX {99999999}"));
        Assert.Contains("BAD", await imap.SayAsync("SEARCH " + string.Concat(Enumerable.Repeat("NOT ", 5000)) + "ALL"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("IMAP-NO", null, "t1 NO AUTHENTICATE failed.")]
    [InlineData("IMAP-BYE", null, "* BYE Connection closed. 14\n")]
    [InlineData(null, "NO Try later.", "t1 NO Try later.")]
    public async Task A_fault_answers_the_sign_in(string? code, string? reply, string answer)
    {
        await using var host = await ExchangeHost.StartAsync();
        host.Lab.Change(state => state with { Faults = [new Fault { Id = host.Lab.NewId(), Where = FaultPlace.ImapAuth, Code = code, Reply = reply }] });
        var (imap, _) = await ImapDialogue.OpenAsync(host);
        await using var closing = imap;
        Assert.Equal(answer, await imap.SayAsync("AUTHENTICATE XOAUTH2 " + ImapDialogue.Offer(ExchangeHost.Support, ImapDialogue.Token(host))));
        Assert.Empty(host.Lab.State.Faults);
    }

    [Theory]
    [InlineData("NO Try later.", true)]
    [InlineData("BAD x", true)]
    [InlineData("BYE x", true)]
    [InlineData("OK x", false)]
    [InlineData("451 4.7.500 Server busy.", false)]
    [InlineData("NO a\r\nb", false)]
    public async Task A_fault_s_own_words_begin_as_a_refusal_does(string reply, bool taken)
    {
        await using var host = await ExchangeHost.StartAsync();
        var change = host.Services.GetRequiredService<FaultCommands>().Arm("demo", new FaultOrder(FaultPlace.ImapAuth, Reply: reply));
        Assert.Equal(taken, change is Change.Made);
    }
}
