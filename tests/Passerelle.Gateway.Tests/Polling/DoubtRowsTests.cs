using Passerelle.Gateway.Polling.Doubts;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Tests.Queue;

namespace Passerelle.Gateway.Tests.Polling;

/// <summary>Which letters are looked for, and which later ones bear witness.</summary>
public sealed class DoubtRowsTests
{
    [Fact]
    public Task A_letter_in_doubt_is_found_with_those_that_left_after_it() => FoundAsync(null);

    [Fact]
    public async Task The_same_on_PostgreSQL() => await FoundAsync(await Store.PostgresServer.NewDatabaseAsync());

    private static async Task FoundAsync(string? postgres)
    {
        await using var office = await PostOffice.OpenAsync(postgres: postgres);
        var owner = await office.OwnerAsync();
        await EndAsync(office, owner, new SendOutcome.Accepted("250 before", []));
        var doubtful = await EndAsync(office, owner, new SendOutcome.Unclear("No complete reply after the final dot"));
        var since = office.Temp.Time.GetUtcNow();
        office.Temp.Time.Advance(TimeSpan.FromMinutes(1));
        var later = await EndAsync(office, owner, new SendOutcome.Accepted("250 after", []));
        await EndAsync(office, owner, new SendOutcome.Refused("550 no"));

        var letter = Assert.Single(await office.Temp.Store.ReadAsync(tx => DoubtRows.List(tx, since.AddHours(-1), 10), TempStore.Cancel));
        Assert.Equal((doubtful, since, ""), (letter.Id, letter.Since, letter.Evidence));
        Assert.Equal([(await office.RowAsync(later)).InternetId], await office.Temp.Store.ReadAsync(tx => DoubtRows.Later(tx, letter), TempStore.Cancel));
        Assert.Empty(await office.Temp.Store.ReadAsync(tx => DoubtRows.List(tx, since, 10), TempStore.Cancel));

        await office.WriteAsync(tx => DoubtRows.Note(tx, letter, "Nobody let us look"));
        Assert.Equal("Nobody let us look", Assert.Single(await office.Temp.Store.ReadAsync(tx => DoubtRows.List(tx, since.AddHours(-1), 10), TempStore.Cancel)).Evidence);
        Assert.Equal(LetterChange.Done, await office.Actions.ResolveAsNotLeftAsync(office.Organisation, doubtful, "It is not there", TempStore.Cancel));
        Assert.Equal((LetterState.Waiting, "It is not there"), ((await office.RowAsync(doubtful)).State, (await office.RowAsync(doubtful)).StateReason));
        await office.WriteAsync(tx => Assert.Equal(0, DoubtRows.Note(tx, letter, "Too late")));
    }

    private static async Task<Guid> EndAsync(PostOffice office, Ownership owner, SendOutcome outcome)
    {
        var letter = await office.LetterAsync(await office.ConversationAsync());
        await office.Letters.SettleAsync(await office.ClaimAsync(owner), owner, outcome, TempStore.Cancel);
        return letter;
    }
}
