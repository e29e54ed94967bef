using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Tests.Queue;

namespace Passerelle.Gateway.Tests.Events;

/// <summary>Who answers a customer learns within minutes that the answer has not left, and learns it once.</summary>
public sealed class LateAnswerTests
{
    private const string Writer = "writer@fabrikam.example";
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(15);

    [Fact]
    public Task An_answer_that_no_server_takes_is_told_to_its_writer_once_and_to_the_webhook() => ToldOnceAsync(null);

    [Fact]
    public async Task The_same_on_PostgreSQL() => await ToldOnceAsync(await Store.PostgresServer.NewDatabaseAsync());

    private static async Task ToldOnceAsync(string? postgres)
    {
        await using var bench = await AlarmBench.OpenAsync(postgres);
        var letter = await AnswerAsync(bench);
        await bench.PassAsync(TimeSpan.FromMinutes(4.5), Tick);
        Assert.Empty(await bench.NoticesAsync());
        await bench.PassAsync(TimeSpan.FromMinutes(1), Tick);
        var (_, mail) = Assert.Single(await bench.LettersAsync());
        Assert.Equal(Writer, Assert.Single(mail.To.Mailboxes).Address);
        Assert.Equal("Passerelle: an answer from support@contoso.example has not left", mail.Subject);
        Assert.Contains("https://mail.contoso.example/sending", mail.TextBody, StringComparison.Ordinal);
        var call = Assert.Single(bench.Receiver.Calls);
        Assert.Equal("passerelle.alarm.raised", call.Type);
        Assert.Equal("late", call.Event.GetProperty("data").GetProperty("kind").GetString());
        Assert.Equal(letter, call.Event.GetProperty("data").GetProperty("letterId").GetGuid());

        await bench.SentAsync();
        await bench.PassAsync(TimeSpan.FromHours(3), TimeSpan.FromMinutes(5));
        await EndAsync(bench, letter, "settled");
        await bench.PassAsync(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5));
        Assert.Single(await bench.LettersAsync());
        Assert.Single(bench.Receiver.Calls);
        Assert.Empty(await OpenAsync(bench));
    }

    [Fact]
    public async Task An_answer_in_time_a_machines_letter_and_one_that_was_cancelled_are_no_alarm()
    {
        await using var bench = await AlarmBench.OpenAsync();
        await EndAsync(bench, await AnswerAsync(bench), "settled");
        var cancelled = await AnswerAsync(bench);
        await bench.Office.Actions.CancelAsync(bench.Office.Organisation, cancelled, "Not needed", TempStore.Cancel);
        await bench.Office.LetterAsync(await bench.Office.ConversationAsync());
        await bench.PassAsync(TimeSpan.FromMinutes(10), Tick);
        Assert.Empty(await bench.NoticesAsync());
    }

    [Fact]
    public async Task An_answer_that_the_server_refused_is_an_alarm()
    {
        await using var bench = await AlarmBench.OpenAsync();
        await AnswerAsync(bench);
        var owner = await bench.Office.OwnerAsync();
        await bench.Office.Letters.SettleAsync(await bench.Office.ClaimAsync(owner), owner, new SendOutcome.Refused("550 5.1.1 nobody"), TempStore.Cancel);
        await bench.PassAsync(TimeSpan.FromMinutes(6), Tick);
        Assert.Contains("550 5.1.1 nobody", Assert.Single(await bench.LettersAsync()).Mail.TextBody, StringComparison.Ordinal);
    }

    private static async Task<Guid> AnswerAsync(AlarmBench bench)
    {
        var person = Guid.CreateVersion7(bench.Now);
        await bench.Office.WriteAsync(tx => tx.Across("people are global").Execute(
            """
            -- across: people are global
            INSERT INTO person (id, email, name, password_hash, language, created_at) VALUES (@person, @email, 'Writer', '', 'en', @now)
            ON CONFLICT (email) DO NOTHING
            """,
            new { person, email = Writer, now = bench.Now }));
        var writer = await bench.Office.Temp.Store.ReadAsync(tx => tx.Across("people are global").One<Guid>(
            """
            -- across: people are global
            SELECT id FROM person WHERE email = @email
            """,
            new { email = Writer }), TempStore.Cancel);
        return await bench.Office.LetterAsync(
            await bench.Office.ConversationAsync(), letter => letter with { Origin = NewLetter.Person, Automatic = false, PersonId = writer });
    }

    private static Task EndAsync(AlarmBench bench, Guid letter, string state) => bench.Office.WriteAsync(tx => tx.For(bench.Office.Organisation).Execute(
        "UPDATE letter SET state = @state, settled_at = @now WHERE organisation_id = @organisation AND id = @letter", new { letter, state, now = bench.Now }));

    private static Task<List<Guid>> OpenAsync(AlarmBench bench) => bench.Office.Temp.Store.ReadAsync(
        tx => tx.For(bench.Office.Organisation).List<Guid>("SELECT id FROM alarm WHERE organisation_id = @organisation AND cleared_at IS NULL"), TempStore.Cancel);
}
