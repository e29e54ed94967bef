using System.Net;
using System.Net.Http.Json;
using MimeKit;
using Passerelle.Dev.Run;
using Passerelle.Lab.Testing;

namespace Passerelle.Journey.Tests.Threading;

/// <summary>Our answers stand where the customer's own program looks for them, and the customer's answers where we do.</summary>
public sealed class ThreadingTests(SharedLab lab)
{
    private static readonly string[] Subjects = ["A question", "A question about my order", "Où est ma commande ?", "您的订单", "Re: our call", "[ticket 4711] Broken"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="rewrites">Exchange gives every mail a Message-ID of its own, and tells nobody.</param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_conversation_is_one_thread_to_the_customer_to_the_mailbox_and_to_us(bool rewrites)
    {
        await using var scene = await Scene.ConnectedAsync(lab);
        await scene.Lab.SendAsync(HttpMethod.Put, $"directories/{scene.Contoso.DirectoryId}/submission-settings", new { rewritesMessageIds = rewrites }, Cancel);
        using var portal = await scene.Gateway.SignInAsync();
        var told = new List<Conversation>();
        foreach (var subject in Subjects) told.Add(await TalkAsync(scene, portal, subject));

        foreach (var mailbox in new[] { scene.Contoso.Ann, scene.Contoso.Support })
        {
            var mails = await MailsAsync(scene, mailbox);
            var threads = Jwz.Thread(mails.Select(mail => mail.Mime));
            Assert.Equal(told.Select(one => string.Join(' ', one.Ids)).Order(), threads.Select(thread => string.Join(' ', thread.Mails().Select(mail => mail.MessageId))).Order());
            // the conversationId that Exchange shows of each (docs/lab.md): by the first reference
            Assert.Equal(told.Select(one => string.Join(' ', one.Ids.Order())).Order(), mails
                .GroupBy(mail => mail.Item.References is [var reference, ..] ? reference : mail.Item.InReplyTo ?? mail.Item.MessageId)
                .Select(thread => string.Join(' ', thread.Select(mail => mail.Item.MessageId).Order())).Order());
        }
        var ours = await scene.RowsAsync<string>("SELECT conversation_id || '' FROM message WHERE organisation_id = @organisation");
        Assert.Equal(Subjects.Select(_ => 3), ours.GroupBy(id => id).Select(conversation => conversation.Count()));
        Assert.All(await scene.RowsAsync<long>("SELECT COUNT(DISTINCT conversation_id) FROM letter WHERE organisation_id = @organisation"), count => Assert.Equal(Subjects.Length, count));
    }

    /// <summary>Ann writes, a machine answers, Ann answers that, a person answers, and Ann has the last word.</summary>
    private static async Task<Conversation> TalkAsync(Scene scene, PortalBrowser portal, string subject)
    {
        var first = await scene.AnnWritesAsync(subject);
        var machine = await scene.AnswerToAsync(first);
        var again = await AnnAnswersAsync(scene, machine);
        var line = await Eventually.SeesAsync<object>($"'{again}' is a message", async _ =>
            (await scene.RowsAsync<Guid>($"SELECT id FROM message WHERE organisation_id = @organisation AND internet_id = '<{again}>' AND state <> 'ready'")) is [var id] ? id : null);
        using var order = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/messages/{line}/reply")
        {
            Content = JsonContent.Create(new { key = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), replyAll = false, text = "It leaves today." }),
        };
        order.Headers.Add("Origin", scene.Gateway.PublicUrl);
        using var accepted = await portal.AskAsync(order, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        var person = await scene.AnswerToAsync(again);
        var last = await AnnAnswersAsync(scene, person);
        await Eventually.SeesAsync($"'{last}' is a message", async _ =>
            (await scene.RowsAsync<Guid>($"SELECT id FROM message WHERE organisation_id = @organisation AND internet_id = '<{last}>'")).Count == 1);
        return new([first, machine.MessageId!, again, person.MessageId!, last]); // the lab names each
    }

    private static Task<string> AnnAnswersAsync(Scene scene, LabMailItem answered) => scene.Mail.WriteAsync(
        scene.Contoso.Ann, scene.Contoso.Support, answered.Subject.StartsWith("Re: ", StringComparison.Ordinal) ? answered.Subject : $"Re: {answered.Subject}", "Thank you", Cancel, answered.MessageId);

    private static async Task<List<(LabMailItem Item, MimeMessage Mime)>> MailsAsync(Scene scene, string mailbox)
    {
        var mails = new List<(LabMailItem, MimeMessage)>();
        foreach (var folder in new[] { "inbox", "sent-items" })
        {
            foreach (var item in await scene.Mail.ListAsync(mailbox, folder, Cancel))
            {
                mails.Add((item, await MimeMessage.LoadAsync(new MemoryStream(await scene.Mail.RawAsync(item.Id, Cancel)), Cancel)));
            }
        }
        return mails;
    }

    /// <param name="Ids">In the order of the talk, without brackets.</param>
    private sealed record Conversation(IReadOnlyList<string> Ids);
}
