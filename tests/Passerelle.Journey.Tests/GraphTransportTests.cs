using System.Text.Json;
using MimeKit;
using Passerelle.Lab.Testing;

namespace Passerelle.Journey.Tests;

/// <summary>Letters that leave by Microsoft Graph, against the twin of Graph and of Entra ID.</summary>
public sealed class GraphTransportTests(SharedLab lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>SMTP AUTH is off, and nobody has ever agreed to SMTP.Send.</summary>
    [Fact]
    public async Task By_Graph_alone_a_person_signs_in_for_Mail_Send_and_answers_arrive_in_their_thread()
    {
        await using var scene = await GraphAsync();
        var asked = await scene.AnnWritesAsync("By Graph");
        var arrived = await AnswerAsync(scene, asked);
        using var answer = await MimeMessage.LoadAsync(new MemoryStream(await scene.Mail.RawAsync(arrived.Id, Cancel)), Cancel);
        Assert.Equal((scene.Contoso.Support, asked), (answer.From.Mailboxes.Single().Address, Assert.Single(answer.References)));
        Assert.Equal(["auto-replied"], answer.Headers.Where(header => header.Id == HeaderId.AutoSubmitted).Select(header => header.Value));
        var line = await scene.JourneyAsync("By Graph", "routed", "settled");
        Assert.Contains("accepted: Microsoft Graph answered 202 Accepted", Attempt(await scene.Gateway.Operator.GetAsync($"/api/v1/journeys/{line.GetProperty("messageId").GetGuid()}", Cancel)), StringComparison.Ordinal);
        Assert.Empty(await scene.SubmittedAsync());
        Assert.Equal("openid profile offline_access https://graph.microsoft.com/Mail.Send", (await scene.AppAsync()).GetProperty("scope").GetString());
        Assert.DoesNotContain("SMTP.Send", Assert.Single(await scene.RowsAsync<string>("SELECT scope FROM oauth_grant WHERE organisation_id = @organisation")), StringComparison.Ordinal);
        Assert.Equal([arrived.MessageId], (await scene.Mail.ListAsync(scene.Contoso.Support, "sent-items", Cancel)).Select(mail => mail.MessageId));
        var findings = (await scene.ExamineAsync()).ToDictionary(finding => finding.GetProperty("check").GetString()!, finding => finding.GetProperty("result").GetString()); // each has one
        Assert.Equal(("right", "right", "right"), (findings["permission-and-consent"], findings["sign-in-accepted"], findings["send-test"]));
    }

    /// <summary>The application itself: its own permission of Graph, and not the one of that name which the guide grants.</summary>
    [Fact]
    public async Task An_application_needs_Graphs_Mail_Send_and_is_told_so_before_anything_is_sent()
    {
        await using var scene = await Scene.DraftAsync(lab);
        await scene.PrepareMailboxAsync();
        await scene.SetSmtpAuthAsync(false);
        await PermitAsync(scene, (LabControl.Exchange, "Mail.Send", "application"));
        await scene.SaveAsync(form => new(form) { ["transport"] = "graph", ["way"] = "app-only" });
        var refused = await scene.Gateway.Operator.SendAsync(HttpMethod.Post, $"/api/v1/apps/{scene.App}/connection", null, Cancel);
        Assert.Contains("Mail.Send", refused.ToString(), StringComparison.Ordinal);
        Assert.NotEqual("connected", await scene.StateAsync());

        await PermitAsync(scene, (LabControl.Graph, "Mail.Send", "application"));
        await scene.Gateway.Operator.SendAsync(HttpMethod.Post, $"/api/v1/apps/{scene.App}/connection", null, Cancel);
        Assert.Equal("connected", await scene.StateAsync());
        await scene.AcknowledgeAsync();
        await AnswerAsync(scene, await scene.AnnWritesAsync("By itself"));
        Assert.Empty(await scene.SubmittedAsync());
    }

    /// <summary>SMTP first; somebody switches it off; a consent of its own opens the other way, and the letter that waited leaves by it.</summary>
    [Fact]
    public async Task When_SMTP_AUTH_is_switched_off_letters_go_by_Graph_once_somebody_agrees_to_that()
    {
        await using var scene = await Scene.ConnectedAsync(lab);
        var scope = Assert.Single(await scene.RowsAsync<string>("SELECT scope FROM oauth_grant WHERE organisation_id = @organisation"));
        await scene.AnswerToAsync(await scene.AnnWritesAsync("By SMTP"));
        Assert.Single(await scene.SubmittedAsync());

        await scene.SetSmtpAuthAsync(false);
        await scene.SaveAsync(form => new(form) { ["transport"] = "smtp-then-graph" });
        Assert.Equal("connected", await scene.StateAsync()); // what it signs in to SMTP with is as it was
        var asked = await scene.AnnWritesAsync("While it is off");
        await scene.JourneyAsync("While it is off", "routed", "blocked");
        Assert.Equal("broken", await scene.StateAsync());
        using (var portal = await scene.Gateway.SignInAsync())
        using (var browser = scene.Fixture.Browser())
        {
            var end = await browser.SignInAsync(await portal.LeaveAsync($"/authorise/{scene.App}/graph", Cancel), scene.Contoso.Support, Contoso.Password, Cancel);
            await portal.OpenAsync(end.Callback!.PathAndQuery, Cancel); // it leads back to us
        }
        await scene.Gateway.Operator.SendAsync(HttpMethod.Post, $"/api/v1/apps/{scene.App}/connection", null, Cancel);
        await AnswerAsync(scene, asked);
        Assert.Equal("connected", await scene.StateAsync());
        Assert.Single(await scene.SubmittedAsync());
        Assert.Equal(scope, Assert.Single(await scene.RowsAsync<string>("SELECT scope FROM oauth_grant WHERE organisation_id = @organisation")));
        Assert.Equal(2, (await scene.Mail.ListAsync(scene.Contoso.Ann, "inbox", Cancel)).Count);
    }

    /// <summary>More than a request holds: by a draft and an upload session, which is more than Mail.Send allows.</summary>
    [Fact]
    public async Task A_letter_of_five_megabytes_waits_for_the_permission_and_arrives_whole()
    {
        await using var scene = await GraphAsync();
        var (large, small) = (new byte[5_000_000], new byte[1000]);
        Random.Shared.NextBytes(large);
        await scene.Gateway.Operator.SendAsync(
            HttpMethod.Post, "/api/v1/letters",
            new
            {
                appId = scene.App,
                to = new[] { new { address = scene.Contoso.Ann } },
                bcc = new[] { new { address = scene.Contoso.Bob } },
                subject = "Large",
                text = "Please find the film.",
                files = new[] { new { name = "film.bin", type = "application/octet-stream", base64 = Convert.ToBase64String(large) }, new { name = "list.bin", type = "application/octet-stream", base64 = Convert.ToBase64String(small) } },
            },
            Cancel);
        var reason = await Eventually.SeesAsync("It is blocked", async _ => (await scene.RowsAsync<string>("SELECT state_reason FROM letter WHERE organisation_id = @organisation AND state = 'blocked'")).FirstOrDefault());
        Assert.Contains("Mail.ReadWrite", reason, StringComparison.Ordinal);

        await PermitAsync(scene, (LabControl.Graph, "Mail.Send", "delegated"), (LabControl.Graph, "Mail.ReadWrite", "delegated"));
        await scene.AuthoriseAsync(); // a new token, which has it, and the letter is due again
        var arrived = await ArrivedAsync(scene, scene.Contoso.Ann, "Large");
        using var mail = await MimeMessage.LoadAsync(new MemoryStream(await scene.Mail.RawAsync(arrived.Id, Cancel)), Cancel);
        Assert.Equal("Please find the film.", mail.TextBody?.Trim());
        Assert.Equal([("film.bin", large.Length), ("list.bin", small.Length)], mail.Attachments.OfType<MimePart>().Select(part => (part.FileName, Bytes(part).Length)).Order());
        Assert.Equal(large, Bytes(mail.Attachments.OfType<MimePart>().Single(part => part.FileName == "film.bin")));
        Assert.Null(mail.Headers["Bcc"]);
        await ArrivedAsync(scene, scene.Contoso.Bob, "Large");
        Assert.Equal($"<{arrived.MessageId}>", Assert.Single(await scene.RowsAsync<string>("SELECT internet_id FROM letter WHERE organisation_id = @organisation")));
    }

    [Fact]
    public async Task A_pause_is_kept_and_silence_is_doubt()
    {
        await using var scene = await GraphAsync("--Queue:FirstRetrySeconds=1", "--Sending:ReplySeconds=2");
        var faults = new LabFaults(scene.Lab, scene.Contoso.Lab);
        await faults.ArmAsync(new LabFault("graph") { Http = new LabHttpReply(429, "application/json", """{"error":{"code":"ApplicationThrottled","message":"Slowly"}}""", RetryAfterSeconds: 2), Mailbox = scene.Contoso.Support }, Cancel);
        await AnswerAsync(scene, await scene.AnnWritesAsync("Throttled"));
        await scene.JourneyAsync("Throttled", "routed", "settled");
        Assert.Equal(["deferred", "accepted"], await scene.RowsAsync<string>("SELECT outcome FROM attempt WHERE organisation_id = @organisation ORDER BY number"));

        await faults.ArmAsync(new LabFault("graph") { Silent = true, Mailbox = scene.Contoso.Support }, Cancel);
        await scene.AnnWritesAsync("Silent");
        await scene.JourneyAsync("Silent", "routed", "unclear");
        Assert.Single(await scene.Mail.ListAsync(scene.Contoso.Ann, "inbox", Cancel));
    }

    private async Task<Scene> GraphAsync(params string[] options)
    {
        var scene = await Scene.DraftAsync(lab, options);
        await scene.PrepareMailboxAsync();
        await scene.SetSmtpAuthAsync(false);
        await scene.SaveAsync(form => new(form) { ["transport"] = "graph" });
        await scene.AuthoriseAsync();
        await scene.AcknowledgeAsync();
        return scene;
    }

    private static async Task PermitAsync(Scene scene, params (string Resource, string Name, string Kind)[] permissions)
    {
        await scene.Lab.SetPermissionsAsync(scene.Contoso.DirectoryId, scene.Contoso.ClientId, [(LabControl.Graph, "User.Read", "delegated"), .. permissions], Cancel);
        await scene.Lab.GrantAdminConsentAsync(scene.Contoso.DirectoryId, scene.Contoso.ClientId, Cancel);
    }

    private static async Task<LabMailItem> AnswerAsync(Scene scene, string asked) =>
        await scene.Mail.WaitAsync(scene.Contoso.Ann, Patience, Cancel, inReplyTo: asked) ?? throw new InvalidOperationException($"No answer; the journeys are {await scene.JourneysAsync()}");

    private static async Task<LabMailItem> ArrivedAsync(Scene scene, string mailbox, string subject) =>
        await scene.Mail.WaitAsync(mailbox, Patience, Cancel, subject) ?? throw new InvalidOperationException($"{subject} is not in {mailbox}");

    private static string Attempt(JsonElement journey) => journey.GetProperty("hops").EnumerateArray().Last(hop => hop.GetProperty("code").GetString() == "attempt").ToString();

    private static byte[] Bytes(MimePart part)
    {
        using var bytes = new MemoryStream();
        part.Content?.DecodeTo(bytes, Cancel);
        return bytes.ToArray();
    }
}
