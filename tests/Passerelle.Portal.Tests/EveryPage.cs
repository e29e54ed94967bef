using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Access.Keys;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Events.Webhooks;
using Passerelle.Gateway.Operations.Keeping;
using Passerelle.Gateway.Routing.Flows;
using Passerelle.Gateway.Templates;

namespace Passerelle.Portal.Tests;

/// <summary>Every page, light and dark, wide and narrow: nothing serious for axe, nothing overflows, nothing leaves the origin.</summary>
public sealed class EveryPage(BrowserFixture browser)
{
    /// <summary>The look itself sees: grey on grey, a picture without words, a line wider than the window.</summary>
    [Fact]
    public async Task A_page_that_nobody_can_read_is_found()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await using var visitor = await browser.VisitAsync(gateway.Url);
        await visitor.OpenAsync("/first-run");
        await visitor.Page.EvaluateAsync(
            """
            document.querySelector('main').innerHTML = `<p style="color: light-dark(#ccc, #333); background: light-dark(#ddd, #222)">grey on grey</p>
                <img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><p style="width: 900px">wide</p>`
            """);
        var findings = new List<string>();
        await visitor.LookAsync("spoilt", findings);
        foreach (var look in new[] { "1280-light", "1280-dark", "390-light", "390-dark" })
        {
            Assert.Contains(findings, finding => finding.StartsWith($"spoilt-{look}: /first-run: color-contrast", StringComparison.Ordinal));
            Assert.Contains(findings, finding => finding.StartsWith($"spoilt-{look}: /first-run: image-alt", StringComparison.Ordinal));
        }
        Assert.Equal(2, findings.Count(finding => finding.EndsWith("px wide at 390", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Every_page_is_readable_by_everybody()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await using var visitor = await browser.VisitAsync(gateway.Url);
        var findings = new List<string>();
        await visitor.OpenAsync("/first-run");
        await visitor.LookAsync("first-run", findings);
        await visitor.SetUpAsync(gateway);
        foreach (var (name, path) in await Pages.OfAsync(gateway))
        {
            await visitor.OpenAsync(path);
            await visitor.LookAsync(name, findings);
        }
        await visitor.Page.Context.ClearCookiesAsync();
        await visitor.OpenAsync("/sign-in");
        await visitor.LookAsync("sign-in", findings);
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
        var sends = await LettersOnTheWay.PutAsync(gateway, organisation, cancel);
        var message = await StoredMail.PutAsync(gateway, app, cancel);
        var infected = await StoredMail.PutAsync(gateway, app, cancel);
        await StoredMail.QuarantineAsync(gateway, app, infected, cancel);
        await gateway.Services.GetRequiredService<ForwardingAddresses>().RotateAsync(organisation, app.Id, 14, cancel);
        await StoredMail.AskAsync(gateway, app, message, cancel);
        var (json, _) = AcknowledgementForm.ToFlow("Acknowledge", "Hello {{ message.from.name }}");
        var flow = await gateway.Services.GetRequiredService<FlowLibrary>().CreateAsync(organisation, "Acknowledge", json!, cancel); // valid Liquid
        await gateway.Services.GetRequiredService<LegalHolds>().PlaceAsync(organisation, HoldScopes.App, app.Id.ToString(), "Inquiry 7", null, cancel);
        await gateway.Services.GetRequiredService<KeepingJobs>().ExportAsync(organisation, new KeepingOrders { App = app.Id }, null, cancel);
        await gateway.Services.GetRequiredService<ApiKeys>().MakeAsync(organisation, null, "Ledger", [ApiScopes.LettersSend], null, cancel);
        var hooks = gateway.Services.GetRequiredService<WebhookSettings>();
        var webhook = (WebhookOutcome.Saved)await hooks.MakeAsync(organisation, null, new WebhookForm("Ledger", "https://ledger.fabrikam.example/hook", ["letter.bounced"], IsOn: false), cancel);
        await hooks.TestAsync(organisation, webhook.Webhook.Id, cancel);
        var template = (TemplateOutcome.Saved)await gateway.Services.GetRequiredService<TemplateLibrary>().MakeAsync(
            organisation, null, new TemplateForm("shipped", "Order {{ order }}", "Dear {{ name }}", "<p>Dear {{ name }}</p>", """{ "name": "Ann", "order": 4711 }"""), cancel);
        return
        [
            ("messages", "/messages"),
            ("messages-found", "/messages?q=blue&kind=human"),
            ("messages-none", "/messages?q=nothing-like-that&since=2026-01-01"),
            ("messages-quarantined", "/messages?quarantined=true"),
            ("message", $"/messages/{message}"),
            ("message-quarantined", $"/messages/{infected}"),
            ("message-quarantined-anatomy", $"/messages/{infected}/anatomy"),
            ("message-anatomy", $"/messages/{message}/anatomy"),
            ("journeys", "/journeys"),
            ("journey", $"/journeys/{message}"),
            ("sending", "/sending"),
            ("sending-waiting", "/sending?state=waiting"),
            ("sending-dead", "/sending?state=dead"),
            ("suppressed", "/sending/suppressed"),
            ("budgets", "/sending/budgets"),
            ("budgets-week", "/sending/budgets?span=week"),
            ("flows", "/flows"),
            ("flow", $"/flows/{flow.Id}"),
            ("troubleshoot", "/troubleshoot"),
            ("troubleshoot-symptom", "/troubleshoot?symptom=silence"),
            ("settings", "/settings"),
            ("home", "/"),
            ("apps", "/apps"),
            ("new-app", "/apps/new"),
            ("app", $"/apps/{app.Id}"),
            ("credentials", "/credentials"),
            ("app-credentials", $"/apps/{app.Id}/credentials"),
            ("app-settings", $"/apps/{app.Id}/settings"),
            ("app-authorisation", $"/apps/{app.Id}/authorisation"),
            ("app-authorisation-graph", $"/apps/{sends.Id}/authorisation"),
            ("owner-unknown", "/owner/nobody-made-such-a-link"),
            ("owner-result", "/owner-result?result=gone"),
            ("authorisation-ended", "/authorisation-ended?why=other-browser"),
            ("app-forwarding", $"/apps/{app.Id}/forwarding"),
            ("app-microsoft", $"/apps/{app.Id}/microsoft"),
            ("app-doctor", $"/apps/{app.Id}/doctor"),
            ("retire-app", $"/apps/{app.Id}/retire"),
            ("import-apps", "/apps/import"),
            ("audit", "/settings/audit"),
            ("keeping", "/settings/keeping"),
            ("nodes", "/settings/nodes"),
            ("keys", "/settings/keys"),
            ("webhooks", "/settings/webhooks"),
            ("webhook", $"/settings/webhooks/{webhook.Webhook.Id}?state=waiting"),
            ("templates", "/templates"),
            ("template", $"/templates/{template.Template.Id}"),
            ("api-docs", "/api/docs"),
            ("not-found", "/nothing-here"),
        ];
    }
}
