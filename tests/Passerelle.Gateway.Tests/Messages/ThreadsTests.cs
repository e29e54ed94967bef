using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Messages;

public sealed class ThreadsTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task A_message_says_why_it_stands_in_its_conversation()
    {
        await using var bench = await InboundBench.OpenAsync();
        var first = await bench.ArriveAsync(Written.Mail());
        var answer = await bench.ArriveAsync(Written.Mail(id: "two@fabrikam.example", headers: "In-Reply-To: <one@fabrikam.example>\nReferences: <one@fabrikam.example>"));
        Assert.Equal(first.ConversationId, answer.ConversationId);
        Assert.Equal(0, (await ThreadAsync(bench, first)).Score);
        var why = await ThreadAsync(bench, answer);
        Assert.Equal(100, why.Score);
        Assert.Equal(["InReplyTo", "References"], why.Reasons);
    }

    [Fact]
    public async Task An_answer_whose_ids_were_lost_joins_by_subject_when_the_same_person_wrote_it()
    {
        await using var bench = await InboundBench.OpenAsync();
        var first = await bench.ArriveAsync(Written.Mail(subject: "The lamp is broken"));
        var answer = await bench.ArriveAsync(Written.Mail(id: "two@fabrikam.example", subject: "AW: The lamp is broken"));
        var stranger = await bench.ArriveAsync(Written.Mail(id: "three@fabrikam.example", from: "eve@fabrikam.example", subject: "Re: The lamp is broken"));
        var again = await bench.ArriveAsync(Written.Mail(id: "four@fabrikam.example", subject: "The lamp is broken"));
        Assert.Equal(first.ConversationId, answer.ConversationId);
        Assert.Equal("SubjectAndParty", Assert.Single((await ThreadAsync(bench, answer)).Reasons));
        Assert.NotEqual(first.ConversationId, stranger.ConversationId);
        Assert.NotEqual(first.ConversationId, again.ConversationId);
    }

    [Fact]
    public async Task A_month_later_a_subject_says_nothing()
    {
        await using var bench = await InboundBench.OpenAsync();
        var first = await bench.ArriveAsync(Written.Mail(subject: "The lamp is broken"));
        bench.Temp.Time.Advance(TimeSpan.FromDays(31));
        Assert.NotEqual(first.ConversationId, (await bench.ArriveAsync(Written.Mail(id: "two@fabrikam.example", subject: "Re: The lamp is broken"))).ConversationId);
    }

    [Fact]
    public async Task Either_id_of_a_message_that_was_rewritten_can_be_answered()
    {
        await using var bench = await InboundBench.OpenAsync();
        var first = await bench.ArriveAsync(Written.Mail(id: "new@prod.example", headers: "X-Microsoft-Original-Message-ID: <old@fabrikam.example>"));
        var toOld = await bench.ArriveAsync(Written.Mail(id: "two@fabrikam.example", subject: "x", headers: "In-Reply-To: <old@fabrikam.example>"));
        var toNew = await bench.ArriveAsync(Written.Mail(id: "three@fabrikam.example", subject: "y", headers: "In-Reply-To: <new@prod.example>"));
        Assert.Equal((first.ConversationId, first.ConversationId), (toOld.ConversationId, toNew.ConversationId));
    }

    [Fact]
    public async Task Outlooks_index_joins_where_the_ids_are_lost()
    {
        await using var bench = await InboundBench.OpenAsync();
        byte[] root = [1, .. Enumerable.Repeat((byte)7, 21)];
        var first = await bench.ArriveAsync(Written.Mail(headers: $"Thread-Index: {Convert.ToBase64String(root)}"));
        var answer = await bench.ArriveAsync(Written.Mail(id: "two@fabrikam.example", subject: "else", headers: $"Thread-Index: {Convert.ToBase64String([.. root, 1, 2, 3, 4, 5])}"));
        Assert.Equal(first.ConversationId, answer.ConversationId);
        Assert.Equal((70, "ThreadIndex"), ((await ThreadAsync(bench, answer)).Score, (await ThreadAsync(bench, answer)).Reasons[0]));
    }

    private static async Task<MessageThread> ThreadAsync(InboundBench bench, Message message) =>
        await bench.Messages.ThreadAsync(bench.Organisation, message.Id, Cancel) ?? throw new InvalidOperationException("There is no such message");
}
