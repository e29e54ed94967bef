using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Store;
using static Microsoft.Playwright.Assertions;

namespace Passerelle.Portal.Tests;

/// <summary>Every way in which an authorisation does not end well is explained to the person who pressed the button.</summary>
public sealed class AuthorisationEnds(BrowserFixture browser)
{
    [Fact]
    public async Task Every_bad_end_says_what_to_do_and_the_right_account_still_connects()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var world = await ConnectedApp.SaveAsync(browser, cancel);
        var (admin, result) = (world.Admin, world.Admin.Page.Locator("#authorise-result"));

        await world.SignInAtProviderAsync(world.Contoso.Support);
        await world.AnswerConsentAsync("cancel");
        await Expect(result).ToContainTextAsync("The authorisation was refused");
        await Expect(result).ToContainTextAsync("AADSTS65004");
        await admin.PictureAsync("end-consent-refused");

        await world.SignInAtProviderAsync(world.Contoso.Sales);
        await world.AnswerConsentAsync("accept");
        await Expect(result).ToContainTextAsync($"Signed in as {world.Contoso.Sales}", new() { Timeout = 30_000 });
        await Expect(result).ToContainTextAsync($"authorise again as {world.Contoso.Support}");
        await Expect(admin.Page.Locator("main")).ToContainTextAsync("Nothing has been granted yet.");
        await admin.PictureAsync("end-another-account");

        await admin.OpenAsync("/callback?code=abc&state=forged");
        await Expect(admin.Page.Locator("main")).ToContainTextAsync("belongs to no authorisation that we began");
        await admin.PictureAsync("end-forged");

        await admin.Page.Context.ClearCookiesAsync(new() { Name = "passerelle" });
        await admin.OpenAsync("/callback?code=abc&state=forged");
        await Expect(admin.Page.Locator("main")).ToContainTextAsync("Your session ended while you were away");
        await admin.PictureAsync("end-session");
        await admin.SignInAsync();

        await admin.OpenAsync("/authorisation-ended?why=other-browser");
        await Expect(admin.Page.Locator("main")).ToContainTextAsync("another browser");

        await world.SignInAtProviderAsync(world.Contoso.Support);
        await Expect(admin.Page.Locator("#consent")).ToBeVisibleAsync();
        await world.Gateway.Services.GetRequiredService<IStore>().WriteAsync(
            Lane.Work,
            tx => tx.For(world.App.OrganisationId).Execute(
                "UPDATE authorisation SET expires_at = created_at WHERE organisation_id = @organisation AND app_id = @Id", new { world.App.Id }),
            cancel);
        await world.AnswerConsentAsync("accept");
        await Expect(result).ToContainTextAsync("expired");
        await admin.PictureAsync("end-expired");

        await world.SignInAtProviderAsync(world.Contoso.Support);
        await Expect(result).ToContainTextAsync("Connected", new() { Timeout = 30_000 });
        Assert.Empty(admin.Trouble);
    }
}
