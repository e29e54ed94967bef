using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Credentials;
using static Microsoft.Playwright.Assertions;

namespace Passerelle.Portal.Tests;

/// <summary>What an admin does once a mailbox is connected: who is told, what ends when, another secret.</summary>
public sealed class TheYearsAfter(BrowserFixture browser)
{
    [Fact]
    public async Task Alarms_are_set_and_tried_a_calendar_address_is_made_and_taken_back_and_a_secret_is_added_and_kept_back()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var gateway = await RunningGateway.StartAsync();
        await using var admin = await browser.VisitAsync(gateway.Url);
        await admin.SetUpAsync(gateway);
        var page = admin.Page;

        await admin.OpenAsync("/settings");
        await page.Locator("#alarms-test").ClickAsync();
        await Expect(page.Locator("#alarms-note")).ToContainTextAsync("Save an address or a URL first");
        await admin.FillAsync("alarm-addresses", "it(at)fabrikam");
        await page.Locator("#alarms-save").ClickAsync();
        await Expect(page.Locator("#alarm-addresses-help .problem")).ToHaveCountAsync(1);
        await admin.FillAsync("alarm-addresses", "it@fabrikam.example");
        await admin.FillAsync("alarm-webhook", "http://127.0.0.1:9/passerelle");
        await page.Locator("#alarms-save").ClickAsync();
        await Expect(page.Locator("#alarm-secret")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^whsec_"));
        await page.Locator("#alarms-test").ClickAsync();
        await Expect(page.Locator("#alarms-last > li")).ToHaveCountAsync(2);
        await admin.PictureAsync("alarms");
        await admin.OpenAsync("/settings");
        await Expect(page.Locator("#alarm-addresses")).ToHaveValueAsync("it@fabrikam.example");
        await Expect(page.Locator("#alarm-secret")).ToHaveCountAsync(0); // shown once

        var organisation = (await gateway.Services.GetRequiredService<People>().OrganisationsAsync(cancel)).Single();
        var app = await SaveAsync(gateway, organisation, cancel);
        await admin.OpenAsync("/credentials");
        await Expect(page.Locator("#credentials > li")).ToHaveCountAsync(1);
        await page.Locator("#feed-make").ClickAsync();
        var address = await page.Locator("#feed-address").InputValueAsync();
        using var stranger = new HttpClient();
        Assert.StartsWith("BEGIN:VCALENDAR", await stranger.GetStringAsync(new Uri(address), cancel), StringComparison.Ordinal);
        await admin.PictureAsync("credentials");
        await page.Locator("#feed-revoke").ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("No address answers any more");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await stranger.GetAsync(new Uri(address), cancel)).StatusCode);

        await admin.OpenAsync($"/apps/{app}/credentials");
        await admin.FillAsync("next-secret", "66666666-7777-4888-8999-aaaaaaaaaaaa");
        await page.Locator("#rotation-add").ClickAsync();
        await Expect(page.Locator("#next-secret-help .problem")).ToHaveCountAsync(1);
        await admin.FillAsync("next-secret", "b2C9R~not-a-real-secret-fedcba9876543210");
        await page.Locator("#next-secret-unknown").CheckAsync();
        await page.Locator("#rotation-add").ClickAsync();
        await Expect(page.Locator("#rotation-steps > li")).ToHaveCountAsync(3);
        await Expect(page.Locator("#rotation-switch")).ToHaveCountAsync(0); // nothing is proved
        await admin.PictureAsync("rotation");
        await page.Locator("#rotation-abort").ClickAsync();
        await Expect(page.Locator("#rotation-note")).ToContainTextAsync("The old one is kept");
        Assert.Empty(admin.Trouble);
    }

    private static async Task<Guid> SaveAsync(RunningGateway gateway, Guid organisation, CancellationToken cancel)
    {
        var apps = gateway.Services.GetRequiredService<EmailApps>();
        var draft = await apps.OpenDraftAsync(organisation, cancel);
        var form = AppForm.Of(draft) with
        {
            AssetName = "Support",
            EmailId = "support@contoso.example",
            UserName = "support@contoso.example",
            DirectoryId = "11111111-2222-4333-8444-555555555555",
            ClientId = "66666666-7777-4888-8999-aaaaaaaaaaaa",
            ClientSecret = "a1B8Q~not-a-real-secret-0123456789abcdef",
            SecretExpiryUnknown = true,
        };
        Assert.IsType<SaveOutcome.Saved>(await apps.SaveAsync(organisation, draft.Id, draft.Version, form, cancel));
        Assert.NotEmpty(await gateway.Services.GetRequiredService<CredentialCalendar>().OfAsync(organisation, cancel));
        return draft.Id;
    }
}
