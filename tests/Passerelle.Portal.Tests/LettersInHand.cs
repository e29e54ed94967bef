using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Access;
using static Microsoft.Playwright.Assertions;

namespace Passerelle.Portal.Tests;

/// <summary>What people do with letters that did not simply leave, and with the texts of those to come.</summary>
public sealed class LettersInHand(BrowserFixture browser)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_letter_or_all_that_are_shown_are_ordered_about_and_the_page_says_how_far_it_is()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await using var visitor = await browser.VisitAsync(gateway.Url);
        await visitor.SetUpAsync(gateway);
        await LettersOnTheWay.PutAsync(gateway, (await gateway.Services.GetRequiredService<People>().OrganisationsAsync(Cancel)).Single(), Cancel);
        var page = visitor.Page;

        await visitor.OpenAsync("/sending");
        await Expect(page.Locator("#letters > li")).ToHaveCountAsync(2); // in doubt: they come first
        await page.Locator("#letters > li", new() { HasText = "Your invoice 2026-1104" }).Locator("button", new() { HasText = "It arrived" }).ClickAsync();
        await Expect(page.Locator(".notice.good")).ToHaveTextAsync("Done for 1 letter");
        await Expect(page.Locator("#letters > li")).ToHaveCountAsync(1);

        await visitor.OpenAsync("/sending?state=waiting");
        await page.EvaluateAsync(
            """
            window.told = [];
            new MutationObserver(() => document.querySelectorAll('#progress').forEach(line => window.told.push(line.textContent))).observe(document.body, { subtree: true, childList: true, characterData: true });
            """);
        await page.Locator("#all").CheckAsync();
        await page.Locator("[data-deed=cancel]").ClickAsync();
        await Expect(page.Locator(".notice.good")).ToHaveTextAsync("Done for 50 letters");
        Assert.Contains(await page.EvaluateAsync<string[]>("window.told"), told => told is not ("0 of 50" or "50 of 50") && told.EndsWith(" of 50", StringComparison.Ordinal));
        await Expect(page.Locator("a[href='/sending?state=dead']")).ToContainTextAsync("(52)");
        Assert.Empty(visitor.Trouble);
    }

    [Fact]
    public async Task A_template_is_looked_at_with_its_sample_and_a_name_that_is_missing_is_told_where_it_stands()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await using var visitor = await browser.VisitAsync(gateway.Url);
        await visitor.SetUpAsync(gateway);
        await visitor.OpenAsync("/templates/new");
        await visitor.FillAsync("template-name", "shipped");
        await visitor.FillAsync("template-subject", "Order {{ order }}");
        await visitor.FillAsync("template-text", "Dear {{ name }},");
        await visitor.FillAsync("template-sample", """{ "order": 4711 }""");
        await visitor.Page.Locator("#template-look").ClickAsync();
        await Expect(visitor.Page.Locator("#template-text-help .problem")).ToContainTextAsync("name");
        await visitor.FillAsync("template-sample", """{ "order": 4711, "name": "Ann" }""");
        await visitor.Page.Locator("#template-look").ClickAsync();
        await Expect(visitor.Page.Locator("#template-preview")).ToContainTextAsync("Order 4711");
        await Expect(visitor.Page.Locator("#template-preview")).ToContainTextAsync("Dear Ann,");
        Assert.Empty(visitor.Trouble);
    }
}
