using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Routing.Flows;
using Passerelle.Lab.Testing;
using static Microsoft.Playwright.Assertions;

namespace Passerelle.Portal.Tests;

/// <summary>What one app's pages let an admin do, and what Home says about it.</summary>
public sealed class OneApp(BrowserFixture browser)
{
    [Fact]
    public async Task A_password_is_tried_when_it_is_saved_and_again_by_a_button_and_Home_says_who_must_act()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var world = await ConnectedApp.SaveAsync(browser, cancel, form => form with
        {
            Authentication = AppForm.PasswordSignIn,
            Password = "wrong-on-purpose",
        });
        var admin = world.Admin;
        await world.Control.SetBasicAuthAsync(world.Contoso.DirectoryId, world.Contoso.Support, enabled: true, cancel);
        await admin.OpenAsync($"/apps/{world.App.Id}/authorisation");
        await admin.Page.Locator("#try").ClickAsync();
        await Expect(admin.Page.Locator("#authorise-result.bad")).ToContainTextAsync("535", new() { Timeout = 30_000 });
        await admin.PictureAsync("try-refused");

        await admin.OpenAsync($"/apps/{world.App.Id}/settings");
        await admin.FillAsync("smtp-password", Contoso.Password);
        await admin.Page.Locator("#save").ClickAsync();
        await Expect(admin.Page.Locator("#authorise-result.good")).ToContainTextAsync("Connected", new() { Timeout = 30_000 });
        await admin.PictureAsync("try-connected");

        await admin.OpenAsync("/");
        await Expect(admin.Page.Locator(".notice.warn")).ToContainTextAsync("neither received nor sent a mail yet");
        await Expect(admin.Page.Locator(".notice.good")).ToHaveCountAsync(0);
        await admin.PictureAsync("home-silent");

        await world.Control.ResetPasswordAsync(world.Contoso.DirectoryId, world.Contoso.Support, "Another-Horse-8", cancel);
        await admin.OpenAsync($"/apps/{world.App.Id}/doctor");
        await admin.Page.Locator("#send-test").ClickAsync();
        await Expect(admin.Page.Locator(".page-head .badge.bad")).ToHaveCountAsync(1, new() { Timeout = 30_000 });
        await admin.OpenAsync("/");
        await Expect(admin.Page.Locator(".notice.bad")).ToContainTextAsync("Support");
        await admin.PictureAsync("home-broken-unexamined");
        await admin.OpenAsync($"/apps/{world.App.Id}/doctor");
        await admin.Page.Locator("#examine").ClickAsync();
        await Expect(admin.Page.Locator("#findings .hop.wrong")).ToHaveCountAsync(1, new() { Timeout = 30_000 });
        await admin.OpenAsync("/");
        await Expect(admin.Page.Locator(".notice.bad")).ToContainTextAsync("must act:");
        await admin.PictureAsync("home-broken");
        Assert.Empty(admin.Trouble);
    }

    [Fact]
    public async Task Acknowledging_is_one_switch_and_its_text_can_be_changed()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var gateway = await RunningGateway.StartAsync();
        await using var admin = await browser.VisitAsync(gateway.Url);
        await admin.SetUpAsync(gateway);
        var organisation = (await gateway.Services.GetRequiredService<Passerelle.Gateway.Access.People>().OrganisationsAsync(cancel)).Single();
        var (apps, flows) = (gateway.Services.GetRequiredService<EmailApps>(), gateway.Services.GetRequiredService<FlowLibrary>());
        var app = await apps.OpenDraftAsync(organisation, cancel);
        var acknowledge = admin.Page.Locator("#acknowledge");

        await admin.OpenAsync($"/apps/{app.Id}");
        await Expect(acknowledge).Not.ToBeCheckedAsync();
        await admin.FillAsync("acknowledge-text", "Hello {{ message.from.name");
        await acknowledge.ClickAsync();
        await Expect(admin.Page.Locator("#acknowledge-text-help .problem")).ToHaveCountAsync(1);
        await Expect(acknowledge).Not.ToBeCheckedAsync();
        Assert.Null((await apps.FindAsync(organisation, app.Id, cancel))!.FlowId); // it is there

        await admin.FillAsync("acknowledge-text", "Hello {{ message.from.name }}, we will answer.");
        await admin.Page.Locator("#acknowledge-text").BlurAsync();
        await acknowledge.ClickAsync();
        await Expect(admin.Page.Locator("#acknowledge-save")).ToBeVisibleAsync();
        await Expect(acknowledge).ToBeCheckedAsync();
        var flow = Assert.Single(await flows.ListAsync(organisation, cancel));
        Assert.Equal((flow.Id, 1L), ((await apps.FindAsync(organisation, app.Id, cancel))!.FlowId, flow.PublishedVersion)); // it is there
        await admin.PictureAsync("acknowledge-on");

        await admin.FillAsync("acknowledge-text", "Hello, tomorrow.");
        await admin.Page.Locator("#acknowledge-text").BlurAsync();
        await admin.Page.Locator("#acknowledge-save").ClickAsync();
        await Expect(admin.Page.Locator("main")).ToContainTextAsync("Acknowledging is on.");
        await admin.OpenAsync($"/apps/{app.Id}");
        await Expect(admin.Page.Locator("#acknowledge-text")).ToHaveValueAsync("Hello, tomorrow.");
        await acknowledge.ClickAsync();
        await Expect(admin.Page.Locator("main")).ToContainTextAsync("Acknowledging is off.");
        Assert.Null((await apps.FindAsync(organisation, app.Id, cancel))!.FlowId); // it is there
        await acknowledge.ClickAsync();
        await Expect(admin.Page.Locator("main")).ToContainTextAsync("Acknowledging is on.");
        Assert.Equal(flow.Id, Assert.Single(await flows.ListAsync(organisation, cancel)).Id);
        Assert.Empty(admin.Trouble);
    }
}
