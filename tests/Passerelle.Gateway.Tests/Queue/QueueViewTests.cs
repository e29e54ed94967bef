using System.Globalization;
using Passerelle.Gateway.Portal;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Queue;

/// <summary>What the page Sending shows and orders.</summary>
public sealed class QueueViewTests
{
    [Fact]
    public async Task What_has_not_left_is_counted_by_app_and_state_and_what_has_is_not()
    {
        await using var office = await PostOffice.OpenAsync();
        var sales = await office.AppAsync("sales@contoso.example");
        foreach (var outcome in new SendOutcome[] { new SendOutcome.Unclear("No complete reply after the final dot (IOException)"), new SendOutcome.Refused("550 5.1.1 No such user"), new SendOutcome.Accepted("250 OK", []) })
            await EndAsync(office, outcome);
        await office.LetterAsync(await office.ConversationAsync(sales), app: sales);
        var view = new QueueView(office.Temp.Store);
        var counts = await view.CountsAsync(office.Organisation, TempStore.Cancel);
        Assert.Equal(
            [(office.App, "dead", 1L), (office.App, "unclear", 1L), (sales, "waiting", 1L)],
            counts.Select(count => (count.AppId, count.State, count.Letters)).OrderBy(count => count.State, StringComparer.Ordinal));
        Assert.Single(await view.ListAsync(office.Organisation, office.App, "unclear", null, TempStore.Cancel));
        Assert.Empty(await view.ListAsync(office.Organisation, sales, "unclear", null, TempStore.Cancel));
        Assert.Empty(await view.ListAsync(Guid.Empty, null, "unclear", null, TempStore.Cancel));
        Assert.Equal("unclear", QueueView.States[0]);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap()
    {
        await using var office = await PostOffice.OpenAsync();
        var conversation = await office.ConversationAsync();
        for (var number = 0; number < ListPage.Usual + 3; number++) await office.LetterAsync(conversation);
        var view = new QueueView(office.Temp.Store);
        var first = await view.ListAsync(office.Organisation, null, "waiting", null, TempStore.Cancel);
        var second = await view.ListAsync(office.Organisation, null, "waiting", first[^1].Id, TempStore.Cancel);
        Assert.Equal((ListPage.Usual, 3), (first.Count, second.Count));
        Assert.Empty(first.Select(one => one.Id).Intersect(second.Select(one => one.Id)));
    }

    [Theory]
    [InlineData("release", "blocked", "waiting")]
    [InlineData("now", "waiting", "waiting")]
    [InlineData("cancel", "waiting", "dead")]
    [InlineData("cancel", "blocked", "dead")]
    [InlineData("retry", "dead", "waiting")]
    [InlineData("left", "unclear", "settled")]
    [InlineData("again", "unclear", "waiting")]
    public async Task A_button_does_what_it_says_and_does_nothing_when_a_colleague_was_faster(string deed, string from, string to)
    {
        await using var office = await PostOffice.OpenAsync();
        var later = office.Temp.Time.GetUtcNow().AddDays(1);
        var letter = await office.LetterAsync(await office.ConversationAsync(), one => one with { NotBefore = from == "waiting" ? later : null });
        await office.WriteAsync(tx => tx.For(office.Organisation).Execute(
            "UPDATE letter SET state = @from, due_at = CASE WHEN @from = 'waiting' THEN due_at END WHERE organisation_id = @organisation AND id = @letter", new { from, letter }));
        Assert.Equal(LetterChange.Unknown, await LetterOrdering.CarryOutAsync(office.Actions, Guid.Empty, letter, deed));
        Assert.Equal(LetterChange.Done, await LetterOrdering.CarryOutAsync(office.Actions, office.Organisation, letter, deed));
        var row = await office.RowAsync(letter);
        Assert.Equal(to, row.State.ToString().ToLowerInvariant());
        if (to == "waiting") Assert.Equal(office.Temp.Time.GetUtcNow(), row.DueAt);
        if (deed is not ("release" or "now")) Assert.Equal(LetterChange.Conflict, await LetterOrdering.CarryOutAsync(office.Actions, office.Organisation, letter, deed));
    }

    [Fact]
    public async Task The_servers_words_are_explained_in_the_readers_language_with_who_must_do_what()
    {
        await using var office = await PostOffice.OpenAsync();
        await EndAsync(office, new SendOutcome.Blocked(Passerelle.Gateway.Tokens.Causes.FindSmtp("554 5.2.252 SendAsDenied; support@contoso.example", isPassword: false)) { BreaksApp = false });
        var letter = Assert.Single(await new QueueView(office.Temp.Store).ListAsync(office.Organisation, null, "blocked", null, TempStore.Cancel));
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("fr");
        var (meaning, fix) = (LetterWords.Meaning(letter), LetterWords.Fix(letter));
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        Assert.Equal("The account that signed in may not send as the mailbox", LetterWords.Meaning(letter));
        Assert.NotEqual(LetterWords.Meaning(letter), meaning);
        Assert.Contains("Send As", LetterWords.Fix(letter), StringComparison.Ordinal);
        Assert.NotEqual(LetterWords.Fix(letter), fix);
    }

    private static async Task EndAsync(PostOffice office, SendOutcome outcome)
    {
        await office.LetterAsync(await office.ConversationAsync());
        var owner = await office.OwnerAsync();
        await office.Letters.SettleAsync(await office.ClaimAsync(owner), owner, outcome, TempStore.Cancel);
    }
}
