using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Passerelle.Gateway.Polling;
using Passerelle.Lab.Testing;

namespace Passerelle.Journey.Tests;

/// <summary>The spare wheel: what forwarding loses is fetched from the mailbox itself.</summary>
public sealed class PollingTests(SharedLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_forwarding_lost_is_fetched_and_marked_and_the_grant_for_sending_stays_as_it_was()
    {
        await using var scene = await SceneAsync();
        var before = await scene.RowsAsync<string>("SELECT scope || ' ' || obtained_at FROM oauth_grant WHERE organisation_id = @organisation");
        await LetReadAsync(scene);
        await scene.Lab.SetForwardingAsync(scene.Contoso.DirectoryId, scene.Contoso.Support, null, keepCopy: true, Cancel);
        var sent = await scene.AnnWritesAsync("Lost on the way");
        var line = await FetchedAsync(scene, "Lost on the way");

        Assert.Equal(scene.Contoso.Ann, line.GetProperty("fromAddress").GetString());
        var id = line.GetProperty("messageId").GetGuid();
        var journey = await scene.Gateway.Operator.GetAsync($"/api/v1/journeys/{id}", Cancel);
        Assert.Contains(journey.GetProperty("hops").EnumerateArray(), hop => hop.GetProperty("code").GetString() == "fetched");
        var message = await scene.Gateway.Operator.GetAsync($"/api/v1/messages/{id}", Cancel);
        Assert.Equal($"<{sent}>", message.GetProperty("internetId").GetString());
        Assert.Contains("Forwarding lost this mail", message.GetProperty("findings").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, (await StandingAsync(scene)).GetProperty("lost").GetInt64());
        Assert.Equal(before, await scene.RowsAsync<string>("SELECT scope || ' ' || obtained_at FROM oauth_grant WHERE organisation_id = @organisation"));
        Assert.DoesNotContain("IMAP", string.Concat(before), StringComparison.Ordinal);
    }

    /// <summary>With no time given to forwarding the mailbox is often faster; either way it is one message and one answer.</summary>
    [Fact]
    public async Task A_mail_that_comes_both_ways_is_one_message_with_one_answer()
    {
        await using var scene = await SceneAsync();
        await LetReadAsync(scene);
        var sent = await scene.AnnWritesAsync("Twice");
        await scene.AnswerToAsync(sent);
        IReadOnlyList<string> items = [];
        await Eventually.SeesAsync(
            "The mailbox was listed with that mail in it",
            async _ =>
            {
                await LookAsync(scene);
                items = await scene.RowsAsync<string>("SELECT state || ' ' || internet_id || ' ' || delivered_at FROM mailbox_item WHERE organisation_id = @organisation");
                return items is [var item] && (item.StartsWith("arrived", StringComparison.Ordinal) || item.StartsWith("fetched", StringComparison.Ordinal));
            },
            () => $"[{string.Join(", ", items)}] at {TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}");
        await Eventually.SeesAsync("Every receipt is read", async _ =>
            (await scene.RowsAsync<long>("SELECT COUNT(*) FROM receipt WHERE organisation_id = @organisation AND state = 'received'")) is [0]);
        Assert.Equal(1, (await scene.RowsAsync<long>("SELECT COUNT(*) FROM message WHERE organisation_id = @organisation"))[0]);
        Assert.Single(await scene.SubmittedAsync());
    }

    [Fact]
    public async Task A_reading_that_was_revoked_is_broken_and_says_so_and_sending_goes_on_being_judged_by_itself()
    {
        await using var scene = await SceneAsync();
        await LetReadAsync(scene);
        await scene.Lab.RevokeSessionsAsync(scene.Contoso.DirectoryId, scene.Contoso.Support, Cancel);
        var standing = await Eventually.SeesAsync<object>("Reading is broken", async _ =>
        {
            scene.Gateway.Services.GetRequiredService<PollTokens>().ForgetAll(); // each time: a look under way may have kept the one of before
            await LookAsync(scene);
            return await StandingAsync(scene) is var now && now.GetProperty("state").GetString() == "broken" ? now : null;
        });
        Assert.Equal("G3", ((JsonElement)standing).GetProperty("finding").GetProperty("setupStep").GetString());
        Assert.Equal("connected", await scene.StateAsync());

        await scene.Gateway.Operator.SendAsync(HttpMethod.Delete, $"/api/v1/apps/{scene.App}/mailbox", null, Cancel);
        Assert.Empty(await scene.RowsAsync<string>("SELECT refresh_token FROM mailbox_poll WHERE organisation_id = @organisation"));
    }

    /// <summary>An administrator has agreed to reading: users may not do so for themselves (facts/microsoft365.md §3.6).</summary>
    private async Task<Scene> SceneAsync()
    {
        var scene = await Scene.ConnectedAsync(lab, "--Polling:EverySeconds=1", "--Polling:GraceSeconds=0");
        await scene.Lab.SetPermissionsAsync(
            scene.Contoso.DirectoryId,
            scene.Contoso.ClientId,
            [(LabControl.Graph, "User.Read", "delegated"), (LabControl.Graph, "SMTP.Send", "delegated"), (LabControl.Graph, "IMAP.AccessAsUser.All", "delegated")],
            Cancel);
        await scene.Lab.GrantAdminConsentAsync(scene.Contoso.DirectoryId, scene.Contoso.ClientId, Cancel);
        return scene;
    }

    private static async Task LetReadAsync(Scene scene)
    {
        using var portal = await scene.Gateway.SignInAsync();
        var authorize = await portal.LeaveAsync($"/authorise/{scene.App}/mailbox", Cancel);
        Assert.Contains("IMAP.AccessAsUser.All", authorize.Query, StringComparison.Ordinal);
        Assert.DoesNotContain("SMTP.Send", authorize.Query, StringComparison.Ordinal);
        using LabBrowser browser = scene.Fixture.Browser();
        SignInEnd end = await browser.SignInAsync(authorize, scene.Contoso.Support, Contoso.Password, Cancel);
        await portal.OpenAsync((end.Callback ?? throw new InvalidOperationException($"The sign-in page stayed: {end.Html}")).PathAndQuery, Cancel);
        Assert.Equal("watching", (await StandingAsync(scene)).GetProperty("state").GetString());
    }

    private static Task<JsonElement> StandingAsync(Scene scene) => scene.Gateway.Operator.GetAsync($"/api/v1/apps/{scene.App}/mailbox", Cancel);

    private static async Task<JsonElement> FetchedAsync(Scene scene, string subject) => (JsonElement)await Eventually.SeesAsync<object>($"'{subject}' is fetched", async _ =>
    {
        await LookAsync(scene);
        return (await scene.JourneysAsync()).EnumerateArray().Where(line => line.GetProperty("subject").GetString() == subject).Cast<object?>().FirstOrDefault();
    });

    private static Task LookAsync(Scene scene) => scene.Gateway.Services.GetServices<IHostedService>().OfType<PollWorker>().Single().LookAsync(Cancel);
}
