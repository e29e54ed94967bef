using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MimeKit;
using Passerelle.Dev.Run;
using Passerelle.Lab.Testing;

namespace Passerelle.Journey.Tests.Threading;

/// <summary>Our answers stand where the customer's own program looks for them, and the customer's answers where we do.</summary>
public sealed class ThreadingTests(SharedLab lab)
{
    private static readonly string[] Subjects = ["A question", "A question about my order", "Où est ma commande ?", "您的订单", "Re: our call", "[ticket 4711] Broken"];
    private static readonly string[] OurSubjects = ["Your parcel", "Votre facture n° 12"];

    /// <summary>Ann writes more in a minute than a machine would answer.</summary>
    private static readonly string[] Patient = ["--Queue:AutomaticPerCorrespondentHour=100", "--Queue:AutomaticPerCorrespondentDay=100"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="rewrites">Exchange gives every mail of ours a Message-ID of its own, and tells nobody.</param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_conversation_is_one_thread_to_the_customer_to_the_mailbox_and_to_us(bool rewrites)
    {
        await using var scene = await Scene.ConnectedAsync(lab, Patient);
        await scene.Lab.SendAsync(HttpMethod.Put, $"directories/{scene.Contoso.DirectoryId}/submission-settings", new { rewritesMessageIds = rewrites }, Cancel);
        using var portal = await scene.Gateway.SignInAsync();
        var talks = new List<Talk>();
        foreach (var subject in Subjects) talks.Add(await BegunByAnnAsync(scene, portal, subject));
        foreach (var subject in OurSubjects) talks.Add(await BegunByUsAsync(scene, portal, subject));

        foreach (var mailbox in new[] { scene.Contoso.Ann, scene.Contoso.Support })
        {
            var threads = Jwz.Thread((await MailsAsync(scene, mailbox)).Select(mail => mail.Mime));
            Assert.Equal(talks.Select(talk => talk.Root).Order(), threads.Select(thread => thread.Mail?.MessageId ?? "nobody's").Order());
            Assert.Equal(talks.SelectMany(talk => talk.Edges).Order(), threads.SelectMany(Edges).Order());
        }
        Assert.Equal(
            talks.Select(talk => string.Join(' ', talk.Ids.Order())).Order(),
            (await ShownByGraphAsync(scene)).Select(conversation => string.Join(' ', conversation.Order())).Order());
        await OursAsync(scene, talks);
        var ids = await scene.RowsAsync<string>("SELECT internet_id FROM letter WHERE organisation_id = @organisation");
        Assert.Equal(talks.Count * 2 + OurSubjects.Length, ids.Count);
        Assert.Equal(rewrites ? 0 : ids.Count, talks.SelectMany(talk => talk.Ids).Count(id => ids.Contains($"<{id}>")));
    }

    /// <summary>Ann writes, a machine answers, Ann answers that, a person answers, and Ann has the last word.</summary>
    private static async Task<Talk> BegunByAnnAsync(Scene scene, PortalBrowser portal, string subject)
    {
        var talk = new Talk(await scene.AnnWritesAsync(subject)).ByHer();
        var machine = talk.Hears(await AnswerAsync(scene, talk.Root, isMachine: true));
        var again = talk.Says(await AnnAnswersAsync(scene, machine), machine);
        await PersonAnswersAsync(scene, portal, again);
        var person = talk.Hears(await AnswerAsync(scene, again, isMachine: false));
        talk.Says(await AnnAnswersAsync(scene, person), person);
        return talk;
    }

    /// <summary>A letter by order, which Ann answers; a machine and a person answer her.</summary>
    private static async Task<Talk> BegunByUsAsync(Scene scene, PortalBrowser portal, string subject)
    {
        await scene.Gateway.Operator.SendAsync(
            HttpMethod.Post, "/api/v1/letters", new { appId = scene.App, to = new[] { new { address = scene.Contoso.Ann } }, subject, text = "It is on its way." }, Cancel);
        var letter = await Eventually.SeesAsync(subject, async _ => (await scene.Mail.ListAsync(scene.Contoso.Ann, "inbox", Cancel)).FirstOrDefault(mail => mail.Subject == subject));
        var talk = new Talk(letter.MessageId!); // the lab names each
        var answer = talk.Says(await AnnAnswersAsync(scene, letter), letter);
        talk.Hears(await AnswerAsync(scene, answer, isMachine: true));
        await PersonAnswersAsync(scene, portal, answer);
        var person = talk.Hears(await AnswerAsync(scene, answer, isMachine: false));
        talk.Says(await AnnAnswersAsync(scene, person), person);
        return talk;
    }

    /// <summary>What Ann has of us to a mail of hers, whatever its id is by now.</summary>
    private static Task<LabMailItem> AnswerAsync(Scene scene, string answered, bool isMachine) => Eventually.SeesAsync(
        $"An answer to {answered}",
        async _ => (await scene.Mail.ListAsync(scene.Contoso.Ann, "inbox", Cancel)).FirstOrDefault(mail => mail.InReplyTo == answered && mail.AutoSubmitted is not null == isMachine));

    /// <returns>The id, once the mail is a message of ours.</returns>
    private static async Task<string> AnnAnswersAsync(Scene scene, LabMailItem answered)
    {
        var subject = answered.Subject.StartsWith("Re: ", StringComparison.Ordinal) ? answered.Subject : $"Re: {answered.Subject}";
        var id = await scene.Mail.WriteAsync(scene.Contoso.Ann, scene.Contoso.Support, subject, "Thank you", Cancel, answered.MessageId, answered.References);
        await MessageAsync(scene, id);
        return id;
    }

    private static async Task PersonAnswersAsync(Scene scene, PortalBrowser portal, string answered)
    {
        using var order = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/messages/{await MessageAsync(scene, answered)}/reply")
        {
            Content = JsonContent.Create(new { key = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), replyAll = false, text = "It leaves today." }),
        };
        order.Headers.Add("Origin", scene.Gateway.PublicUrl);
        using var accepted = await portal.AskAsync(order, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
    }

    private static async Task<Guid> MessageAsync(Scene scene, string id) => (Guid)await Eventually.SeesAsync<object>($"'{id}' is a message", async _ =>
        (await scene.RowsAsync<Guid>($"SELECT id FROM message WHERE organisation_id = @organisation AND internet_id = '<{id}>' AND state <> 'ready'")) is [var one] ? one : null);

    /// <summary>All that the mailbox got and sent.</summary>
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

    private static IEnumerable<string> Edges(JwzContainer container) =>
        container.Children.SelectMany(child => Edges(child).Prepend($"{child.Mail?.MessageId} answers {container.Mail?.MessageId}"));

    /// <summary>The mailbox by conversationId, as Outlook shows it.</summary>
    private static async Task<IEnumerable<IEnumerable<string>>> ShownByGraphAsync(Scene scene)
    {
        var (directory, client) = (scene.Contoso.DirectoryId, scene.Contoso.ClientId);
        await scene.Lab.SetPermissionsAsync(directory, client, [(LabControl.Graph, "Mail.Read", "application")], Cancel);
        await scene.Lab.GrantAdminConsentAsync(directory, client, Cancel);
        using var http = scene.Fixture.Client(followRedirects: false, cookies: false);
        using var form = new FormUrlEncodedContent([
            new("grant_type", "client_credentials"), new("client_id", $"{client}"), new("client_secret", scene.Contoso.ClientSecret), new("scope", "https://graph.microsoft.com/.default")]);
        using var issued = await http.PostAsync(new Uri($"/{directory}/oauth2/v2.0/token", UriKind.Relative), form, Cancel);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await issued.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("access_token").GetString());
        var page = await http.GetFromJsonAsync<JsonElement>(
            new Uri($"/v1.0/users/{scene.Contoso.Support}/messages?$select=conversationId,internetMessageId&$top=500", UriKind.Relative), Cancel);
        Assert.False(page.TryGetProperty("@odata.nextLink", out _));
        return [.. page.GetProperty("value").EnumerateArray()
            .GroupBy(mail => mail.GetProperty("conversationId").GetString(), mail => mail.GetProperty("internetMessageId").GetString()?.Trim('<', '>') ?? "")];
    }

    /// <summary>Our own conversations: as many, each with the mails that Ann wrote in it and with our letters.</summary>
    private static async Task OursAsync(Scene scene, IReadOnlyList<Talk> talks)
    {
        var messages = await scene.RowsAsync<Placed>("SELECT conversation_id, internet_id FROM message WHERE organisation_id = @organisation");
        var letters = await scene.RowsAsync<Placed>("SELECT conversation_id, internet_id FROM letter WHERE organisation_id = @organisation");
        Assert.Equal(
            talks.Select(talk => $"{string.Join(' ', talk.ByAnn.Order())} and {talk.Ids.Count - talk.ByAnn.Count} letters").Order(),
            messages.GroupBy(message => message.ConversationId).Select(conversation =>
                $"{string.Join(' ', conversation.Select(message => message.InternetId.Trim('<', '>')).Order())} and {letters.Count(letter => letter.ConversationId == conversation.Key)} letters").Order());
    }

    private sealed record Placed
    {
        public required Guid ConversationId { get; init; }
        public required string InternetId { get; init; }
    }

    /// <summary>Who answered what; ids without brackets, as Ann's program has them.</summary>
    private sealed class Talk
    {
        private readonly HashSet<string> _byAnn = [];

        public Talk(string root)
        {
            Root = root;
            Ids.Add(root);
        }

        public string Root { get; }
        public List<string> Ids { get; } = [];
        public List<string> Edges { get; } = [];
        public IReadOnlyCollection<string> ByAnn => _byAnn;

        public LabMailItem Hears(LabMailItem answer)
        {
            Add(answer.MessageId!, answer.InReplyTo!); // the lab names each, and it was found by what it answers
            return answer;
        }

        public string Says(string id, LabMailItem answered)
        {
            _byAnn.Add(id);
            Add(id, answered.MessageId!); // the lab names each
            return id;
        }

        /// <summary>It was Ann who began.</summary>
        public Talk ByHer()
        {
            _byAnn.Add(Root);
            return this;
        }

        private void Add(string id, string answered)
        {
            Ids.Add(id);
            Edges.Add($"{id} answers {answered}");
        }
    }
}
