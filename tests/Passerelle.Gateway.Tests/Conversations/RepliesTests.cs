using System.Globalization;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Conversations;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Sending.Budgets;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Reading;
using Passerelle.Gateway.Tests.Routing;

namespace Passerelle.Gateway.Tests.Conversations;

public sealed class RepliesTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task A_persons_answer_is_a_threaded_letter_from_the_mailbox()
    {
        await using var bench = await RoutingBench.OpenAsync(flow: null);
        var message = await bench.ArriveAsync(Written.Mail());
        var key = Guid.CreateVersion7(bench.Inbound.Temp.Time.GetUtcNow());
        var written = Assert.IsType<ReplyOutcome.Written>(await NewReplies(bench).WriteAsync(
            bench.Inbound.Organisation, message.Id, Guid.Empty, replyAll: false, "It is on its way.", key, Cancel));

        var letter = Assert.Single(await bench.LettersAsync());
        Assert.Equal((key, "person", message.ConversationId, message.Id), (written.LetterId, letter.Origin, letter.ConversationId, letter.InAnswerTo));
        var text = await bench.TextOfAsync(letter);
        Assert.Contains("In-Reply-To: <one@fabrikam.example>", text, StringComparison.Ordinal);
        Assert.Contains("From: Support <support@contoso.example>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Auto-Submitted", text, StringComparison.Ordinal);
        Assert.Contains("> Where is my order?", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_carries_display_name_Reply_To_and_signature_above_what_is_quoted()
    {
        await using var bench = await RoutingBench.OpenAsync(flow: null);
        await bench.Inbound.NameAsync();
        var message = await bench.ArriveAsync(Written.Mail());
        await NewReplies(bench).WriteAsync(
            bench.Inbound.Organisation, message.Id, Guid.Empty, replyAll: false, "It is on its way.", Guid.CreateVersion7(bench.Inbound.Temp.Time.GetUtcNow()), Cancel);
        var text = await bench.TextOfAsync(Assert.Single(await bench.LettersAsync()));
        Assert.Contains("From: Contoso Help <support@contoso.example>", text, StringComparison.Ordinal);
        Assert.Contains("Reply-To: team@contoso.example", text, StringComparison.Ordinal);
        var answer = text.IndexOf("It is on its way.\r\n\r\n-- \r\nThe team", StringComparison.Ordinal);
        Assert.InRange(answer, 1, text.IndexOf("> Where is my order?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Asking_twice_with_one_key_writes_one_letter()
    {
        await using var bench = await RoutingBench.OpenAsync(flow: null);
        var message = await bench.ArriveAsync(Written.Mail());
        var other = await bench.ArriveAsync(Written.Mail(id: "two@fabrikam.example"));
        var key = Guid.CreateVersion7(bench.Inbound.Temp.Time.GetUtcNow());
        var replies = NewReplies(bench);
        for (var i = 0; i < 2; i++)
        {
            Assert.IsType<ReplyOutcome.Written>(await replies.WriteAsync(
                bench.Inbound.Organisation, message.Id, Guid.Empty, false, "Once", key, Cancel));
        }
        Assert.IsType<ReplyOutcome.Refused>(await replies.WriteAsync(bench.Inbound.Organisation, other.Id, Guid.Empty, false, "Once", key, Cancel));
        Assert.Single(await bench.LettersAsync());
    }

    [Fact]
    public async Task Reply_all_reaches_everybody_but_ourselves()
    {
        await using var bench = await RoutingBench.OpenAsync(flow: null);
        var message = await bench.ArriveAsync(Written.Mail(headers: "Cc: Bob <bob@adatum.example>, support@contoso.example"));
        await NewReplies(bench).WriteAsync(
            bench.Inbound.Organisation, message.Id, Guid.Empty, replyAll: true, "Hello all", Guid.CreateVersion7(bench.Inbound.Temp.Time.GetUtcNow()), Cancel);
        Assert.Equal(2, await bench.Inbound.CountAsync("letter_recipient"));
        Assert.Equal(0, await bench.Inbound.CountAsync("letter_recipient WHERE address = 'support@contoso.example'"));
    }

    [Fact]
    public async Task An_answer_to_more_than_the_mailbox_takes_in_one_mail_is_refused_with_the_limit_in_the_readers_language()
    {
        await using var bench = await RoutingBench.OpenAsync(flow: null);
        var message = await bench.ArriveAsync(Written.Mail(headers: "Cc: Bob <bob@adatum.example>"));
        await bench.Inbound.Temp.Store.WriteAsync(
            Lane.Work,
            tx =>
            {
                BudgetRows.Put(tx, bench.Inbound.Organisation, new SaidLimit { Subject = message.AppId.ToString(), RecipientsPerMail = 1 }, null, bench.Inbound.Temp.Time.GetUtcNow());
                return true;
            },
            Cancel);
        var refused = Assert.IsType<ReplyOutcome.Refused>(await NewReplies(bench).WriteAsync(
            bench.Inbound.Organisation, message.Id, Guid.Empty, replyAll: true, "Hello all", Guid.CreateVersion7(bench.Inbound.Temp.Time.GetUtcNow()), Cancel));
        Assert.StartsWith("This mail has 2 recipients, and the mailbox takes 1 in one mail", refused.Sentence, StringComparison.Ordinal);
        Assert.StartsWith("Ce message a 2 destinataires", PhraseWords.In(refused.Phrase!, CultureInfo.GetCultureInfo("fr")), StringComparison.Ordinal); // it has values
        Assert.Empty(await bench.LettersAsync());
    }

    [Fact]
    public async Task What_cannot_be_answered_is_refused_with_a_sentence()
    {
        await using var bench = await RoutingBench.OpenAsync(flow: null);
        var message = await bench.ArriveAsync(Written.Mail());
        var replies = NewReplies(bench);
        var other = await bench.Inbound.Temp.OrganisationAsync("Fabrikam");
        var organisation = bench.Inbound.Organisation;
        Assert.IsType<ReplyOutcome.Unknown>(await replies.WriteAsync(other, message.Id, Guid.Empty, false, "Hello", Guid.Empty, Cancel));
        Assert.IsType<ReplyOutcome.Refused>(await replies.WriteAsync(organisation, message.Id, Guid.Empty, false, "  ", Guid.Empty, Cancel));
        await bench.Inbound.SetStateAsync(organisation, bench.Inbound.App, "retired");
        Assert.IsType<ReplyOutcome.Refused>(await replies.WriteAsync(organisation, message.Id, Guid.Empty, false, "Hello", Guid.Empty, Cancel));
        Assert.Empty(await bench.LettersAsync());
    }

    internal static Replies NewReplies(RoutingBench bench) => new(
        bench.Inbound.Store, new MailSources(bench.Inbound.Store, bench.Inbound.Raws), bench.Inbound.Signals, bench.Inbound.Temp.Time);
}
