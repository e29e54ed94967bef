using System.Globalization;
using Passerelle.Lab.Testing;
using static Microsoft.Playwright.Assertions;

namespace Passerelle.Portal.Tests;

/// <summary>Our half of the guide (steps 1, 4, Verify) in both languages, in a browser; the same walk makes the pictures of docs/guide.</summary>
public sealed class TheGuidesPortal(BrowserFixture browser)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Guide("60", "61", "62", "64")]
    [InlineData("en")]
    [InlineData("fr")]
    public async Task Steps_1_and_4_and_Verify_end_connected_with_every_step_of_Microsofts_side_done(string language)
    {
        await using var lab = await LabFixture.StartAsync(Cancel);
        await using var gateway = await RunningGateway.StartAsync(LabAround.SettingsFor(lab.Endpoints));
        await using var admin = await browser.VisitAsync(gateway.Url, abroad: lab.Endpoints.Https.GetLeftPart(UriPartial.Authority));
        await admin.SetUpAsync(gateway, LabAround.InboundDomain);
        if (language == "fr") await admin.FollowAsync("button[name=language]");

        await admin.OpenAsync("/apps/new");
        await admin.FollowAsync("form.card button[type=submit]");
        var app = new Uri(admin.Page.Url).AbsolutePath.Split('/')[2];
        var contoso = await lab.ContosoAsync("demo", $"{gateway.Url}/callback", Cancel);
        await FillAsync(admin, contoso);
        await PictureAsync(admin, language, 1, "settings");
        await lab.PrepareAsync(contoso, gateway, await admin.Page.Locator("#forwarding-address").InputValueAsync(), Cancel);
        await admin.Page.Locator("#save").ClickAsync();
        await admin.Page.WaitForURLAsync("**/authorisation");
        await admin.ReadyAsync();

        await admin.OpenAsync($"/apps/{app}/microsoft");
        await PictureAsync(admin, language, 2, "microsoft-side");
        await AuthoriseAsync(admin, app);
        await PictureAsync(admin, language, 3, "connected");
        await VerifyAsync(admin, app, () => new LabMail(lab.Control, contoso.Lab).WriteAsync(contoso.Ann, contoso.Support, "Where is my order?", "Ann", Cancel));
        await PictureAsync(admin, language, 4, "doctor");
        await SeeMicrosoftSideDoneAsync(admin, app);
        await admin.OpenAsync("/journeys");
        await admin.FollowAsync("a.row:has-text('Where is my order?')");
        await PictureAsync(admin, language, 5, "journey");
        Assert.Empty(admin.Trouble);
    }

    private static async Task FillAsync(Visitor admin, Contoso contoso)
    {
        await admin.FillAsync("asset-name", "Support");
        await admin.FillAsync("email-id", contoso.Support);
        await admin.FillAsync("directory-id", contoso.DirectoryId.ToString());
        await admin.FillAsync("client-id", contoso.ClientId.ToString());
        await admin.FillAsync("client-secret", contoso.ClientSecret);
        await admin.Page.Locator("#secret-expiry-unknown").CheckAsync();
    }

    private static async Task AuthoriseAsync(Visitor admin, string app)
    {
        await admin.OpenAsync($"/apps/{app}/authorisation");
        await admin.Page.Locator("#authorise").ClickAsync();
        await admin.FillAsync("passwd", Contoso.Password);
        await admin.Page.Locator("#signin button").ClickAsync();
        await admin.Page.Locator("#consent button[value=accept]").ClickAsync();
        await Expect(admin.Page.Locator("#authorise-result.good")).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }

    /// <summary>The mail is forwarded and read; the app has no flow yet, so it is kept for people.</summary>
    private static async Task VerifyAsync(Visitor admin, string app, Func<Task> writeAsync)
    {
        await admin.OpenAsync($"/apps/{app}/doctor");
        await admin.Page.Locator("#verify").ClickAsync();
        await Expect(admin.Page.Locator("#verify-steps .hop")).ToHaveCountAsync(4);
        await writeAsync();
        await Expect(admin.Page.Locator("#verify-steps .hop.right")).Not.ToHaveCountAsync(0, new() { Timeout = 30_000 });
        await Expect(admin.Page.Locator("#verify-steps .hop.right").Nth(2)).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await admin.Page.Locator("#examine").ClickAsync();
        await Expect(admin.Page.Locator("#findings .hop.right").Nth(7)).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Expect(admin.Page.Locator("#findings .hop.wrong")).ToHaveCountAsync(0);
    }

    private static async Task SeeMicrosoftSideDoneAsync(Visitor admin, string app)
    {
        await admin.OpenAsync($"/apps/{app}/microsoft");
        foreach (var step in new[] { "register", "redirect", "credential", "permission", "consent", "ids", "sign-in", "mailbox", "smtp-auth", "forwarding", "outbound-policy" })
        {
            await Expect(admin.Page.Locator($"#side-{step}.right")).ToHaveCountAsync(1);
        }
    }

    /// <summary>Kept for the docs when PASSERELLE_PORTAL_PICTURES names their folder.</summary>
    private static async Task PictureAsync(Visitor admin, string language, int number, string name)
    {
        if (Environment.GetEnvironmentVariable("PASSERELLE_PORTAL_PICTURES") is not { Length: > 0 } folder) return;
        await admin.Page.Locator("main").ScreenshotAsync(new()
        {
            Path = Path.Combine(folder, language, string.Create(CultureInfo.InvariantCulture, $"{number:00}-{name}.png")),
        });
    }
}
