using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Queue;

public sealed class AnswerCapsTests
{
    [Fact]
    public async Task A_conversation_is_acknowledged_once()
    {
        await using var office = await PostOffice.OpenAsync();
        var conversation = await office.ConversationAsync();
        Assert.Equal("", await WhyNotAsync(office, conversation, "bob@fabrikam.example", NewLetter.Acknowledgement));
        await office.LetterAsync(conversation, letter => letter with { Origin = NewLetter.Acknowledgement });
        Assert.Contains("acknowledged", await WhyNotAsync(office, conversation, "bob@fabrikam.example", NewLetter.Acknowledgement), StringComparison.Ordinal);
        Assert.Equal("", await WhyNotAsync(office, conversation, "bob@fabrikam.example", NewLetter.Flow));
    }

    [Fact]
    public async Task A_correspondent_gets_three_an_hour_and_ten_a_day_however_the_address_is_written()
    {
        await using var office = await PostOffice.OpenAsync();
        for (var sent = 0; sent < 10; sent++)
        {
            Assert.Equal("", await WhyNotAsync(office, await office.ConversationAsync(), "ANN@fabrikam.example"));
            await office.LetterAsync(await office.ConversationAsync());
            if (sent % 3 != 2) continue;
            Assert.Contains("an hour", await WhyNotAsync(office, await office.ConversationAsync(), "ann@FABRIKAM.example"), StringComparison.Ordinal);
            office.Temp.Time.Advance(TimeSpan.FromMinutes(61));
        }
        office.Temp.Time.Advance(TimeSpan.FromMinutes(61));
        Assert.Contains("a day", await WhyNotAsync(office, await office.ConversationAsync(), "ann@fabrikam.example"), StringComparison.Ordinal);
        Assert.Equal("", await WhyNotAsync(office, await office.ConversationAsync(), "bob@fabrikam.example"));
    }

    [Fact]
    public async Task An_app_answers_only_so_much_an_hour_and_what_people_write_does_not_count()
    {
        await using var office = await PostOffice.OpenAsync(new QueueOptions { AutomaticPerAppHour = 2 });
        var conversation = await office.ConversationAsync();
        await office.LetterAsync(conversation, letter => letter with { Origin = NewLetter.Person, Automatic = false });
        await office.LetterAsync(conversation, letter => letter with { Correspondent = "b@fabrikam.example" });
        Assert.Equal("", await WhyNotAsync(office, conversation, "d@fabrikam.example"));
        await office.LetterAsync(conversation, letter => letter with { Correspondent = "c@fabrikam.example" });
        Assert.Contains("this app", await WhyNotAsync(office, conversation, "d@fabrikam.example"), StringComparison.Ordinal);
    }

    private static Task<string> WhyNotAsync(PostOffice office, Guid conversation, string correspondent, string origin = NewLetter.Flow) =>
        office.Temp.Store.WriteAsync(
            Lane.Work,
            tx =>
            {
                var wanted = new WantedAnswer(office.Organisation, office.App, conversation, correspondent, origin);
                Assert.Equal(
                    new AnswerCaps(office.Options).Allows(tx, wanted, office.Temp.Time.GetUtcNow(), out var reason), reason.Length == 0);
                return reason;
            },
            TempStore.Cancel);
}
