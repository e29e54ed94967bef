using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Journey.Tests;

/// <summary>What Microsoft's side takes away, people give back; meanwhile letters wait and burn nothing.</summary>
public sealed class BrokenGrantTests(SharedLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Revoked_sessions_block_letters_until_somebody_authorises_again_and_each_leaves_once()
    {
        await using var scene = await Scene.ConnectedAsync(lab);
        await scene.Lab.RevokeSessionsAsync(scene.Contoso.DirectoryId, scene.Contoso.Support, Cancel);
        await RenewAsync(scene); // the hour at which the access token ends
        var sent = await scene.AnnWritesAsync("While revoked");
        await scene.JourneyAsync("While revoked", "routed", "blocked");

        var app = await scene.AppAsync();
        Assert.Equal("broken", app.GetProperty("state").GetString());
        Assert.Contains("uthorise again", app.GetProperty("stateReason").GetString(), StringComparison.Ordinal);
        var wrong = Assert.Single(await scene.ExamineAsync(), finding => finding.GetProperty("result").GetString() == "wrong");
        Assert.Equal("G3", wrong.GetProperty("setupStep").GetString());
        Assert.Equal(Cause.Mailbox, wrong.GetProperty("owner").GetString());
        Assert.Empty(await scene.SubmittedAsync());

        await scene.AuthoriseAsync();
        await scene.AnswerToAsync(sent);
        await scene.JourneyAsync("While revoked", "routed", "settled");
        Assert.Single(await scene.SubmittedAsync());
        Assert.Equal([1L], await scene.RowsAsync<long>("SELECT attempts FROM letter WHERE organisation_id = @organisation")); // being blocked burnt none
    }

    [Fact]
    public async Task SMTP_AUTH_switched_off_blocks_letters_with_the_step_named_and_switched_on_again_they_leave_by_themselves()
    {
        await using var scene = await Scene.ConnectedAsync(lab, "--Sending:FirstRepairSeconds=1");
        await scene.SetSmtpAuthAsync(false);
        var sent = await scene.AnnWritesAsync("While off");
        await scene.JourneyAsync("While off", "routed", "blocked");

        Assert.Equal("broken", await scene.StateAsync());
        var wrong = Assert.Single(await scene.ExamineAsync(), finding => finding.GetProperty("result").GetString() == "wrong");
        Assert.Equal(("sign-in-accepted", "X2"), (wrong.GetProperty("check").GetString(), wrong.GetProperty("setupStep").GetString()));

        await scene.SetSmtpAuthAsync(true);
        await Eventually.SeesAsync("The app is connected again", async _ =>
        {
            await scene.RepairsAsync();
            return await scene.StateAsync() == "connected" ? "connected" : null;
        });
        await scene.AnswerToAsync(sent);
        Assert.Single(await scene.SubmittedAsync());
    }

    private static async Task RenewAsync(Scene scene)
    {
        var services = scene.Gateway.Services;
        var organisation = await scene.Gateway.OrganisationAsync();
        var app = await services.GetRequiredService<EmailApps>().FindAsync(organisation, scene.App, Cancel);
        Assert.IsType<TokenAnswer.Broken>(await services.GetRequiredService<TokenSource>().RenewAsync(app!, Cancel)); // made by the scene
    }
}
