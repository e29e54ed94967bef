using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Lab.Testing;
using static Microsoft.Playwright.Assertions;

namespace Passerelle.Portal.Tests.Ways;

/// <summary>An app is configured and connected without a mouse: Tab, Space, arrows and Enter, here and at the sign-in pages.</summary>
public sealed class KeyboardOnly(BrowserFixture browser, OneLab lab) : IClassFixture<OneLab>
{
    [Fact]
    public async Task An_email_app_is_configured_and_connected_by_keys_alone_and_the_focus_is_always_seen()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var gateway = await RunningGateway.StartAsync(LabAround.SettingsFor(lab.Lab.Endpoints));
        await using var admin = await browser.VisitAsync(gateway.Url, abroad: lab.Lab.Endpoints.Https.GetLeftPart(UriPartial.Authority));
        await admin.SetUpAsync(gateway, LabAround.InboundDomain);
        var contoso = await lab.ReadyAsync(gateway, cancel);
        await admin.OpenAsync("/");
        var keys = new Keys(admin.Page);

        await keys.ToAsync("#open-draft");
        await keys.PressAsync("Enter");
        await admin.Page.WaitForURLAsync("**/settings");
        await admin.ReadyAsync();
        await keys.TypeAsync("#directory-id", contoso.DirectoryId.ToString());
        await keys.TypeAsync("#email-id", contoso.Support);
        await keys.TypeAsync("#client-id", contoso.ClientId.ToString());
        await keys.ToAsync("#proof input:checked"); // a group of choices is one stop; arrows move in it
        await keys.PressAsync("ArrowDown");
        await Expect(admin.Page.Locator("#certificate-make")).ToBeVisibleAsync();
        await keys.PressAsync("ArrowUp");
        await Expect(admin.Page.Locator("#client-secret")).ToBeVisibleAsync();
        await keys.TypeAsync("#client-secret", contoso.ClientSecret);
        await keys.ToAsync("#secret-expiry-unknown");
        await keys.PressAsync("Space");
        await Expect(admin.Page.Locator("#secret-expiry-unknown")).ToBeCheckedAsync();
        await keys.ToAsync("#save");
        await keys.PressAsync("Enter");
        await admin.Page.WaitForURLAsync("**/authorisation");
        await admin.ReadyAsync();

        await keys.ToAsync("#authorise");
        await keys.PressAsync("Enter");
        await Expect(admin.Page.Locator("#login")).ToHaveValueAsync(contoso.Support);
        await keys.TypeAsync("#passwd", Contoso.Password);
        await keys.PressAsync("Enter"); // a form is sent from its field
        await admin.Page.Locator("#consent").WaitForAsync();
        await keys.ToAsync("#consent button[value=accept]");
        await keys.PressAsync("Space");
        await Expect(admin.Page.Locator("#authorise-result.good")).ToContainTextAsync("Connected", new() { Timeout = 30_000 });

        Assert.True(keys.Unseen.Count == 0, string.Join(Environment.NewLine, keys.Unseen));
        Assert.Empty(admin.Trouble);
        var organisation = (await gateway.Services.GetRequiredService<People>().OrganisationsAsync(cancel)).Single();
        Assert.Equal(AppState.Connected, Assert.Single(await gateway.Services.GetRequiredService<EmailApps>().ListAsync(organisation, cancel)).State);
    }

    /// <summary>The keyboard of a page. Wherever Tab leads, the element must be in sight, under nothing, and show that it is the one.</summary>
    private sealed class Keys(IPage page)
    {
        /// <summary>More stops than any page of ours has.</summary>
        private const int MostStops = 120;

        /// <summary>What has the focus: its name, and what is wrong with how it is seen (WCAG 2.2, 2.4.7 and 2.4.11).</summary>
        private const string Focus = """
            () => {
                const element = document.activeElement;
                if (!element || element === document.body) return null;
                const name = `${location.pathname} ${element.tagName.toLowerCase()}${element.id ? '#' + element.id : ''} ${(element.textContent || '').trim().slice(0, 30)}`;
                const box = element.getBoundingClientRect(), style = getComputedStyle(element);
                const ringed = node => { const of = getComputedStyle(node); return of.outlineStyle !== 'none' && parseFloat(of.outlineWidth) >= 1 && of.outlineColor !== 'transparent'; };
                const inSight = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && style.visibility === 'visible';
                const top = document.elementFromPoint(Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1), Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1));
                const covered = inSight && !(top && (element === top || element.contains(top) || top.contains(element)));
                return !inSight ? name + ': out of sight' : covered ? name + ': under ' + top?.className : !ringed(element) && !ringed(element.closest('label') ?? element) ? name + ': without a ring' : null;
            }
            """;

        public HashSet<string> Unseen { get; } = [];

        /// <summary>Tab until it is the one.</summary>
        public async Task ToAsync(string selector)
        {
            for (var stops = 0; stops < MostStops; stops++)
            {
                await PressAsync("Tab");
                if (await page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) === true", selector)) return;
            }
            Assert.Fail($"{MostStops} tabs do not lead to {selector} on {page.Url}");
        }

        public async Task TypeAsync(string selector, string text)
        {
            await ToAsync(selector);
            await page.Keyboard.TypeAsync(text);
        }

        public async Task PressAsync(string key)
        {
            await page.Keyboard.PressAsync(key);
            if (key is "Tab" && await page.EvaluateAsync<string?>(Focus) is { } unseen) Unseen.Add(unseen);
        }
    }
}
