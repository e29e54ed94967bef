using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Operations;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Reading;
using Passerelle.Gateway.Tests.Outbound;
using Passerelle.Gateway.Tests.Store;

namespace Passerelle.Gateway.Tests.Reading.Scanning;

/// <summary>Mail between a receipt and a message, with scanners that say what a test lets them say.</summary>
public sealed class ScanningTests
{
    private const string Spam = """{"action":"reject","score":20,"required_score":15,"symbols":{"GTUBE":{"score":20}}}""";
    private const string Ham = """{"action":"no action","score":0.5,"required_score":15,"symbols":{}}""";

    private static CancellationToken Cancel => TempStore.Cancel;

    public static TheoryData<bool> Stores => [false, true];

    [Theory, MemberData(nameof(Stores))]
    public async Task Malware_is_stored_and_quarantined_with_its_name_until_a_person_releases_it(bool onPostgres)
    {
        using var clamd = new ScriptedClamd();
        await using var bench = await InboundBench.OpenAsync(postgres: onPostgres ? await PostgresServer.NewDatabaseAsync() : null);
        var message = await ArriveAsync(bench, ArcForwarder.Seal(Written.Mail(text: "A malicious file")), new() { ClamAv = clamd.Address });

        Assert.Equal((MessageState.Quarantined, "ClamAV found Test.Signature", "infected", "suspicious"), (message.State, message.StateReason, message.Malware, message.Verdict));
        Assert.True(message.IsQuarantined);
        Assert.Equal("ClamAV found Test.Signature", message.VerdictReasonList[0]);
        Assert.True(message.VerdictReasonList.Count > 1); // who wrote it is still said
        Assert.Empty((await bench.Messages.ListAsync(bench.Organisation, null, null, 10, Cancel)).Lines);
        Assert.Equal(message.Id, Assert.Single((await bench.Messages.QuarantinedAsync(bench.Organisation, null, null, 10, Cancel)).Lines).Id);
        Assert.Equal(message.Id, Assert.Single((await bench.Messages.QuarantinedAsync(bench.Organisation, bench.App, null, 10, Cancel)).Lines).Id);
        Assert.Empty((await bench.Messages.QuarantinedAsync(Guid.CreateVersion7(), null, null, 10, Cancel)).Lines);
        Assert.NotNull(await bench.Messages.OpenSourceAsync(bench.Organisation, message.Id, Cancel)); // never lost
        var entry = Assert.Single(await EntriesAsync(bench));
        Assert.Equal(("message-quarantined", message.Id.ToString(), Audit.ByItself), (entry.Action, entry.Subject, entry.Origin));
        Assert.Equal("Test.Signature", Assert.Single(entry.Changes).After);

        var quarantine = new Quarantine(bench.Store, bench.Signals, bench.Temp.Time);
        Assert.Equal(1, await quarantine.CountAsync(bench.Organisation, Cancel));
        Assert.IsType<ReleaseOutcome.Unknown>(await quarantine.ReleaseAsync(Guid.CreateVersion7(), message.Id, Cancel));
        Assert.Equal(new ReleaseOutcome.Released(MessageState.Ready), await quarantine.ReleaseAsync(bench.Organisation, message.Id, Cancel));
        var released = await bench.MessageAsync(message.Id);
        Assert.Equal((MessageState.Ready, "infected", "suspicious", false), (released.State, released.Malware, released.Verdict, released.IsQuarantined));
        Assert.Equal(0, await quarantine.CountAsync(bench.Organisation, Cancel));
        Assert.Equal(new ReleaseOutcome.Refused(Quarantine.NotThere), await quarantine.ReleaseAsync(bench.Organisation, message.Id, Cancel));
    }

    [Fact]
    public async Task What_is_too_strange_to_read_is_scanned_too()
    {
        using var clamd = new ScriptedClamd();
        await using var bench = await InboundBench.OpenAsync();
        var strange = $"From: x@fabrikam.example\r\n{string.Concat(Enumerable.Range(0, 5_000).Select(i => $"X-{i}: y\r\n"))}\r\nmalicious\r\n";
        var message = await ArriveAsync(bench, strange, new() { ClamAv = clamd.Address });
        Assert.Equal(("unreadable", MessageState.Quarantined), (message.Kind, message.State));
    }

    [Fact]
    public async Task Clean_mail_goes_its_way_and_the_scanner_saw_every_byte()
    {
        using var clamd = new ScriptedClamd();
        await using var bench = await InboundBench.OpenAsync();
        var mail = Written.Mail(text: string.Concat(Enumerable.Repeat("Where is my order? It was blue.\r\n", 10_000)));
        var message = await ArriveAsync(bench, ArcForwarder.Seal(mail), new() { ClamAv = clamd.Address });
        Assert.Equal((MessageState.Ready, "clean", "", "genuine"), (message.State, message.Malware, message.Spam, message.Verdict));
        await using var stored = await bench.Raws.OpenAsync(bench.Organisation, message.RawId, Cancel);
        using var bytes = new MemoryStream();
        await stored.CopyToAsync(bytes, Cancel);
        Assert.Equal(bytes.ToArray(), Assert.Single(clamd.Mails));
    }

    [Fact]
    public async Task Without_scanners_nothing_is_said()
    {
        await using var bench = await InboundBench.OpenAsync();
        var message = await bench.ArriveAsync(Written.Mail(text: "A malicious file"));
        Assert.Equal((MessageState.Ready, "", ""), (message.State, message.Malware, message.Spam));
    }

    [Fact]
    public async Task A_retired_app_that_comes_back_does_not_let_malware_out()
    {
        using var clamd = new ScriptedClamd();
        await using var bench = await InboundBench.OpenAsync("retired");
        var message = await ArriveAsync(bench, Written.Mail(text: "A malicious file"), new() { ClamAv = clamd.Address });
        var quarantine = new Quarantine(bench.Store, bench.Signals, bench.Temp.Time);
        Assert.Equal(new ReleaseOutcome.Refused(Quarantine.AppRetired), await quarantine.ReleaseAsync(bench.Organisation, message.Id, Cancel));
        await new Passerelle.Gateway.Apps.Retirements(bench.Store, Audit.Record, bench.Temp.Time).UnretireAsync(bench.Organisation, bench.App, Cancel);
        Assert.True((await bench.MessageAsync(message.Id)).IsQuarantined);
    }

    public static TheoryData<string> Troubles => ["nobody listens", "breaks off", "nonsense", "silent", "error"];

    [Theory, MemberData(nameof(Troubles))]
    public async Task Mail_waits_for_a_scanner_and_is_passed_on_as_not_scanned_in_the_end(string trouble)
    {
        using var clamd = new ScriptedClamd { IsSilent = trouble == "silent" };
        if (trouble == "breaks off") clamd.Answer = _ => null;
        if (trouble == "nonsense") clamd.Answer = _ => "250 2.0.0 OK\r\n\0";
        if (trouble == "error") clamd.Answer = _ => "stream: lstat() failed ERROR\0";
        await using var bench = await InboundBench.OpenAsync();
        var reader = bench.NewReader(bench.Ownerships, new() { ClamAv = trouble == "nobody listens" ? Closed() : clamd.Address, ScanSeconds = 1, ScanWaitMinutes = 30 });
        var receipt = await bench.ReceiveAsync(ArcForwarder.Seal(Written.Mail()));

        var scans = 0;
        while (bench.Temp.Time.GetUtcNow() < receipt.ReceivedAt.AddMinutes(30))
        {
            await ReadDueAsync(bench, reader);
            receipt = await bench.ReceiptAsync(receipt.Id);
            if (receipt.State != "received") break;
            Assert.Equal((++scans, 0L), ((int)receipt.Scans, receipt.Attempts)); // silence says nothing against the mail
            Assert.StartsWith("ClamAV ", receipt.StateReason, StringComparison.Ordinal);
            Assert.Empty(await reader.DueAsync(10, Cancel));
            var waiting = await bench.Store.ReadAsync(tx => UnscannedMail.Of(tx, bench.Organisation), Cancel);
            Assert.Equal((1L, receipt.ReceivedAt, receipt.StateReason), (waiting!.Count, waiting.Since, waiting.Reason)); // it waits
            var health = await new ScannerHealth(bench.Store).CheckHealthAsync(new(), Cancel);
            Assert.Contains(receipt.StateReason, health.Description, StringComparison.Ordinal);
            bench.Temp.Time.Advance(TimeSpan.FromMinutes(6.5)); // more than any wait
        }
        Assert.InRange(scans, 4, 5);
        await ReadDueAsync(bench, reader);
        var message = await bench.MessageAsync(receipt.Id);
        Assert.Equal((MessageState.Ready, "not-scanned", "genuine"), (message.State, message.Malware, message.Verdict));
        Assert.StartsWith("Not scanned: ClamAV ", message.VerdictReasonList[^1], StringComparison.Ordinal);
        Assert.Null(await bench.Store.ReadAsync(UnscannedMail.OfAll, Cancel));
        Assert.Equal(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy, (await new ScannerHealth(bench.Store).CheckHealthAsync(new(), Cancel)).Status);
    }

    [Fact]
    public async Task Mail_waits_for_as_long_as_it_takes_where_the_operator_says_so()
    {
        using var clamd = new ScriptedClamd { Answer = _ => null };
        await using var bench = await InboundBench.OpenAsync();
        var reader = bench.NewReader(bench.Ownerships, new() { ClamAv = clamd.Address, ScanWaitMinutes = 0, WhenUnscanned = ReadingOptions.GoOn });
        var receipt = await bench.ReceiveAsync(Written.Mail());
        for (var day = 0; day < 10; day++)
        {
            await ReadDueAsync(bench, reader);
            bench.Temp.Time.Advance(TimeSpan.FromDays(1));
        }
        Assert.Equal(("received", 10L), ((await bench.ReceiptAsync(receipt.Id)).State, (await bench.ReceiptAsync(receipt.Id)).Scans));

        clamd.Answer = _ => "stream: OK\0";
        await ReadDueAsync(bench, reader);
        Assert.Equal("clean", (await bench.MessageAsync(receipt.Id)).Malware);
    }

    [Fact]
    public async Task A_mail_that_waits_does_not_hold_up_the_one_after_it()
    {
        using var clamd = new ScriptedClamd { Answer = mail => Encoding.Latin1.GetString(mail).Contains("slow", StringComparison.Ordinal) ? null : "stream: OK\0" };
        await using var bench = await InboundBench.OpenAsync();
        var reader = bench.NewReader(bench.Ownerships, new() { ClamAv = clamd.Address });
        var slow = await bench.ReceiveAsync(Written.Mail(id: "slow@fabrikam.example", text: "slow"));
        var other = await bench.ReceiveAsync(Written.Mail(id: "other@fabrikam.example"));
        await ReadDueAsync(bench, reader);
        Assert.Equal(("received", "read"), ((await bench.ReceiptAsync(slow.Id)).State, (await bench.ReceiptAsync(other.Id)).State));
        bench.Temp.Time.Advance(TimeSpan.FromMinutes(1)); // the slow one is due again, and not looked at yet
        var ready = await bench.Store.ReadAsync(tx => Passerelle.Gateway.Routing.RoutingRows.Due(tx, bench.Temp.Time.GetUtcNow(), "", 10), Cancel);
        Assert.Equal(other.Id, Assert.Single(ready).Id);
    }

    [Fact]
    public async Task A_mail_that_is_larger_than_the_scanner_takes_is_passed_on_at_once_and_says_so()
    {
        using var clamd = new ScriptedClamd { Limit = 100_000 };
        await using var bench = await InboundBench.OpenAsync();
        var message = await ArriveAsync(bench, Written.Mail(text: string.Concat(Enumerable.Repeat("A long line of no interest.\r\n", 100_000))), new() { ClamAv = clamd.Address });
        Assert.Equal((MessageState.Ready, "not-scanned"), (message.State, message.Malware));
        Assert.Equal("Not scanned: the mail is larger than ClamAV takes", message.VerdictReasonList[^1]);
    }

    [Fact]
    public async Task Clamd_is_asked_over_its_Unix_socket_too()
    {
        await using var bench = await InboundBench.OpenAsync();
        var path = Path.Combine(bench.Temp.Folder, "clamd.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var arriving = ArriveAsync(bench, Written.Mail(), new() { ClamAv = path });
        using (var asked = await listener.AcceptAsync(Cancel)) await asked.SendAsync(Encoding.ASCII.GetBytes("stream: Of.The.Socket FOUND\0"), Cancel);
        Assert.Equal("ClamAV found Of.The.Socket", (await arriving).StateReason);
    }

    [Fact]
    public async Task Spam_is_suspicious_whoever_proves_to_have_written_it()
    {
        await using var rspamd = await OutsideServer.StartAsync();
        rspamd.Answer = http => http.Response.WriteAsync(Spam);
        await using var bench = await InboundBench.OpenAsync();
        var message = await ArriveAsync(bench, ArcForwarder.Seal(Written.Mail()), new() { Rspamd = rspamd.Url });

        Assert.Equal((MessageState.Ready, "", "spam", "suspicious"), (message.State, message.Malware, message.Spam, message.Verdict));
        Assert.Equal("rspamd: reject, score 20 of 15 (GTUBE)", message.VerdictReasonList[0]);
        var asked = Assert.Single(rspamd.Calls);
        Assert.Equal(
            ("/checkv2", "192.0.2.1", "mail.test", "bounces+SRS=x=AA@contoso.example", bench.Address),
            (asked.Path, asked.Header("IP"), asked.Header("Helo"), asked.Header("From"), asked.Header("Rcpt")));
        Assert.Contains("Where is my order?", asked.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_that_is_spam_does_not_swallow_the_one_that_is_none()
    {
        await using var rspamd = await OutsideServer.StartAsync();
        await using var bench = await InboundBench.OpenAsync();
        rspamd.Answer = http => http.Response.WriteAsync(Spam);
        var mail = ArcForwarder.Seal(Written.Mail());
        var spam = await ArriveAsync(bench, mail, new() { Rspamd = rspamd.Url });
        rspamd.Answer = http => http.Response.WriteAsync(Ham);
        var ham = await ArriveAsync(bench, mail, new() { Rspamd = rspamd.Url });
        Assert.NotEqual(spam.Id, ham.Id);
        Assert.Equal(("ham", "genuine"), (ham.Spam, ham.Verdict));
        Assert.Equal("rspamd: no action, score 0.5 of 15", ham.VerdictReasonList[^1]);
    }

    [Theory]
    [InlineData(500, "rspamd answered 500")]
    [InlineData(403, "rspamd answered 403")]
    [InlineData(302, "rspamd answered 302")]
    [InlineData(0, "rspamd answered what nobody understands")]
    public async Task A_spam_scanner_in_trouble_is_asked_again_and_missing_in_the_end(int status, string reason)
    {
        await using var rspamd = await OutsideServer.StartAsync();
        if (status > 0) rspamd.AnswerWith(status);
        using var clamd = new ScriptedClamd();
        await using var bench = await InboundBench.OpenAsync();
        var reader = bench.NewReader(bench.Ownerships, new() { ClamAv = clamd.Address, Rspamd = rspamd.Url, ScanWaitMinutes = 10 });
        var receipt = await bench.ReceiveAsync(Written.Mail());
        await ReadDueAsync(bench, reader);
        Assert.Equal(("received", reason), ((await bench.ReceiptAsync(receipt.Id)).State, (await bench.ReceiptAsync(receipt.Id)).StateReason));
        bench.Temp.Time.Advance(TimeSpan.FromMinutes(11));
        await ReadDueAsync(bench, reader);
        var message = await bench.MessageAsync(receipt.Id);
        Assert.Equal(("clean", "not-scanned"), (message.Malware, message.Spam));
        Assert.Equal($"Not scanned: {reason}", message.VerdictReasonList[^1]);
    }

    [Fact]
    public async Task An_address_in_other_letters_and_a_line_break_in_a_name_reach_the_scanner_as_one_header()
    {
        await using var rspamd = await OutsideServer.StartAsync();
        rspamd.Answer = http => http.Response.WriteAsync(Ham);
        await using var bench = await InboundBench.OpenAsync();
        var receipt = await bench.ReceiveAsync(Written.Mail(), "grüße\r\nX-Evil: 1@fabrikam.example");
        await bench.NewReader(bench.Ownerships, new() { Rspamd = rspamd.Url }).ReadAsync(receipt, Cancel);
        Assert.Equal("ham", (await bench.MessageAsync(receipt.Id)).Spam);
        Assert.Equal("", Assert.Single(rspamd.Calls).Header("X-Evil"));
    }

    private static async Task<Message> ArriveAsync(InboundBench bench, string mail, ReadingOptions options)
    {
        var receipt = await bench.ReceiveAsync(mail);
        await bench.NewReader(bench.Ownerships, options).ReadAsync(receipt, Cancel);
        return await bench.MessageAsync(receipt.Id);
    }

    private static async Task ReadDueAsync(InboundBench bench, Reader reader)
    {
        foreach (var receipt in await reader.DueAsync(10, Cancel)) await reader.ReadAsync(receipt, Cancel);
    }

    private static Task<List<AuditEntry>> EntriesAsync(InboundBench bench) =>
        new AuditEntries(bench.Store).ListAsync(bench.Organisation, new AuditFilter(AuditKinds.Message), 10, Cancel);

    private static string Closed()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return listener.LocalEndpoint.ToString()!; // it listened a moment ago
    }
}
