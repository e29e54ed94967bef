using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using static Microsoft.Playwright.Assertions;

namespace Passerelle.Portal.Tests;

/// <summary>What happens to an app in the years after it was made, in a real browser.</summary>
public sealed class AppLife(BrowserFixture browser)
{
    [Fact]
    public async Task Of_two_admins_the_second_sees_what_the_first_changed_and_saves_over_it_knowingly()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var gateway = await RunningGateway.StartAsync();
        await using var first = await browser.VisitAsync(gateway.Url);
        await first.SetUpAsync(gateway);
        var (organisation, apps, app) = await SavedAsync(gateway);
        await using var second = await browser.VisitAsync(gateway.Url);
        await second.SignInAsync();
        await second.Page.WaitForURLAsync($"{gateway.Url}/");
        await second.OpenAsync($"/apps/{app.Id}/settings");
        await first.OpenAsync($"/apps/{app.Id}/settings");
        await first.FillAsync("asset-name", "Help");
        await first.FillAsync("display-name", "Contoso Help");
        await first.Page.Locator("#save").ClickAsync();
        await Expect(first.Page.Locator(".notice.good")).ToBeVisibleAsync();

        await second.FillAsync("asset-name", "Service");
        await second.FillAsync("signature", "The team");
        await second.Page.Locator("#save").ClickAsync();
        var overtaken = second.Page.Locator("#overtaken");
        await Expect(overtaken).ToContainTextAsync("Support → Help");
        await Expect(overtaken).ToContainTextAsync("yours: Service");
        await Expect(overtaken).ToContainTextAsync("Contoso Help");
        await Expect(second.Page.Locator("#save")).ToBeDisabledAsync();
        var findings = new List<string>();
        await second.LookAsync("overtaken", findings);
        Assert.Empty(findings);
        Assert.Equal("Help", (await apps.FindAsync(organisation, app.Id, cancel))!.AssetName); // it is there

        await second.Page.Locator("#put-over").ClickAsync();
        await Expect(second.Page.Locator(".notice.good")).ToBeVisibleAsync();
        var stored = (await apps.FindAsync(organisation, app.Id, cancel))!; // it is there
        Assert.Equal(("Service", "Contoso Help", "The team"), (stored.AssetName, stored.DisplayName, stored.Signature));

        await second.OpenAsync($"/settings/audit?subject={app.Id}");
        await Expect(second.Page.Locator("#audit")).ToContainTextAsync("Help → Service");
        await Expect(second.Page.Locator("#audit")).ToContainTextAsync("Ada Admin");
        Assert.Empty(first.Trouble);
        Assert.Empty(second.Trouble);
    }

    [Fact]
    public async Task An_app_is_rotated_retired_brought_back_and_copied()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var gateway = await RunningGateway.StartAsync();
        await using var admin = await browser.VisitAsync(gateway.Url);
        await admin.SetUpAsync(gateway);
        var (organisation, apps, app) = await SavedAsync(gateway);

        await admin.OpenAsync($"/apps/{app.Id}/forwarding");
        await admin.Page.Locator("#rotate").ClickAsync();
        await Expect(admin.Page.Locator("#former")).ToContainTextAsync(app.ForwardingAddress);
        await Expect(admin.Page.Locator("#forwarding-address")).Not.ToHaveValueAsync(app.ForwardingAddress);

        await admin.OpenAsync($"/apps/{app.Id}");
        await admin.FollowAsync("#retire");
        await Expect(admin.Page.Locator("#effects li")).ToHaveCountAsync(5);
        await admin.FillAsync("reason", "moved to sales");
        await admin.FollowAsync("form.card button[type=submit]");
        await Expect(admin.Page.Locator("#state-reason")).ToContainTextAsync("moved to sales");
        Assert.Equal(AppState.Retired, (await apps.FindAsync(organisation, app.Id, cancel))!.State); // it is there
        await admin.Page.Locator("#unretire").ClickAsync();
        await Expect(admin.Page.Locator("#retire")).ToBeVisibleAsync();
        Assert.Equal(AppState.Unauthorised, (await apps.FindAsync(organisation, app.Id, cancel))!.State); // it is there

        await admin.OpenAsync($"/apps/new?from={app.Id}");
        await admin.Page.Locator("#copy-app button[type=submit]").ClickAsync();
        await admin.Page.WaitForURLAsync("**/settings");
        await admin.ReadyAsync();
        await Expect(admin.Page.Locator("#asset-name")).ToHaveValueAsync("Support (2)");

        await admin.OpenAsync("/apps/import");
        await admin.FillAsync("yaml", "passerelle: 1\napps:\n- assetName: Support\n  signature: From a file\n");
        await admin.Page.Locator("#check").ClickAsync();
        await Expect(admin.Page.Locator("#applied")).ToContainTextAsync("From a file");
        await admin.Page.Locator("#apply").ClickAsync();
        await Expect(admin.Page.Locator("#applied .notice.good")).ToBeVisibleAsync();
        Assert.Equal("From a file", (await apps.FindAsync(organisation, app.Id, cancel))!.Signature); // it is there
        Assert.Empty(admin.Trouble);
    }

    private static async Task<(Guid Organisation, EmailApps Apps, EmailApp App)> SavedAsync(RunningGateway gateway)
    {
        var cancel = TestContext.Current.CancellationToken;
        var organisation = (await gateway.Services.GetRequiredService<People>().OrganisationsAsync(cancel)).Single();
        var apps = gateway.Services.GetRequiredService<EmailApps>();
        var draft = await apps.OpenDraftAsync(organisation, cancel);
        var form = AppForm.Of(draft) with
        {
            AssetName = "Support",
            EmailId = "support@contoso.example",
            UserName = "support@contoso.example",
            DirectoryId = "0d6f2f0e-6a52-4f0e-9a52-1f1d3a4b5c6d",
            ClientId = "5b1c1a52-52a7-4a5e-8c52-0a1b2c3d4e5f",
            ClientSecret = "a1B8Q~not-a-real-secret-0123456789abcdef",
            SecretExpiryUnknown = true,
        };
        var saved = Assert.IsType<SaveOutcome.Saved>(await apps.SaveAsync(organisation, draft.Id, draft.Version, form, cancel));
        return (organisation, apps, saved.App);
    }
}
