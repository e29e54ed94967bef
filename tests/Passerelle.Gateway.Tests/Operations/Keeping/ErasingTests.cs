using System.Text;
using Passerelle.Gateway.Operations.Keeping;
using Passerelle.Gateway.Tests.Reading;
using Passerelle.Gateway.Tests.Store;

namespace Passerelle.Gateway.Tests.Operations.Keeping;

public sealed class ErasingTests
{
    private const string Ann = "ann@fabrikam.example";
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task After_an_erasure_no_row_of_the_organisation_names_the_correspondent()
    {
        await using var bench = await KeepingBench.OpenAsync();
        var message = await bench.DoneAsync(Written.Mail());
        await bench.LetterAsync(message, "settled");
        await bench.LetterAsync(message, "waiting");
        await bench.DoneAsync(Written.Mail("two@fabrikam.example", text: "And where is the second?"));
        await bench.Inbound.ReceiveAsync(Written.Mail()); // a second copy
        await bench.Inbound.ReadDueAsync();
        var hold = Assert.IsType<HoldOutcome.Placed>(await bench.Holds.PlaceAsync(bench.Organisation, "correspondent", Ann, "Inquiry 7", null, Cancel)).Hold;
        await bench.Holds.LiftAsync(bench.Organisation, hold.Id, "Closed", null, Cancel);
        await bench.DoneAsync(Written.Mail("bob@fabrikam.example", "Bob Hill <bob@fabrikam.example>"));
        await bench.ExportAsync(new KeepingOrders { Correspondent = Ann });
        Assert.NotEmpty(await NamingAsync(bench, Ann));

        var job = await bench.EraseAsync("Ann@Fabrikam.example");
        Assert.Equal(("done", 4L, 0L), (job.State, job.Changed, job.Kept)); // two messages, two letters
        Assert.Empty(await NamingAsync(bench, Ann));
        Assert.Equal(1, await bench.Inbound.CountAsync("message"));
        Assert.Equal(1, await bench.Inbound.CountAsync("conversation"));
        Assert.Equal(1, await bench.Inbound.CountAsync("raw_mail"));
        Assert.Equal(1, await bench.Clock.SweepAsync(Cancel)); // an export from before
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(bench.Inbound.Temp.Folder, "exports"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task The_address_goes_out_of_the_parties_of_other_peoples_mail()
    {
        await using var bench = await KeepingBench.OpenAsync();
        var bobs = await bench.DoneAsync(Written.Mail("bob@fabrikam.example", "Bob Hill <bob@fabrikam.example>", headers: $"Cc: Ann Bell <{Ann}>, Cy <cy@fabrikam.example>"));
        Assert.Equal(2, bobs.Parties.Cc.Count);
        Assert.Equal(1, (await bench.EraseAsync(Ann)).Changed);
        Assert.Equal("cy@fabrikam.example", Assert.Single((await bench.Inbound.MessageAsync(bobs.Id)).Parties.Cc).Address);
    }

    [Fact]
    public async Task A_correspondent_under_a_hold_is_not_erased()
    {
        await using var bench = await KeepingBench.OpenAsync();
        await bench.DoneAsync(Written.Mail());
        await bench.Holds.PlaceAsync(bench.Organisation, "correspondent", Ann, "Inquiry 7", null, Cancel);
        Assert.Equal(KeepingJobs.UnderHold, Assert.IsType<OrderOutcome.Refused>(await bench.Jobs.EraseAsync(bench.Organisation, Ann, null, Cancel)).Sentence);
    }

    [Fact]
    public async Task What_another_hold_covers_stays_and_is_counted()
    {
        await using var bench = await KeepingBench.OpenAsync();
        var held = await bench.DoneAsync(Written.Mail());
        await bench.DoneAsync(Written.Mail("two@fabrikam.example", subject: "Another thing", text: "Something else."));
        await bench.Holds.PlaceAsync(bench.Organisation, "conversation", held.ConversationId.ToString(), "Inquiry 7", null, Cancel);
        var job = await bench.EraseAsync(Ann);
        Assert.Equal((1L, 1L), (job.Changed, job.Kept));
        Assert.Equal(held.Id, (await bench.Inbound.MessageAsync(held.Id)).Id);
    }

    [Fact]
    public async Task A_letter_that_is_just_leaving_is_erased_when_it_has_left()
    {
        await using var bench = await KeepingBench.OpenAsync();
        var message = await bench.DoneAsync(Written.Mail());
        var letter = await bench.LetterAsync(message, "submitting");
        var job = await bench.EraseAsync(Ann);
        Assert.Equal(("running", Erasing.Leaving), (job.State, job.Words));
        Assert.Equal((0L, 1L), (await bench.Inbound.CountAsync("message"), await bench.Inbound.CountAsync("letter")));

        await bench.WriteAsync(tx => tx.For(bench.Organisation).Execute("UPDATE letter SET state = 'settled' WHERE organisation_id = @organisation AND id = @letter", new { letter }));
        bench.Inbound.Temp.Time.Advance(TimeSpan.FromMinutes(1));
        await bench.RunDueAsync();
        Assert.Equal("done", (await bench.JobAsync(job.Id)).State);
        Assert.Empty(await NamingAsync(bench, Ann));
    }

    [Fact]
    public async Task A_second_copy_of_an_erased_mail_does_not_come_back()
    {
        await using var bench = await KeepingBench.OpenAsync();
        await bench.DoneAsync(Written.Mail());
        await bench.EraseAsync(Ann);
        await bench.Inbound.ReceiveAsync(Written.Mail());
        await bench.Inbound.ReadDueAsync();
        Assert.Equal(0, await bench.Inbound.CountAsync("message"));
    }

    [Fact]
    public async Task Another_organisation_keeps_its_mail()
    {
        await using var bench = await KeepingBench.OpenAsync();
        await bench.DoneAsync(Written.Mail());
        var other = await bench.Inbound.Temp.OrganisationAsync("Fabrikam");
        var ordered = Assert.IsType<OrderOutcome.Ordered>(await bench.Jobs.EraseAsync(other, Ann, null, Cancel));
        await bench.RunDueAsync();
        Assert.Equal(("done", 0L), ((await bench.Jobs.FindAsync(other, ordered.Job.Id, Cancel))!.State, (await bench.Jobs.FindAsync(other, ordered.Job.Id, Cancel))!.Changed)); // ordered above
        Assert.Null(await bench.Jobs.FindAsync(bench.Organisation, ordered.Job.Id, Cancel));
        Assert.Equal(1, await bench.Inbound.CountAsync("message"));
    }

    /// <summary>Every table that is told of in a message's name is known to the place that erases messages.</summary>
    [Fact]
    public void Every_table_with_rows_of_a_message_or_a_letter_is_known_to_its_erasure()
    {
        // the digest outlives the message on purpose; receipts, runs and the verification are dealt with by name; the search's words go by triggers
        string[] byName = ["message_digest", "message_search", "receipt", "run", "verification"];
        Assert.Equal(byName.Concat(MessageErasure.OfMessage).Order(), With("message_id"));
        // an alarm's notice and a credential on trial say by which letter they went; a suppression outlives the letter that it came of
        Assert.Equal(MessageErasure.OfLetter.Concat(["alarm_notice", "next_credential", "suppression"]).Order(), With("letter_id"));
    }

    private static IEnumerable<string> With(string column) => OwnedTables.All()
        .Where(table => table.Value.Split('\n').Any(line => line.TrimStart().StartsWith($"{column} ", StringComparison.Ordinal)))
        .Select(table => table.Key).Order();

    /// <summary>Tables in which the text stands anywhere, in whatever column.</summary>
    private static async Task<List<string>> NamingAsync(KeepingBench bench, string text)
    {
        var naming = new List<string>();
        foreach (var table in OwnedTables.All().Keys)
        {
            var rows = await bench.Store.ReadAsync(
                tx => tx.Across("a test reads all").List<dynamic>($"SELECT * FROM {table}").Select(row => (IDictionary<string, object?>)row).ToList(), Cancel);
            if (rows.Exists(row => row.Values.Any(value => Says(value, text)))) naming.Add(table);
        }
        return naming;
    }

    private static bool Says(object? value, string text) => value switch
    {
        string words => words.Contains(text, StringComparison.OrdinalIgnoreCase),
        byte[] bytes => Encoding.Latin1.GetString(bytes).Contains(text, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}
