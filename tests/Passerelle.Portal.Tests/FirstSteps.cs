using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Passerelle.Portal.Tests;

/// <summary>The way of an admin from the empty installation to a saved app, in a real browser.</summary>
public sealed partial class FirstSteps(BrowserFixture browser)
{
    [Fact]
    public async Task A_wrong_token_opens_nothing_and_the_right_one_only_once()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await using var stranger = await browser.VisitAsync(gateway.Url);
        await stranger.OpenAsync("/apps");
        await stranger.FillAsync("token", "0123456789abcdef0123456789abcdef");
        await stranger.Page.Locator("form.card button[type=submit]").ClickAsync();
        await Expect(stranger.Page.Locator(".notice.bad")).ToContainTextAsync("not the token");

        await using var admin = await browser.VisitAsync(gateway.Url);
        await admin.SetUpAsync(gateway);
        await Expect(admin.Page.Locator("main")).ToContainTextAsync("in.contoso.example. IN MX 10 localhost.");

        await stranger.OpenAsync("/first-run");
        Assert.EndsWith("/sign-in?back=%2F", stranger.Page.Url, StringComparison.Ordinal);
        Assert.Empty(admin.Trouble);
    }

    [Guide("10")]
    [Fact]
    public async Task A_draft_keeps_its_address_when_the_tab_closes_the_admin_signs_out_and_the_server_restarts()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await using var admin = await browser.VisitAsync(gateway.Url);
        await admin.SetUpAsync(gateway);
        await admin.OpenAsync("/apps");
        await Expect(admin.Page.Locator(".empty h2")).ToBeVisibleAsync();
        await admin.OpenAsync("/apps/new");
        await admin.Page.Locator("form.card button[type=submit]").ClickAsync();
        await admin.Page.WaitForURLAsync("**/settings");
        await admin.ReadyAsync();
        var draft = new Uri(admin.Page.Url).PathAndQuery;
        var address = await admin.Page.Locator("#forwarding-address").InputValueAsync();
        Assert.Matches(ForwardingAddress(), address);
        Assert.Equal($"{gateway.Url}/callback", await admin.Page.Locator("#callback-url").InputValueAsync());

        await admin.FillAsync("asset-name", "Support");
        await admin.FillAsync("email-id", "support@contoso.example");
        await admin.Page.Locator("#email-id").BlurAsync();
        await Expect(admin.Page.Locator("#user-name")).ToHaveValueAsync("support@contoso.example");
        await Expect(admin.Page.Locator(".sticky-actions")).ToContainTextAsync("Draft kept");
        await admin.Page.Locator("form[action='/sign-out'] button").ClickAsync();
        await admin.Page.WaitForURLAsync("**/sign-in");

        await gateway.RestartAsync();
        await using var again = await browser.VisitAsync(gateway.Url);
        await again.SignInAsync();
        await again.OpenAsync(draft);
        await Expect(again.Page.Locator("#forwarding-address")).ToHaveValueAsync(address);
        await Expect(again.Page.Locator("#asset-name")).ToHaveValueAsync("Support");
        Assert.Empty(again.Trouble);
    }

    [Fact]
    public async Task The_form_says_what_is_wrong_at_its_field_and_saves_what_is_right()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await using var admin = await browser.VisitAsync(gateway.Url);
        await admin.SetUpAsync(gateway);
        await admin.OpenAsync("/apps/new");
        await admin.Page.Locator("form.card button[type=submit]").ClickAsync();
        await admin.Page.WaitForURLAsync("**/settings");
        await admin.ReadyAsync();

        await admin.FillAsync("asset-name", "Support");
        await admin.FillAsync("email-id", "support@contoso.example");
        await admin.FillAsync("directory-id", "11111111-2222-4333-8444-555555555555");
        await admin.FillAsync("client-id", "66666666-7777-4888-9999-aaaaaaaaaaaa");
        await admin.FillAsync("client-secret", "bbbbbbbb-cccc-4ddd-8eee-ffffffffffff");
        await admin.Page.Locator("#secret-expiry-unknown").CheckAsync();
        await admin.Page.Locator("#save").ClickAsync();
        await Expect(admin.Page.Locator("#client-secret-help .problem")).ToHaveTextAsync("This is the Secret ID; copy the Value.");
        await Expect(admin.Page.Locator("#client-secret")).ToBeFocusedAsync();

        await admin.FillAsync("client-secret", "abc8Q~not.a.real.secret_value-000000000");
        await admin.Page.Locator("#save").ClickAsync();
        await admin.Page.WaitForURLAsync("**/authorisation");
        Assert.Empty(admin.Trouble);
    }

    [Fact]
    public async Task A_person_reads_the_portal_in_French_and_stays_in_it()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await using var admin = await browser.VisitAsync(gateway.Url);
        await admin.SetUpAsync(gateway);
        await admin.Page.Locator("button[name=language]").ClickAsync();
        await admin.OpenAsync("/apps");
        await Expect(admin.Page.Locator("h1")).ToHaveTextAsync("Applications");
        Assert.Equal("fr", await admin.Page.Locator("html").GetAttributeAsync("lang"));
        Assert.Empty(admin.Trouble);
    }

    [GeneratedRegex(@"^[0-9a-f]{32}@in\.contoso\.example$")]
    private static partial Regex ForwardingAddress();
}
