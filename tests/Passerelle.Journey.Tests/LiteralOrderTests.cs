namespace Passerelle.Journey.Tests;

/// <summary>The guide in its literal order: the address is copied and used long before the app is saved and authorised.</summary>
public sealed class LiteralOrderTests(SharedLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mail_that_came_before_the_app_was_saved_is_held_without_a_bounce_and_answered_once_when_it_is_released()
    {
        await using var scene = await WrittenToBeforeItWasSavedAsync();
        await scene.Gateway.Operator.SendAsync(HttpMethod.Post, $"/api/v1/apps/{scene.App}/held/release", null, Cancel);

        await scene.JourneyAsync("Early 1", "routed", "settled");
        await scene.JourneyAsync("Early 2", "routed", "settled");
        Assert.Equal(2, (await scene.SubmittedAsync()).Count);
        Assert.Equal(2, (await scene.Mail.ListAsync(scene.Contoso.Ann, "inbox", Cancel)).Count);
    }

    [Fact]
    public async Task Mail_that_came_before_the_app_was_saved_and_is_kept_is_never_answered_but_later_mail_is()
    {
        await using var scene = await WrittenToBeforeItWasSavedAsync();
        await scene.Gateway.Operator.SendAsync(HttpMethod.Post, $"/api/v1/apps/{scene.App}/held/keep", null, Cancel);
        var later = await scene.AnnWritesAsync("Later");

        await scene.AnswerToAsync(later);
        await scene.JourneyAsync("Early 1", "kept", "");
        await scene.JourneyAsync("Early 2", "kept", "");
        Assert.Single(await scene.SubmittedAsync());
    }

    /// <summary>Everything is done, two mails wait, and nothing has left.</summary>
    private async Task<Scene> WrittenToBeforeItWasSavedAsync()
    {
        var scene = await Scene.DraftAsync(lab); // the tab is closed: nobody holds anything but the address
        await scene.PrepareMailboxAsync();
        await scene.AnnWritesAsync("Early 1");
        await scene.JourneyAsync("Early 1", "held", "");
        await scene.Gateway.StopAsync();
        await scene.Gateway.StartAsync();
        await scene.SaveAsync();
        await scene.AnnWritesAsync("Early 2");
        await scene.JourneyAsync("Early 2", "held", "");
        await scene.AcknowledgeAsync();
        await scene.AuthoriseAsync();

        var held = await scene.Gateway.Operator.GetAsync($"/api/v1/apps/{scene.App}/held", Cancel);
        Assert.Equal(2, held.GetProperty("count").GetInt64());
        Assert.Empty(await scene.SubmittedAsync());
        Assert.Empty(await scene.Mail.LogAsync("ndr", Cancel));
        Assert.Empty(await scene.Mail.ListAsync(scene.Contoso.Ann, "inbox", Cancel));
        return scene;
    }
}
