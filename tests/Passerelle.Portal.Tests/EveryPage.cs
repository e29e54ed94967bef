using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Routing.Flows;

namespace Passerelle.Portal.Tests;

/// <summary>Every page, light and dark, wide and narrow: nothing serious for axe, nothing overflows, nothing leaves the origin.</summary>
public sealed class EveryPage(BrowserFixture browser)
{
    [Theory]
    [InlineData(false, 1280)]
    [InlineData(true, 1280)]
    [InlineData(false, 390)]
    [InlineData(true, 390)]
    public async Task Every_page_is_readable_by_everybody(bool dark, int width)
    {
        await using var gateway = await RunningGateway.StartAsync();
        await using var visitor = await browser.VisitAsync(gateway.Url, dark, width);
        var findings = new List<string>();
        await visitor.OpenAsync("/first-run");
        await visitor.LookAsync("first-run", dark, width, findings);
        await visitor.SetUpAsync(gateway);
        foreach (var (name, path) in await Pages.OfAsync(gateway))
        {
            await visitor.OpenAsync(path);
            await visitor.LookAsync(name, dark, width, findings);
        }
        await visitor.Page.Context.ClearCookiesAsync();
        await visitor.OpenAsync("/sign-in");
        await visitor.LookAsync("sign-in", dark, width, findings);
        Assert.Empty(findings);
        Assert.Empty(visitor.Trouble);
    }
}

/// <summary>The portal's pages, with something on them.</summary>
internal static class Pages
{
    public static async Task<IReadOnlyList<(string Name, string Path)>> OfAsync(RunningGateway gateway)
    {
        var cancel = TestContext.Current.CancellationToken;
        var organisation = (await gateway.Services.GetRequiredService<People>().OrganisationsAsync(cancel)).Single();
        var apps = gateway.Services.GetRequiredService<EmailApps>();
        var app = await apps.OpenDraftAsync(organisation, cancel);
        await apps.KeepDraftAsync(organisation, app.Id, AppForm.Of(app) with { AssetName = "Support", EmailId = "support@contoso.example" }, cancel);
        var message = await StoredMail.PutAsync(gateway, app, cancel);
        var (json, _) = AcknowledgementForm.ToFlow("Acknowledge", "Hello {{ message.from.name }}");
        var flow = await gateway.Services.GetRequiredService<FlowLibrary>().CreateAsync(organisation, "Acknowledge", json!, cancel); // valid Liquid
        return
        [
            ("messages", "/messages"),
            ("message", $"/messages/{message}"),
            ("journeys", "/journeys"),
            ("journey", $"/journeys/{message}"),
            ("flows", "/flows"),
            ("flow", $"/flows/{flow.Id}"),
            ("settings", "/settings"),
            ("home", "/"),
            ("apps", "/apps"),
            ("new-app", "/apps/new"),
            ("app", $"/apps/{app.Id}"),
            ("app-settings", $"/apps/{app.Id}/settings"),
            ("app-authorisation", $"/apps/{app.Id}/authorisation"),
            ("authorisation-ended", "/authorisation-ended?why=other-browser"),
            ("app-forwarding", $"/apps/{app.Id}/forwarding"),
            ("app-doctor", $"/apps/{app.Id}/doctor"),
            ("not-found", "/nothing-here"),
        ];
    }
}
