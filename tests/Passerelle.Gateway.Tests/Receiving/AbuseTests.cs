using System.Text;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>What strangers try. Design §8.5 says whose mail is taken; nothing here may be.</summary>
public sealed class AbuseTests
{
    private static readonly string Mail = Written.Mail();
    private static CancellationToken Cancel => TempStore.Cancel;

    /// <summary>HEX stands for the local part of an app's forwarding address.</summary>
    [Theory]
    [InlineData("bob@elsewhere.example")]
    [InlineData("HEX@elsewhere.example")]
    [InlineData("HEX@sub.in.contoso.example")]
    [InlineData("HEX@contoso.example")]
    [InlineData("HEX@xin.contoso.example")]
    [InlineData("HEX@in.contoso.example.elsewhere.example")]
    [InlineData("bob%elsewhere.example@in.contoso.example")]
    [InlineData("HEX%elsewhere.example@in.contoso.example")]
    [InlineData("elsewhere.example!bob@in.contoso.example")]
    [InlineData("elsewhere.example!HEX@in.contoso.example")]
    [InlineData("\"bob@elsewhere.example\"@in.contoso.example")]
    [InlineData("\"HEX@in.contoso.example\"@elsewhere.example")]
    [InlineData("\"HEX@in.contoso.example>\"@elsewhere.example")]
    [InlineData("@in.contoso.example:bob@elsewhere.example")]
    [InlineData("@in.contoso.example,@elsewhere.example:HEX@elsewhere.example")]
    [InlineData("HEX+tag@in.contoso.example")]
    [InlineData("HEX.@in.contoso.example")]
    [InlineData("xHEX@in.contoso.example")]
    [InlineData("HEX@[127.0.0.1]")]
    [InlineData("HEX@127.0.0.1")]
    [InlineData("HEX@localhost")]
    [InlineData("HEX")]
    [InlineData("postmaster@elsewhere.example")]
    [InlineData("postmaster@[127.0.0.1]")]
    [InlineData("postmaster+x@in.contoso.example")]
    [InlineData("abuse@in.contoso.example")]
    [InlineData("root@in.contoso.example")]
    [InlineData("support@contoso.example")]
    [InlineData("support@in.contoso.example")]
    [InlineData("%@in.contoso.example")]
    [InlineData("' OR 1=1 --@in.contoso.example")]
    [InlineData("*@in.contoso.example")]
    [InlineData("_@in.contoso.example")]
    [InlineData("00000000000000000000000000000000@in.contoso.example")]
    [InlineData("canary-00000000000000000000000000000000@in.contoso.example")]
    [InlineData("HEX@in\u3002contoso\u3002elsewhere")]
    public async Task Nobody_else_is_written_to_from_here(string recipient)
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        var hex = bench.Inbound.Address[..32];
        await wire.SayAsync("MAIL FROM:<ann@fabrikam.example> SMTPUTF8");
        var answer = await wire.SayAsync($"RCPT TO:<{recipient.Replace("HEX", hex, StringComparison.Ordinal)}>");

        Assert.Matches("^5(50 5.1.1|53 5.1.3|01 5.5.4) ", answer);
        Assert.StartsWith("554 ", await wire.SayAsync("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("554 ", await wire.ChunkAsync("a: b\r\n\r\n", last: true), StringComparison.Ordinal);
        Assert.Equal(0, await bench.Inbound.CountAsync("receipt") + await bench.Inbound.CountAsync("raw_mail"));
    }

    [Fact]
    public async Task VRFY_and_EXPN_reveal_nothing()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        var reads = bench.Faulty.Reads;
        string[] people = [bench.Inbound.Address, "nobody@in.contoso.example", "postmaster@in.contoso.example", "support@contoso.example"];
        foreach (var verb in new[] { "VRFY", "EXPN" })
        {
            var answers = new HashSet<string>();
            foreach (var person in people) answers.Add(await wire.SayAsync($"{verb} {person}"));
            Assert.Single(answers);
        }
        Assert.Equal(reads, bench.Faulty.Reads); // nobody was looked up
    }

    [Fact]
    public async Task To_refuse_takes_the_same_path_and_words_whatever_the_reason()
    {
        await using var bench = await DoorBench.OpenAsync();
        var (_, gone) = await bench.Inbound.NewAppAsync(bench.Inbound.Organisation, "gone");
        var (_, closed) = await bench.Inbound.NewAppAsync(bench.Inbound.Organisation, "connected");
        await bench.Inbound.Store.WriteAsync(
            Lane.Work, tx => tx.For(bench.Inbound.Organisation).Execute(
                "UPDATE forwarding_address SET closed_at = 1 WHERE organisation_id = @organisation AND address = @closed", new { closed }), Cancel);
        var known = bench.Inbound.Address;
        var almost = (known[0] == '0' ? '1' : '0') + known[1..]; // differs in its first digit
        var nearly = known[..31] + (known[31] == '0' ? '1' : '0') + known[32..]; // differs in its last
        string[] refused = [gone, closed, almost, nearly, "nobody@in.contoso.example", "bob@elsewhere.example", "postmaster@elsewhere.example"];
        await using var wire = await bench.ConnectAsync();
        await wire.SayAsync("MAIL FROM:<ann@fabrikam.example>", "RCPT TO:<first@in.contoso.example>"); // whether we are set up is asked once

        var seen = new HashSet<(string, int)>();
        foreach (var address in refused)
        {
            var before = bench.Faulty.Reads;
            seen.Add((await wire.SayAsync($"RCPT TO:<{address}>"), bench.Faulty.Reads - before));
        }
        Assert.Equal([("550 5.1.1 No such recipient", 1)], seen);
    }

    [Fact]
    public async Task Ten_thousand_recipients_are_a_hundred()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        await wire.SayAsync("MAIL FROM:<ann@fabrikam.example>");
        var sending = wire.SendAsync(string.Concat(Enumerable.Repeat($"RCPT TO:<{bench.Inbound.Address}>\n", 10_000)));
        var replies = new List<string>();
        for (var i = 0; i < 10_000; i++) replies.Add(await wire.ReplyAsync());
        await sending;

        Assert.All(replies[..100], reply => Assert.StartsWith("250 ", reply, StringComparison.Ordinal));
        Assert.All(replies[100..], reply => Assert.Equal("452 4.5.3 Too many recipients", reply));
        Assert.StartsWith("354 ", await wire.SayAsync("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await wire.SayAsync($"{Mail}\n."), StringComparison.Ordinal);
        Assert.Equal(1, await bench.Inbound.CountAsync("receipt")); // one app, one receipt
    }

    [Fact]
    public async Task Whoever_guesses_addresses_is_sent_away()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        await wire.SayAsync("MAIL FROM:<ann@fabrikam.example>");
        var guesses = 0;
        string reply;
        do reply = await wire.SayAsync($"RCPT TO:<{guesses:x32}@in.contoso.example>");
        while (reply.StartsWith("550 ", StringComparison.Ordinal) && ++guesses < 1000);
        Assert.Equal((100, "421 4.7.0 Too many errors, closing connection"), (guesses, reply));
    }

    [Theory]
    [InlineData("a: {0}\r\n\r\nb\r\n.\r\n", "552 5.3.4 Header size exceeds fixed maximum size")] // one header line
    [InlineData("a: b\r\n\r\n{0}\r\n.\r\n", "5?? 5.?.? *")] // one line of the body: longer than a mail may be
    public async Task A_line_without_end_is_read_over_and_refused_and_nothing_is_kept(string mail, string reply)
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        await wire.BeginAsync(bench.Inbound.Address);
        await wire.SayAsync("DATA");
        var sending = wire.SendAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, mail, new string('x', 1_500_000)));
        var said = await wire.ReplyAsync();
        await sending;

        Assert.Matches("^" + System.Text.RegularExpressions.Regex.Escape(reply).Replace("\\?", ".", StringComparison.Ordinal).Replace("\\*", ".*", StringComparison.Ordinal) + "$", said);
        Assert.StartsWith("250 ", await wire.MailAsync(Mail, bench.Inbound.Address), StringComparison.Ordinal); // the session lives
        Assert.Equal(1, await bench.Inbound.CountAsync("receipt"));
        Assert.Empty(Directory.GetFiles(bench.Spool.Folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_command_of_sixteen_megabytes_is_one_error()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        var megabyte = new string('x', 1024 * 1024);
        for (var i = 0; i < 16; i++) await wire.SendAsync(megabyte);
        await wire.SendAsync("\n");
        Assert.StartsWith("500 5.5.6 ", await wire.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await wire.SayAsync("NOOP"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endless_headers_are_refused()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        var text = new StringBuilder();
        for (var i = 0; i < 50_000; i++) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"X-{i}: value\n");
        Assert.StartsWith("552 5.3.4 ", await wire.MailAsync(text + "\nb", bench.Inbound.Address), StringComparison.Ordinal);
        Assert.Equal(0, await bench.Inbound.CountAsync("receipt"));
    }

    [Theory]
    [InlineData("\"a\u2028X-Forged: yes\u2028\"@fabrikam.example")]
    [InlineData("\"a\u2029X-Forged: yes\"@fabrikam.example")]
    [InlineData("a\\\u0085X-Forged:\u2028@fabrikam.example")]
    public async Task A_sender_s_address_forges_no_header_of_ours(string sender)
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        await wire.RawAsync(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes($"MAIL FROM:<{sender}> SMTPUTF8\r\n")));
        if (await wire.ReplyAsync() is not "250 2.1.0 Sender OK") return; // refused: as well
        await wire.SayAsync($"RCPT TO:<{bench.Inbound.Address}>", "DATA");
        var answer = await wire.SayAsync($"{Mail}\n.");
        await bench.Inbound.ReadDueAsync();
        await using var source = await bench.Inbound.Messages.OpenSourceAsync(bench.Inbound.Organisation, Guid.ParseExact(answer[^32..], "N"), Cancel);
        var headers = await MimeKit.HeaderList.LoadAsync(source!, Cancel); // it was read just now

        Assert.Equal(["Return-Path", "Received"], headers.Take(2).Select(header => header.Field));
        Assert.DoesNotContain(headers, header => header.Field == "X-Forged");
    }

    [Theory]
    [InlineData("\r\n.\n")]
    [InlineData("\n.\n")]
    [InlineData("\n.\r\n")]
    [InlineData("\r.\r")]
    [InlineData("\r\n.\r")]
    [InlineData("\r\n\0.\r\n")]
    [InlineData("\r\n.\r\r\n")]
    public async Task No_second_mail_is_smuggled_in(string end)
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        await wire.BeginAsync(bench.Inbound.Address);
        await wire.SayAsync("DATA");
        await wire.RawAsync($"a: b\r\n\r\nfirst{end}MAIL FROM:<evil@fabrikam.example>\r\nRCPT TO:<{bench.Inbound.Address}>\r\nDATA\r\na: b\r\n\r\nsecond\r\n.\r\nQUIT\r\n");
        var replies = new List<string>();
        while (await wire.ReplyAsync() is var reply and not "closed") replies.Add(reply);

        Assert.Equal(2, replies.Count); // one for the mail, one for QUIT
        Assert.InRange(await bench.Inbound.CountAsync("receipt"), 0, 1);
        Assert.Equal(0, await bench.Inbound.CountAsync("receipt WHERE envelope_from = 'evil@fabrikam.example'"));
    }
}
