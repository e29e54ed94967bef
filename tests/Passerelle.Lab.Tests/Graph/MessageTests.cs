using System.Net.Http.Headers;
using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Graph;

/// <summary>Reading, following, drafting and answering mail.</summary>
public sealed class MessageTests(LabUnderTest lab)
{
    private const string Inbox = "/me/mailFolders/inbox/messages";

    [Fact]
    public async Task A_message_is_found_by_its_internet_id_read_and_downloaded()
    {
        GraphLab graph = await ReaderAsync();
        var id = await WriteAsync(graph, "Question");
        JsonElement found = Assert.Single((await graph.GetAsync($"/me/messages?$filter=internetMessageId eq '<{id}>'&$select=id,subject")).Is(200).Value);
        Assert.Equal("Question", found.GetProperty("subject").GetString());
        Assert.False(found.TryGetProperty("body", out _));
        var path = $"/me/messages/{found.GetProperty("id").GetString()}";
        Answer read = (await graph.GetAsync(path)).Is(200);
        Assert.Equal(graph.Contoso.Ann, read.Body.GetProperty("from").GetProperty("emailAddress").GetProperty("address").GetString());
        Assert.Contains("Can you help?", read.Body.GetProperty("body").GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.False(read.Body.TryGetProperty("internetMessageHeaders", out _));
        Assert.Contains((await graph.GetAsync(path + "?$select=internetMessageHeaders")).Body.GetProperty("internetMessageHeaders").EnumerateArray(),
            header => string.Equals(header.GetProperty("name").GetString(), "Message-ID", StringComparison.OrdinalIgnoreCase));
        Assert.Contains($"Message-ID: <{id}>", (await graph.GetAsync(path + "/$value")).Is(200).Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_folder_is_paged_newest_first_and_counted()
    {
        GraphLab graph = await ReaderAsync();
        foreach (var subject in new[] { "1", "2", "3" }) await WriteAsync(graph, subject);
        var subjects = new List<string?>();
        Answer page = await graph.GetAsync(Inbox + "?$top=2&$count=true");
        Assert.Equal(3, page.Is(200).Body.GetProperty("@odata.count").GetInt32());
        subjects.AddRange(page.Value.Select(m => m.GetProperty("subject").GetString()));
        page = await graph.GetAsync(new Uri(page.Get("@odata.nextLink")).PathAndQuery["/v1.0".Length..]);
        subjects.AddRange(page.Is(200).Value.Select(m => m.GetProperty("subject").GetString()));
        Assert.Equal(["3", "2", "1"], subjects);
        Assert.False(page.Body.TryGetProperty("@odata.nextLink", out _));
        Answer folder = (await graph.GetAsync("/me/mailFolders/inbox")).Is(200);
        Assert.Equal((3, 3), (folder.Body.GetProperty("totalItemCount").GetInt32(), folder.Body.GetProperty("unreadItemCount").GetInt32()));
        Assert.Equal(["Inbox", "Drafts", "Sent Items", "Deleted Items", "Junk Email"],
            (await graph.GetAsync("/me/mailFolders")).Value.Select(f => f.GetProperty("displayName").GetString()));
    }

    [Fact]
    public async Task Delta_tells_what_came_what_changed_and_what_went()
    {
        GraphLab graph = await WriterAsync();
        await WriteAsync(graph, "Before");
        Answer first = (await graph.GetAsync(Inbox + "/delta")).Is(200);
        var before = Assert.Single(first.Value).GetProperty("id").GetString();
        Answer quiet = await FollowAsync(graph, first);
        Assert.Empty(quiet.Value);

        await WriteAsync(graph, "After");
        (await graph.PatchAsync($"/me/messages/{before}", new { isRead = true })).Is(200);
        Answer second = await FollowAsync(graph, quiet);
        Assert.Equal(["After", "Before"], second.Value.Select(m => m.GetProperty("subject").GetString()).Order());

        (await graph.DeleteAsync($"/me/messages/{before}")).Is(204);
        JsonElement gone = Assert.Single((await FollowAsync(graph, second)).Value);
        Assert.Equal((before, "deleted"), (gone.GetProperty("id").GetString(), gone.GetProperty("@removed").GetProperty("reason").GetString()));
        (await graph.GetAsync(Inbox + "/delta?$deltatoken=made-up")).Is(410);
    }

    [Fact]
    public async Task Delta_comes_in_pages_with_the_properties_that_the_first_request_named()
    {
        GraphLab graph = await WriterAsync();
        foreach (var subject in new[] { "One", "Two", "Three" }) await WriteAsync(graph, subject);
        Answer first = (await graph.GetAsync(Inbox + "/delta?$select=subject&$top=2&$orderby=subject")).Is(200);
        Assert.Equal(["One", "Three"], first.Value.Select(m => m.GetProperty("subject").GetString()));
        Assert.All(first.Value, m => Assert.Equal(["id", "subject"], m.EnumerateObject().Select(p => p.Name).Where(n => n[0] != '@').Order()));
        Assert.False(first.Body.TryGetProperty("@odata.deltaLink", out _));

        await WriteAsync(graph, "Four"); // while the caller turns the page
        Answer second = (await graph.GetAsync(new Uri(first.Get("@odata.nextLink")).PathAndQuery["/v1.0".Length..])).Is(200);
        Assert.Equal(["Four", "Two"], second.Value.Select(m => m.GetProperty("subject").GetString()));
        (await graph.DeleteAsync($"/me/messages/{second.Value[0].GetProperty("id").GetString()}")).Is(204);

        Answer third = await FollowAsync(graph, second);
        Assert.True(Assert.Single(third.Value).TryGetProperty("@removed", out _));
        Assert.Empty((await FollowAsync(graph, third)).Value);
    }

    [Fact]
    public async Task A_reply_stands_in_the_thread_of_what_it_answers()
    {
        GraphLab graph = await GraphLab.OfPersonAsync(lab, null, "Mail.Read", "Mail.Send");
        var asked = await WriteAsync(graph, "Question");
        var id = Assert.Single((await graph.GetAsync(Inbox)).Value).GetProperty("id").GetString();
        (await graph.PostAsync($"/me/messages/{id}/reply", new { comment = "Yes, we can." })).Is(202);
        LabMailItem answer = await SendMailTests.ArrivedAsync(graph, graph.Contoso.Ann, "RE: Question");
        Assert.Equal(asked, answer.InReplyTo);
        Assert.Contains(asked, answer.References);
    }

    [Fact]
    public async Task A_draft_is_written_changed_given_a_file_and_sent()
    {
        GraphLab graph = await WriterAsync();
        Answer draft = (await graph.PostAsync("/me/messages", new { subject = "Draft" })).Is(201);
        Assert.True(draft.Body.GetProperty("isDraft").GetBoolean());
        var path = $"/me/messages/{draft.Get("id")}";
        (await graph.PatchAsync(path, new
        {
            subject = "Final",
            body = new { contentType = "text", content = "With a file" },
            toRecipients = new[] { new { emailAddress = new { address = graph.Contoso.Ann } } },
        })).Is(200);
        (await graph.PostAsync(path + "/attachments", new Dictionary<string, object>
        {
            ["@odata.type"] = "#microsoft.graph.fileAttachment",
            ["name"] = "a.txt",
            ["contentType"] = "text/plain",
            ["contentBytes"] = Convert.ToBase64String("hello"u8),
        })).Is(201);
        JsonElement file = Assert.Single((await graph.GetAsync(path + "/attachments")).Is(200).Value);
        Assert.Equal(("a.txt", 5, "aGVsbG8="), (file.GetProperty("name").GetString(), file.GetProperty("size").GetInt32(), file.GetProperty("contentBytes").GetString()));
        (await graph.PostAsync(path + "/send")).Is(202);
        LabMailItem arrived = await SendMailTests.ArrivedAsync(graph, graph.Contoso.Ann, "Final");
        Assert.Contains("a.txt", System.Text.Encoding.ASCII.GetString(await SendMailTests.Mail(graph).RawAsync(arrived.Id, GraphLab.Cancel)), StringComparison.Ordinal);
        (await graph.GetAsync(path)).IsRefused(404, "ErrorItemNotFound", "The specified object was not found in the store.");
        Assert.Single((await graph.GetAsync("/me/mailFolders/sentitems/messages")).Value);
    }

    [Fact, Shows("4.3:Request-size-limit-4-MB-unverified")]
    public async Task A_large_file_comes_in_chunks_without_a_token()
    {
        GraphLab graph = await WriterAsync();
        Answer draft = (await graph.PostAsync("/me/messages", new { subject = "Large" })).Is(201);
        var path = $"/me/messages/{draft.Get("id")}";
        var bytes = new byte[(5 * 1024 * 1024) + 7];
        bytes.AsSpan().Fill((byte)'p');
        Answer session = (await graph.PostAsync(path + "/attachments/createUploadSession",
            new { AttachmentItem = new { attachmentType = "file", name = "large.bin", size = bytes.Length } })).Is(201);
        Assert.Equal("""["0-"]""", session.Body.GetProperty("nextExpectedRanges").ToString());

        const int half = 3 * 1024 * 1024;
        var address = new Uri(session.Get("uploadUrl")).PathAndQuery["/".Length..];
        (await PutAsync(graph, address, bytes, 0, half)).Is(401);
        GraphLab nobody = graph.With("");
        Answer more = (await PutAsync(nobody, address, bytes, 0, half)).Is(200);
        Assert.Equal($"""["{half}-"]""", more.Body.GetProperty("nextExpectedRanges").ToString());
        (await PutAsync(nobody, address, bytes, 0, half)).Is(416);
        Answer last = (await PutAsync(nobody, address, bytes, half, bytes.Length)).Is(201);
        Answer file = (await graph.GetAsync(last.Headers.Location!.AbsolutePath["/v1.0".Length..] + "?$select=name,size")).Is(200); // 201 has one
        Assert.Equal(("large.bin", bytes.Length), (file.Get("name"), file.Body.GetProperty("size").GetInt32()));
        Assert.Contains(await SendMailTests.Mail(graph).LogAsync("graph", GraphLab.Cancel),
            line => line.Answer == "201 PUT /uploads" && $"<{line.MessageId}>" == draft.Get("internetMessageId"));
    }

    [Fact, Shows("4.2:403")]
    public async Task Somebody_elses_mail_stays_shut()
    {
        GraphLab graph = await ReaderAsync();
        (await graph.GetAsync($"/users/{graph.Contoso.Sales}/messages"))
            .IsRefused(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
        (await graph.PatchAsync("/me/messages/AAMkAAAAAAAAAAAAAAAAAAAAAAA=", new { isRead = true }))
            .IsRefused(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
    }

    [Fact]
    public async Task The_basic_permission_shows_no_body_even_when_it_is_selected()
    {
        GraphLab graph = await GraphLab.OfPersonAsync(lab, null, "Mail.ReadBasic");
        await WriteAsync(graph, "Question");
        JsonElement message = Assert.Single((await graph.GetAsync(Inbox + "?$select=subject,body,bodyPreview")).Is(200).Value);
        Assert.Equal("Question", message.GetProperty("subject").GetString());
        Assert.False(message.TryGetProperty("body", out _) || message.TryGetProperty("bodyPreview", out _));
        (await graph.GetAsync($"/me/messages/{message.GetProperty("id").GetString()}/$value")).Is(403);
    }

    private Task<GraphLab> ReaderAsync() => GraphLab.OfPersonAsync(lab, null, "Mail.Read");

    private Task<GraphLab> WriterAsync() => GraphLab.OfPersonAsync(lab, null, "Mail.ReadWrite", "Mail.Send");

    private static Task<Answer> FollowAsync(GraphLab graph, Answer delta) =>
        graph.GetAsync(new Uri(delta.Get("@odata.deltaLink")).PathAndQuery["/v1.0".Length..]);

    private static async Task<string> WriteAsync(GraphLab graph, string subject)
    {
        var id = await SendMailTests.Mail(graph).WriteAsync(graph.Contoso.Ann, graph.Contoso.Support, subject, "Can you help?", GraphLab.Cancel);
        await SendMailTests.ArrivedAsync(graph, graph.Contoso.Support, subject);
        return id;
    }

    private static Task<Answer> PutAsync(GraphLab graph, string address, byte[] bytes, int from, int to)
    {
        var chunk = new ByteArrayContent(bytes, from, to - from);
        chunk.Headers.ContentRange = new ContentRangeHeaderValue(from, to - 1, bytes.Length);
        return graph.SendAsync(HttpMethod.Put, address, chunk);
    }
}
