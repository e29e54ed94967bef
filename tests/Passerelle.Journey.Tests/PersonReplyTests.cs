using System.Net;
using System.Net.Http.Json;
using MimeKit;

namespace Passerelle.Journey.Tests;

/// <summary>A person's plain answer takes the same path as a machine's.</summary>
public sealed class PersonReplyTests(SharedLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Guide("2")]
    [Fact]
    public async Task A_person_answers_as_the_mailbox_in_the_thread_and_asking_twice_sends_once()
    {
        await using var scene = await Scene.DraftAsync(lab);
        await scene.PrepareMailboxAsync();
        await scene.SaveAsync();
        await scene.AuthoriseAsync(); // no flow: a new app only receives
        var sent = await scene.AnnWritesAsync("A question");
        var line = await scene.JourneyAsync("A question", "kept");
        using var portal = await scene.Gateway.SignInAsync();
        var key = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        for (var times = 0; times < 2; times++)
        {
            using var order = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/messages/{line.GetProperty("messageId").GetGuid()}/reply")
            {
                Content = JsonContent.Create(new { key, replyAll = false, text = "It leaves today." }),
            };
            order.Headers.Add("Origin", scene.Gateway.PublicUrl);
            using var accepted = await portal.AskAsync(order, Cancel);
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        }

        var arrived = await scene.AnswerToAsync(sent);
        using var answer = await MimeMessage.LoadAsync(new MemoryStream(await scene.Mail.RawAsync(arrived.Id, Cancel)), Cancel);
        Assert.Equal(scene.Contoso.Support, answer.From.Mailboxes.Single().Address);
        Assert.Equal([sent], answer.References);
        Assert.Null(answer.Headers[HeaderId.AutoSubmitted]);
        Assert.StartsWith("It leaves today.", answer.TextBody, StringComparison.Ordinal);
        await scene.JourneyAsync("A question", "kept", "settled");
        Assert.Single(await scene.SubmittedAsync());
    }
}
