using System.Net;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Access;

/// <summary>A link for a mailbox's owner is the one thing that a stranger can open here: how often is bounded.</summary>
public sealed class OwnerLinkBrakeTests
{
    [Fact]
    public async Task A_link_that_is_opened_too_often_waits_and_no_other_does()
    {
        await using var temp = new TempStore();
        var options = new AccessOptions();
        var brake = new SignInBrake(temp.Store, Options.Create(options), temp.Time);
        var (mine, theirs) = (Guid.CreateVersion7(temp.Time.GetUtcNow()), Guid.CreateVersion7(temp.Time.GetUtcNow()));
        for (var opened = 0; opened < options.OpeningsPerOwnerLink; opened++)
        {
            Assert.Null(await brake.WaitForLinkAsync(mine, "192.0.2.1", TempStore.Cancel));
            await brake.CountLinkAsync(mine, "192.0.2.1", TempStore.Cancel);
        }
        Assert.Equal(TimeSpan.FromSeconds(30), await brake.WaitForLinkAsync(mine, "192.0.2.2", TempStore.Cancel)); // from anywhere
        Assert.Null(await brake.WaitForLinkAsync(theirs, "192.0.2.1", TempStore.Cancel));
        Assert.Null(await brake.WaitAsync("ada@contoso.example", "192.0.2.1", TempStore.Cancel)); // nor does anybody's sign-in

        temp.Time.Advance(TimeSpan.FromMinutes(options.FailureWindowMinutes));
        Assert.Null(await brake.WaitForLinkAsync(mine, "192.0.2.1", TempStore.Cancel));
    }

    [Fact]
    public async Task Whoever_tries_links_that_nobody_made_is_stopped_by_the_page_itself()
    {
        await using var gateway = await LiveGateway.StartAsync();
        await gateway.OrganisationAsync("fabrikam"); // the first run is done
        using var stranger = gateway.Browser();
        var answers = new List<HttpStatusCode>();
        for (var tried = 0; tried <= new AccessOptions().FailuresPerAddress; tried++)
        {
            using var answer = await stranger.GetAsync($"/owner/{AuthorisationSecrets.New()}", LiveGateway.Cancel);
            answers.Add(answer.StatusCode);
        }
        Assert.All(answers[..^1], status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
    }

    /// <summary>Each time the provider is asked something: after ten times only our own page answers.</summary>
    [Fact]
    public async Task A_link_leads_to_the_provider_so_often_and_then_to_a_page_that_says_how_long_to_wait()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var (organisation, _) = await gateway.OrganisationAsync("fabrikam");
        var secret = await gateway.Get<OwnerLinks>().MakeAsync(organisation, await SavedAsync(gateway, organisation), Guid.Empty, LiveGateway.Cancel);
        using var owner = gateway.Browser();
        var most = new AccessOptions().OpeningsPerOwnerLink;
        for (var opened = 0; opened < most; opened++)
        {
            using var begun = await owner.GetAsync($"/owner/{secret}/begin", LiveGateway.Cancel);
            Assert.DoesNotContain($"/owner/{secret}", begun.Headers.Location?.ToString() ?? "", StringComparison.Ordinal); // to the provider, or to what it answered
        }
        using var page = await owner.GetAsync($"/owner/{secret}/begin", LiveGateway.Cancel);
        Assert.Equal($"/owner/{secret}", page.Headers.Location?.ToString());
        using var says = await owner.GetAsync($"/owner/{secret}", LiveGateway.Cancel);
        Assert.Equal(HttpStatusCode.TooManyRequests, says.StatusCode);
        Assert.Contains("opened too often", await says.Content.ReadAsStringAsync(LiveGateway.Cancel), StringComparison.Ordinal);
    }

    /// <summary>Its provider is at an address that the outbound policy refuses: nothing leaves this machine.</summary>
    private static async Task<Guid> SavedAsync(LiveGateway gateway, Guid organisation)
    {
        var draft = await gateway.Get<EmailApps>().OpenDraftAsync(organisation, LiveGateway.Cancel);
        var form = Tests.Apps.Readied.Form(draft) with { WarningsRead = true };
        Assert.IsType<SaveOutcome.Saved>(await gateway.Get<EmailApps>().SaveAsync(organisation, draft.Id, draft.Version, form, LiveGateway.Cancel));
        await gateway.Get<IStore>().WriteAsync(
            Lane.Work,
            tx => tx.For(organisation).Execute(
                """
                UPDATE app SET preset = 'generic', authorization_url = 'https://127.0.0.1:1/authorize', token_url = 'https://127.0.0.1:1/token'
                WHERE organisation_id = @organisation
                """),
            LiveGateway.Cancel);
        return draft.Id;
    }
}
