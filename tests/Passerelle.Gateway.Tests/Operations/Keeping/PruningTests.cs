using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps.Keeping;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Operations.Keeping;
using Passerelle.Gateway.Receiving;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Reading;
using Passerelle.Gateway.Tests.Store;

namespace Passerelle.Gateway.Tests.Operations.Keeping;

public sealed class PruningTests
{
    private const string WithAttachment = """
        From: Ann Bell <ann@fabrikam.example>
        To: support@contoso.example
        Subject: Two parts
        Message-ID: <parts@fabrikam.example>
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=b

        --b
        Content-Type: text/plain

        The order is attached.
        --b
        Content-Type: text/csv
        Content-Disposition: attachment; filename=order.csv

        1,blue
        --b--
        """;

    private static CancellationToken Cancel => TempStore.Cancel;

    public static TheoryData<bool> Stores => [false, true];

    [Theory, MemberData(nameof(Stores))]
    public async Task Source_text_and_message_go_each_on_its_day(bool onPostgres)
    {
        await using var bench = await KeepingBench.OpenAsync(onPostgres ? await PostgresServer.NewDatabaseAsync() : null);
        await bench.RetainAsync(10, 20, 30);
        var message = await bench.DoneAsync(WithAttachment);

        bench.Pass(9);
        Assert.Equal(0, (await bench.PruneAsync()).Changed);

        bench.Pass(2);
        Assert.Equal(("done", 1L, 0L), Told(await bench.PruneAsync()));
        Assert.Equal(0, await bench.Inbound.CountAsync("raw_mail"));
        message = await bench.Inbound.MessageAsync(message.Id);
        Assert.NotNull(message.RawPrunedAt);
        Assert.Contains("The order is attached.", message.Text, StringComparison.Ordinal);
        Assert.Null(await bench.Inbound.Messages.OpenSourceAsync(bench.Organisation, message.Id, Cancel));
        Assert.Equal(0, (await bench.PruneAsync()).Changed); // what has gone is not gone again

        bench.Pass(10);
        Assert.Equal(1, (await bench.PruneAsync()).Changed);
        message = await bench.Inbound.MessageAsync(message.Id);
        Assert.Equal(("", ""), (message.Text, message.Html));
        Assert.Equal("Two parts", message.Subject);
        Assert.Equal(0, await bench.Inbound.CountAsync("attachment"));

        bench.Pass(10);
        Assert.Equal(1, (await bench.PruneAsync()).Changed);
        foreach (var table in new[] { "message", "receipt", "conversation", "message_thread" }) Assert.Equal(0, await bench.Inbound.CountAsync(table));
    }

    [Fact]
    public async Task What_is_in_quarantine_goes_on_its_day_and_the_audit_says_so()
    {
        await using var bench = await KeepingBench.OpenAsync();
        await bench.RetainAsync(10, 30, 30);
        var message = await bench.Inbound.ArriveAsync(Written.Mail());
        await bench.WriteAsync(tx => tx.For(bench.Organisation).Execute(
            "UPDATE message SET state = 'quarantined', malware = 'infected' WHERE organisation_id = @organisation AND id = @Id", new { message.Id }));
        bench.Pass(11);
        Assert.Equal(1, (await bench.PruneAsync()).Changed);
        bench.Pass(20);
        Assert.Equal(1, (await bench.PruneAsync()).Changed);
        Assert.Equal(0, await bench.Inbound.CountAsync("message"));
        var entries = await new AuditEntries(bench.Store).ListAsync(bench.Organisation, new AuditFilter(AuditKinds.Message), 10, Cancel);
        Assert.Equal(["Message", "Raw"], entries.Select(entry => Assert.Single(entry.Changes).After));
        Assert.All(entries, entry => Assert.Equal(("message-quarantine-pruned", message.Id.ToString()), (entry.Action, entry.Subject)));
    }

    [Fact]
    public async Task An_app_that_keeps_for_ever_loses_nothing()
    {
        await using var bench = await KeepingBench.OpenAsync();
        await bench.DoneAsync(Written.Mail());
        bench.Pass(3650);
        Assert.Equal(("done", 0L, 0L), Told(await bench.PruneAsync()));
        Assert.Equal(1, await bench.Inbound.CountAsync("raw_mail"));
        Assert.Equal(0, await bench.Clock.OrderAsync(Cancel));
    }

    [Theory]
    [InlineData("ready")]
    [InlineData("held")]
    [InlineData("waiting run")]
    [InlineData("waiting letter")]
    [InlineData("blocked letter")]
    [InlineData("unclear letter")]
    [InlineData("quarantined with its app")]
    public async Task A_mail_on_which_work_is_not_done_is_never_pruned(string work)
    {
        await using var bench = await KeepingBench.OpenAsync();
        await bench.RetainAsync(1, 1, 1);
        var message = await bench.DoneAsync(Written.Mail());
        await BeginAsync(bench, message, work);
        bench.Pass(100);
        Assert.Equal(("done", 0L, 1L), Told(await bench.PruneAsync()));
        Assert.NotNull(await bench.Inbound.Messages.OpenSourceAsync(bench.Organisation, message.Id, Cancel));

        await EndAsync(bench, message);
        await bench.PruneAsync();
        Assert.Equal(0, await bench.Inbound.CountAsync("message")); // so it was the work that kept it
    }

    [Fact]
    public async Task A_receipt_that_nobody_has_read_is_never_pruned()
    {
        await using var bench = await KeepingBench.OpenAsync();
        await bench.RetainAsync(1, 1, 1);
        var receipt = await bench.Inbound.ReceiveAsync(Written.Mail());
        bench.Pass(100);
        Assert.Equal(0, (await bench.PruneAsync()).Changed);
        await bench.Inbound.ReadDueAsync();
        Assert.Equal("Where is my order?", (await bench.Inbound.MessageAsync(receipt.Id)).Text.Trim());
    }

    [Fact]
    public async Task A_second_copy_is_recognised_for_its_days_after_the_message_has_gone()
    {
        await using var bench = await KeepingBench.OpenAsync();
        await bench.RetainAsync(10, 10, 10);
        await bench.DoneAsync(Written.Mail());
        bench.Pass(11);
        await bench.PruneAsync();
        Assert.Equal(0, await bench.Inbound.CountAsync("message"));

        var copy = await bench.Inbound.ReceiveAsync(Written.Mail());
        await bench.Inbound.ReadDueAsync();
        Assert.Equal("duplicate", (await bench.Inbound.ReceiptAsync(copy.Id)).State);
        Assert.Equal(0, await bench.Inbound.CountAsync("message"));

        bench.Pass(401);
        await bench.PruneAsync();
        Assert.Equal(0, await bench.Inbound.CountAsync("receipt")); // the copy's own
        Assert.Equal(0, await bench.Inbound.CountAsync("raw_mail"));
        await bench.Inbound.ArriveAsync(Written.Mail());
        Assert.Equal(1, await bench.Inbound.CountAsync("message"));
    }

    [Fact]
    public async Task Bytes_that_two_apps_share_go_with_the_second()
    {
        await using var bench = await KeepingBench.OpenAsync();
        var (other, _) = await bench.Inbound.NewAppAsync(bench.Organisation, "connected");
        var receipts = await ReceiveSharedAsync(bench, other);
        await bench.Inbound.ReadDueAsync();
        foreach (var receipt in receipts) await bench.SetStateAsync(receipt.Id, "kept");
        var file = bench.Spool.PathOf(bench.Organisation, receipts[0].RawId);
        Assert.True(File.Exists(file));

        await bench.RetainAsync(1, 1, null);
        bench.Pass(2);
        await bench.PruneAsync();
        Assert.Null(await bench.Inbound.Messages.OpenSourceAsync(bench.Organisation, receipts[0].Id, Cancel));
        await using (var source = await bench.Inbound.Messages.OpenSourceAsync(bench.Organisation, receipts[1].Id, Cancel)) Assert.NotNull(source);
        Assert.True(File.Exists(file));

        await bench.RetainAsync(1, 1, null, other);
        await bench.PruneAsync();
        Assert.Equal(0, await bench.Inbound.CountAsync("raw_mail"));
        Assert.False(File.Exists(file));
    }

    [Theory]
    [InlineData("app")]
    [InlineData("conversation")]
    [InlineData("correspondent")]
    public async Task What_a_hold_stands_on_is_pruned_when_it_is_lifted(string scope)
    {
        await using var bench = await KeepingBench.OpenAsync();
        await bench.RetainAsync(1, 1, 1);
        var message = await bench.DoneAsync(Written.Mail());
        await bench.LetterAsync(message, "settled");
        var subject = scope switch { "app" => bench.App.ToString(), "conversation" => message.ConversationId.ToString(), _ => "Ann@Fabrikam.example" };
        var hold = Assert.IsType<HoldOutcome.Placed>(await bench.Holds.PlaceAsync(bench.Organisation, scope, subject, "Inquiry 7", null, Cancel)).Hold;
        bench.Pass(100);
        Assert.Equal(("done", 0L, 2L), Told(await bench.PruneAsync()));

        Assert.True(await bench.Holds.LiftAsync(bench.Organisation, hold.Id, "Closed", null, Cancel));
        Assert.Equal(("done", 2L, 0L), Told(await bench.PruneAsync()));
        foreach (var table in new[] { "message", "letter", "letter_recipient", "raw_mail", "conversation" }) Assert.Equal(0, await bench.Inbound.CountAsync(table));
    }

    [Fact]
    public async Task A_letter_that_left_loses_its_bytes_with_the_mail_it_answers()
    {
        await using var bench = await KeepingBench.OpenAsync();
        await bench.RetainAsync(5, null, null);
        var message = await bench.DoneAsync(Written.Mail());
        var letter = await bench.LetterAsync(message, "settled");
        await bench.LetterAsync(message, "dead"); // a person may still send it
        bench.Pass(6);
        await bench.PruneAsync();
        Assert.Equal(1, await bench.Inbound.CountAsync("raw_mail"));
        Assert.Equal(2, await bench.Inbound.CountAsync("letter"));
        await Assert.ThrowsAsync<FileNotFoundException>(() => bench.Inbound.Raws.OpenAsync(bench.Organisation, letter, Cancel));
    }

    [Theory]
    [InlineData(null, 10L, 20L, RetentionProblems.Order)]
    [InlineData(15L, 10L, 20L, RetentionProblems.Order)]
    [InlineData(5L, null, 20L, RetentionProblems.Order)]
    [InlineData(0L, 10L, 20L, RetentionProblems.Days)]
    [InlineData(5L, 10L, 99_999L, RetentionProblems.Days)]
    [InlineData(5L, 10L, 20L, null)]
    [InlineData(5L, null, null, null)]
    [InlineData(null, null, null, null)]
    public void Nothing_outlives_what_it_hangs_on(long? raw, long? text, long? message, string? problem) =>
        Assert.Equal(problem, new Retention(raw, text, message).Problem);

    [Fact]
    public async Task Each_organisation_is_pruned_once_a_day()
    {
        await using var bench = await KeepingBench.OpenAsync();
        await bench.RetainAsync(1, null, null);
        Assert.Equal(1, await bench.Clock.OrderAsync(Cancel));
        Assert.Equal(0, await bench.Clock.OrderAsync(Cancel));
        bench.Pass(1);
        Assert.Equal(1, await bench.Clock.OrderAsync(Cancel));
    }

    private static (string State, long Changed, long Kept) Told(KeepingJob job) => (job.State, job.Changed, job.Kept);

    private static async Task BeginAsync(KeepingBench bench, Message message, string work)
    {
        if (work.EndsWith("letter", StringComparison.Ordinal)) await bench.LetterAsync(message, work.Split(' ')[0]);
        else if (work == "waiting run") await bench.WriteAsync(tx => InsertRun(tx, bench, message));
        else await bench.SetStateAsync(message.Id, work.Split(' ')[0]);
        if (work.EndsWith("app", StringComparison.Ordinal)) await bench.Inbound.SetStateAsync(bench.Organisation, bench.App, "retired");
    }

    private static void InsertRun(Tx tx, KeepingBench bench, Message message) => tx.For(bench.Organisation).Execute(
        """
        INSERT INTO run (organisation_id, id, app_id, message_id, conversation_id, flow_id, flow_version, state, state_reason, snapshot, started_at, epoch)
        VALUES (@organisation, @Id, @App, @Id, @ConversationId, @Id, 1, 'waiting', '', '{}', @now, 0)
        """,
        new { message.Id, bench.App, message.ConversationId, now = bench.Time.GetUtcNow() });

    private static async Task EndAsync(KeepingBench bench, Message message)
    {
        await bench.SetStateAsync(message.Id, "routed");
        await bench.WriteAsync(tx =>
        {
            tx.For(bench.Organisation).Execute("UPDATE run SET state = 'done' WHERE organisation_id = @organisation");
            tx.For(bench.Organisation).Execute("UPDATE letter SET state = 'settled' WHERE organisation_id = @organisation");
        });
    }

    /// <summary>As the door takes one large mail to two addresses.</summary>
    private static async Task<Receipt[]> ReceiveSharedAsync(KeepingBench bench, Guid other)
    {
        var now = bench.Time.GetUtcNow();
        await using var mail = bench.Spool.Begin();
        await mail.WriteAsync(System.Text.Encoding.ASCII.GetBytes(Written.Mail(text: string.Concat(Enumerable.Repeat("A long line of a long mail.\r\n", 5000)))), Cancel);
        var raw = Guid.CreateVersion7(now);
        Receipt[] receipts = [.. new[] { bench.App, other }.Select(app => new Receipt
        {
            OrganisationId = bench.Organisation,
            Id = Guid.CreateVersion7(now),
            AppId = app,
            EnvelopeFrom = "ann@fabrikam.example",
            EnvelopeTo = bench.Inbound.Address,
            RawId = raw,
            Size = mail.Size,
            ReceivedAt = now,
            Helo = "mail.test",
            RemoteAddress = "192.0.2.1",
            Tls = "",
            SessionId = "session",
        })];
        await new Intake(bench.Store, bench.Spool).StoreAsync(mail, receipts, [], now, Cancel);
        return receipts;
    }
}
