using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Passerelle.Dev.Run;
using Passerelle.Gateway.Store;

namespace Passerelle.Journey.Tests;

/// <summary>Authorise and call back, with a person at the browser who is unlucky, hurried, or somebody else.</summary>
public sealed class AuthorisationTests(SharedLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_call_back_leads_to_a_page_without_the_code_and_no_log_line_ever_holds_it()
    {
        await using var scene = await ReadyAsync();
        using var portal = await scene.Gateway.SignInAsync();
        var callback = await scene.SignInAtMicrosoftAsync(portal, scene.Contoso.Support);
        using var answer = await AskAsync(portal, callback.PathAndQuery);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith($"/apps/{scene.App}/authorisation?result=", answer.Headers.Location!.ToString(), StringComparison.Ordinal); // a redirect has one
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.True(answer.Headers.CacheControl!.NoStore); // asserted by its absence too
        Assert.Equal("connected", await scene.StateAsync());
        var query = QueryHelpers.ParseQuery(callback.Query);
        await scene.Gateway.StopAsync();
        foreach (var secret in new[] { query["code"].ToString(), query["state"].ToString(), scene.Contoso.ClientSecret })
        {
            Assert.True(secret.Length > 16);
            Assert.DoesNotContain(scene.Gateway.Log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
        }
        Assert.Contains(scene.Gateway.Log.Lines, line => line.StartsWith("Debug", StringComparison.Ordinal)); // the log was on
    }

    [Fact]
    public async Task A_replayed_call_back_says_already_done_and_changes_nothing()
    {
        await using var scene = await ReadyAsync();
        using var portal = await scene.Gateway.SignInAsync();
        var callback = await scene.SignInAtMicrosoftAsync(portal, scene.Contoso.Support);
        await PageAfterAsync(portal, callback.PathAndQuery);
        var before = await scene.AppAsync();

        Assert.Contains("already", await PageAfterAsync(portal, callback.PathAndQuery), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before.GetProperty("connectedAt").GetString(), (await scene.AppAsync()).GetProperty("connectedAt").GetString());
    }

    [Fact]
    public async Task A_call_back_that_comes_too_late_says_so_and_connects_nothing()
    {
        await using var scene = await ReadyAsync();
        using var portal = await scene.Gateway.SignInAsync();
        var callback = await scene.SignInAtMicrosoftAsync(portal, scene.Contoso.Support);
        var organisation = await scene.Gateway.OrganisationAsync();
        await scene.Gateway.Services.GetRequiredService<IStore>().WriteAsync(
            Lane.Work,
            tx => tx.For(organisation).Execute(
                "UPDATE authorisation SET expires_at = @past WHERE organisation_id = @organisation",
                new { past = TimeProvider.System.GetUtcNow().AddSeconds(-1) }),
            Cancel);

        Assert.Contains("too long", await PageAfterAsync(portal, callback.PathAndQuery), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("unauthorised", await scene.StateAsync());
    }

    [Fact]
    public async Task A_forged_state_is_refused_without_a_word_to_the_provider()
    {
        await using var scene = await ReadyAsync();
        using var portal = await scene.Gateway.SignInAsync();
        using var answer = await AskAsync(portal, "/callback?code=abc&state=forged-by-somebody");
        Assert.Equal("/authorisation-ended?why=unknown", answer.Headers.Location!.ToString()); // a redirect has one
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("unauthorised", await scene.StateAsync());
    }

    [Fact]
    public async Task A_call_back_in_another_session_or_in_none_is_refused_and_the_right_one_still_works()
    {
        await using var scene = await ReadyAsync();
        using var portal = await scene.Gateway.SignInAsync();
        var callback = await scene.SignInAtMicrosoftAsync(portal, scene.Contoso.Support);
        using var other = await scene.Gateway.SignInAsync();
        using var foreign = await AskAsync(other, callback.PathAndQuery);
        Assert.Equal("/authorisation-ended?why=other-browser", foreign.Headers.Location!.ToString()); // a redirect has one
        using var nobody = new PortalBrowser(scene.Gateway.PublicUrl);
        using var ended = await AskAsync(nobody, callback.PathAndQuery);
        Assert.Equal("/authorisation-ended", ended.Headers.Location!.ToString());
        Assert.Equal("unauthorised", await scene.StateAsync());

        await portal.OpenAsync(callback.PathAndQuery, Cancel);
        Assert.Equal("connected", await scene.StateAsync());
    }

    [Fact]
    public async Task Refused_consent_is_explained_by_who_must_do_what()
    {
        await using var scene = await ReadyAsync();
        using var portal = await scene.Gateway.SignInAsync();
        var callback = await scene.SignInAtMicrosoftAsync(portal, scene.Contoso.Support, consent: false);
        Assert.Contains("access_denied", callback.Query, StringComparison.Ordinal);

        var page = await PageAfterAsync(portal, callback.PathAndQuery);
        Assert.Contains("AADSTS65004", page, StringComparison.Ordinal);
        Assert.Contains("Authorise again and accept the permissions", page, StringComparison.Ordinal);
        Assert.Equal("unauthorised", await scene.StateAsync());
    }

    [Fact]
    public async Task Another_account_than_the_mailbox_is_explained_and_not_stored()
    {
        await using var scene = await ReadyAsync();
        using var portal = await scene.Gateway.SignInAsync();
        var callback = await scene.SignInAtMicrosoftAsync(portal, scene.Contoso.Sales);

        var page = await PageAfterAsync(portal, callback.PathAndQuery);
        Assert.Contains($"Signed in as {scene.Contoso.Sales}", page, StringComparison.Ordinal);
        Assert.Contains($"authorise again as {scene.Contoso.Support}", page, StringComparison.Ordinal);
        Assert.Equal("unauthorised", await scene.StateAsync());
        var wrong = Assert.Single(await scene.ExamineAsync(), finding => finding.GetProperty("result").GetString() == "wrong");
        Assert.Equal("G3", wrong.GetProperty("setupStep").GetString());
        Assert.Contains($"Signed in as {scene.Contoso.Sales}", wrong.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_URI_that_is_not_registered_ends_on_Microsofts_page_which_redirects_nowhere()
    {
        await using var scene = await ReadyAsync();
        await scene.Lab.SetAuthenticationAsync(
            scene.Contoso.DirectoryId, scene.Contoso.ClientId, [("web", "https://elsewhere.contoso.example/callback")], false, false, false, Cancel);
        using var portal = await scene.Gateway.SignInAsync();
        using var browser = scene.Fixture.Browser();
        var end = await browser.OpenAsync(await portal.LeaveAsync($"/authorise/{scene.App}", Cancel), Cancel);

        Assert.Null(end.Callback);
        Assert.Contains("AADSTS50011", end.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_authorises_without_a_session()
    {
        await using var scene = await ReadyAsync();
        using var nobody = new PortalBrowser(scene.Gateway.PublicUrl);
        using var answer = await AskAsync(nobody, $"/authorise/{scene.App}");
        Assert.Contains("/sign-in", answer.Headers.Location!.ToString(), StringComparison.Ordinal); // a redirect has one
    }

    private async Task<Scene> ReadyAsync()
    {
        var scene = await Scene.DraftAsync(lab);
        await scene.PrepareMailboxAsync();
        await scene.SaveAsync();
        return scene;
    }

    /// <summary>The page that the browser is sent to after the call back.</summary>
    private static async Task<string> PageAfterAsync(PortalBrowser portal, string callback)
    {
        using var answer = await AskAsync(portal, callback);
        using var page = await AskAsync(portal, answer.Headers.Location!.ToString()); // a redirect has one
        return WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(Cancel));
    }

    private static Task<HttpResponseMessage> AskAsync(PortalBrowser portal, string path) =>
        portal.AskAsync(new HttpRequestMessage(HttpMethod.Get, path), Cancel);
}
