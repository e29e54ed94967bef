using Passerelle.Gateway.Conversations;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Tests.Reading;
using Passerelle.Gateway.Tests.Routing;

namespace Passerelle.Gateway.Tests.Conversations;

public sealed class RearrangementsTests
{
    private static readonly Guid Person = new("01980000-0000-7000-8000-000000000001");

    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task A_split_takes_the_message_and_all_later_ones_and_the_undo_brings_them_back()
    {
        await using var bench = await InboundBench.OpenAsync();
        var (first, second, third) = await ThreeAsync(bench);
        var conversations = New(bench);

        var done = Assert.IsType<RearrangeOutcome.Done>(await conversations.SplitAsync(bench.Organisation, second.Id, Person, Cancel));
        Assert.NotEqual(first.ConversationId, done.ConversationId);
        Assert.Equal([first.ConversationId, done.ConversationId, done.ConversationId], await PlacesAsync(bench, first, second, third));

        Assert.IsType<RearrangeOutcome.Done>(await conversations.UndoAsync(bench.Organisation, third.Id, Cancel));
        Assert.All(await PlacesAsync(bench, first, second, third), place => Assert.Equal(first.ConversationId, place));
        Assert.IsType<RearrangeOutcome.Refused>(await conversations.UndoAsync(bench.Organisation, third.Id, Cancel)); // only once
    }

    [Fact]
    public async Task What_comes_after_a_split_joins_the_part_that_it_answers()
    {
        await using var bench = await InboundBench.OpenAsync();
        var (first, second, third) = await ThreeAsync(bench);
        var done = Assert.IsType<RearrangeOutcome.Done>(await New(bench).SplitAsync(bench.Organisation, second.Id, Person, Cancel));
        var toThird = await bench.ArriveAsync(Written.Mail(id: "four@fabrikam.example", headers: "In-Reply-To: <three@fabrikam.example>"));
        var toFirst = await bench.ArriveAsync(Written.Mail(id: "five@fabrikam.example", headers: "In-Reply-To: <one@fabrikam.example>"));
        Assert.Equal((done.ConversationId, first.ConversationId), (toThird.ConversationId, toFirst.ConversationId));
        Assert.NotEqual(third.ConversationId, toThird.ConversationId);
    }

    [Fact]
    public async Task A_merge_brings_messages_and_letters_together_in_order_and_the_undo_parts_them_again()
    {
        await using var bench = await RoutingBench.OpenAsync(flow: null);
        var one = await bench.ArriveAsync(Written.Mail());
        var other = await bench.ArriveAsync(Written.Mail(id: "two@fabrikam.example", subject: "Else"));
        await AnswerAsync(bench, one);
        await AnswerAsync(bench, other);
        var conversations = New(bench.Inbound);
        var organisation = bench.Inbound.Organisation;

        Assert.IsType<RearrangeOutcome.Done>(await conversations.MergeAsync(organisation, other.Id, one.Id, Person, Cancel));
        Assert.All(await bench.LettersAsync(), letter => Assert.Equal(one.ConversationId, letter.ConversationId));
        Assert.Equal([1L, 2L], (await bench.LettersAsync()).Select(letter => letter.Sequence).Order());
        await AnswerAsync(bench, other); // written in the merged one: it goes back with the message that it answers

        Assert.IsType<RearrangeOutcome.Done>(await conversations.UndoAsync(organisation, one.Id, Cancel));
        Assert.Equal([one.ConversationId, other.ConversationId], await PlacesAsync(bench.Inbound, one, other));
        Assert.All(await bench.LettersAsync(), letter => Assert.Equal(letter.InAnswerTo == one.Id ? one.ConversationId : other.ConversationId, letter.ConversationId));
        Assert.Equal(2, (await bench.LettersAsync()).Count(letter => letter.ConversationId == other.ConversationId));
    }

    [Fact]
    public async Task What_cannot_be_moved_is_refused_with_a_sentence()
    {
        await using var bench = await InboundBench.OpenAsync();
        var (first, second, _) = await ThreeAsync(bench);
        var conversations = New(bench);
        Assert.IsType<RearrangeOutcome.Refused>(await conversations.SplitAsync(bench.Organisation, first.Id, Person, Cancel));
        Assert.IsType<RearrangeOutcome.Refused>(await conversations.MergeAsync(bench.Organisation, first.Id, second.Id, Person, Cancel));
        Assert.IsType<RearrangeOutcome.Refused>(await conversations.MergeAsync(bench.Organisation, first.Id, Guid.Empty, Person, Cancel));
        Assert.IsType<RearrangeOutcome.Refused>(await conversations.UndoAsync(bench.Organisation, first.Id, Cancel));
        Assert.IsType<RearrangeOutcome.Unknown>(await conversations.SplitAsync(bench.Organisation, Guid.Empty, Person, Cancel));
    }

    [Fact]
    public async Task An_undo_waits_for_the_later_order_over_the_same_messages()
    {
        await using var bench = await InboundBench.OpenAsync();
        var (first, second, third) = await ThreeAsync(bench);
        var conversations = New(bench);
        await conversations.SplitAsync(bench.Organisation, second.Id, Person, Cancel);
        bench.Temp.Time.Advance(TimeSpan.FromSeconds(1));
        await conversations.SplitAsync(bench.Organisation, third.Id, Person, Cancel);
        Assert.IsType<RearrangeOutcome.Refused>(await conversations.UndoAsync(bench.Organisation, first.Id, Cancel)); // the first split: its last message is elsewhere
        Assert.IsType<RearrangeOutcome.Done>(await conversations.UndoAsync(bench.Organisation, third.Id, Cancel));
        Assert.IsType<RearrangeOutcome.Done>(await conversations.UndoAsync(bench.Organisation, first.Id, Cancel));
        Assert.All(await PlacesAsync(bench, first, second, third), place => Assert.Equal(first.ConversationId, place));
    }

    private static Rearrangements New(InboundBench bench) => new(bench.Store, bench.Signals, bench.Temp.Time);

    private static async Task<(Message First, Message Second, Message Third)> ThreeAsync(InboundBench bench) => (
        await bench.ArriveAsync(Written.Mail()),
        await bench.ArriveAsync(Written.Mail(id: "two@fabrikam.example", headers: "In-Reply-To: <one@fabrikam.example>")),
        await bench.ArriveAsync(Written.Mail(id: "three@fabrikam.example", headers: "In-Reply-To: <two@fabrikam.example>")));

    private static async Task<List<Guid>> PlacesAsync(InboundBench bench, params Message[] messages)
    {
        var places = new List<Guid>();
        foreach (var message in messages) places.Add((await bench.MessageAsync(message.Id)).ConversationId);
        return places;
    }

    private static async Task AnswerAsync(RoutingBench bench, Message message)
    {
        var current = await bench.Inbound.MessageAsync(message.Id);
        Assert.IsType<ReplyOutcome.Written>(await RepliesTests.NewReplies(bench).WriteAsync(
            bench.Inbound.Organisation, current.Id, Guid.Empty, replyAll: false, "Answer", Guid.CreateVersion7(bench.Inbound.Temp.Time.GetUtcNow()), Cancel));
    }
}
