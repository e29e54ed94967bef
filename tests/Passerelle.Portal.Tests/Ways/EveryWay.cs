using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Lab.Testing;
using static Microsoft.Playwright.Assertions;

namespace Passerelle.Portal.Tests.Ways;

/// <summary>
/// Each way to connect a mailbox, in a real browser against the lab, from an installation without any app to the server's
/// 235: in at most twelve interactions once the Microsoft side is ready, those at Microsoft's sign-in pages included.
/// </summary>
public sealed class EveryWay(BrowserFixture browser, OneLab lab) : IClassFixture<OneLab>
{
    private const int Most = 12;

    [Fact]
    public async Task By_code_as_the_mailbox() => await ConnectAsync(async (person, contoso, _) =>
    {
        await FillSecretAsync(person, contoso);
        await SaveAsync(person);
        await AuthoriseAsync(person, contoso);
    });

    [Fact]
    public async Task By_a_certificate_that_is_made_here_and_changed_later_without_a_pause() => await ConnectAsync(async (person, contoso, _) =>
    {
        await person.ClickAsync("#proof-certificate");
        await person.ClickAsync("#certificate-make");
        await Expect(person.Page.Locator("#certificate-note")).ToContainTextAsync("upload it in Certificates", new() { Timeout = 30_000 });
        var first = await RegisterAsync(person.Page, contoso);
        await SaveAsync(person);
        await AuthoriseAsync(person, contoso);

        // Connected. What comes now belongs to the years after, and is not counted.
        var page = person.Page;
        await person.Visitor.OpenAsync($"/apps/{page.Url.Split('/')[4]}/credentials");
        await page.Locator("#certificate-make").ClickAsync();
        await Expect(page.Locator("#rotation-steps > li")).ToHaveCountAsync(3, new() { Timeout = 30_000 });
        await page.Locator("#rotation-prove").ClickAsync();
        await Expect(page.Locator("#rotation .notice.bad")).ToContainTextAsync("the old one works on", new() { Timeout = 30_000 }); // nobody has uploaded it
        var next = await RegisterAsync(page, contoso);
        await page.Locator("#rotation-prove").ClickAsync();
        await page.Locator("#rotation-switch").ClickAsync(new() { Timeout = 60_000 }); // once the test mail has left
        await Expect(page.Locator("#rotation-note")).ToContainTextAsync("the old one’s private key is erased");
        await Expect(page.Locator("#rotation")).ToContainTextAsync(next);
        await Expect(page.Locator("#rotation")).Not.ToContainTextAsync(first);
    });

    [Fact]
    public async Task As_the_application_itself() => await ConnectAsync(
        async (person, contoso, _) =>
        {
            await person.ClickAsync("#way-app-only");
            await FillSecretAsync(person, contoso);
            await person.ClickAsync("#save");
            await SeeConnectedAsync(person);
            await Expect(person.Page.Locator("main")).ToContainTextAsync("the application itself");
            await Expect(person.Page.Locator("#step-principal")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex($"^New-ServicePrincipal -AppId '{contoso.ClientId}' -ObjectId '[0-9a-f-]{{36}}'"));
        },
        GiveToApplicationAsync);

    /// <summary>Letters leave by Microsoft Graph, and nobody agrees to SMTP.</summary>
    [Fact]
    public async Task By_Microsoft_Graph_alone() => await ConnectAsync(async (person, contoso, _) =>
    {
        await FillSecretAsync(person, contoso);
        await person.ClickAsync("#transport-graph");
        await Expect(person.Page.Locator("#transport")).ToContainTextAsync("It is not Mail.Send of Office 365 Exchange Online");
        await SaveAsync(person);
        await AuthoriseAsync(person, contoso);
        await Expect(person.Page.Locator("main")).ToContainTextAsync("Mail.Send");
    });

    /// <summary>The second consent is asked for by itself, and says so when nobody has given it.</summary>
    [Fact]
    public async Task By_SMTP_with_Microsoft_Graph_behind_it() => await ConnectAsync(async (person, contoso, _) =>
    {
        await FillSecretAsync(person, contoso);
        await person.ClickAsync("#transport-smtp-then-graph");
        await SaveAsync(person);
        await AuthoriseAsync(person, contoso);

        // Connected. What comes now is for the day on which SMTP AUTH is off, and is not counted.
        var page = person.Page;
        await person.Visitor.ReadyAsync();
        await page.Locator("#graph-check").ClickAsync();
        await Expect(page.Locator("#graph-result")).ToContainTextAsync("AADSTS65001", new() { Timeout = 30_000 });
        await page.Locator("#graph-begin").ClickAsync();
        await page.Locator("#consent button[value=accept]").ClickAsync(); // signed in a moment ago
        await Expect(page.Locator("#authorise-result.good")).ToContainTextAsync("Letters may leave by Microsoft Graph too", new() { Timeout = 30_000 });
        await person.Visitor.ReadyAsync();
        await page.Locator("#graph-check").ClickAsync();
        await Expect(page.Locator("#graph-result.good")).ToHaveTextAsync("The app may send by Microsoft Graph.", new() { Timeout = 30_000 });
    });

    [Fact]
    public async Task As_a_delegate_for_a_shared_mailbox() => await ConnectAsync(
        async (person, contoso, _) =>
        {
            await person.FillAsync("signs-in-as", Delegate(contoso));
            await FillSecretAsync(person, contoso);
            await SaveAsync(person);
            await AuthoriseAsync(person, contoso, Delegate(contoso));
            await Expect(person.Page.Locator("main")).ToContainTextAsync(Delegate(contoso));
        },
        GiveToDelegateAsync);

    [Fact]
    public async Task By_a_code_on_another_device() => await ConnectAsync(
        async (person, contoso, gateway) =>
        {
            await person.ClickAsync("#way-device-code");
            await SaveAsync(person);
            var (address, code) = (await person.Page.Locator("#device-page").GetAttributeAsync("href"), await person.Page.Locator("#device-code").InnerTextAsync());
            await using var device = await browser.VisitAsync(gateway.Url, abroad: Authority);
            var phone = new Counted(device, person);
            await phone.Page.GotoAsync(address!); // it is a link
            await phone.FillAsync("otc", code);
            await phone.ClickAsync("#device button");
            await phone.FillAsync("login", contoso.Support);
            await phone.FillAsync("passwd", Contoso.Password);
            await phone.ClickAsync("#signin button");
            await phone.ClickAsync("#consent button[value=accept]");
            await Expect(person.Page.Locator("#device-result.good")).ToContainTextAsync("Connected", new() { Timeout = 60_000 });
        },
        contoso => lab.Lab.Control.SetAuthenticationAsync(
            contoso.DirectoryId, contoso.ClientId, [("web", contoso.RedirectUri)], accessTokens: false, idTokens: false, publicClient: true, Cancel));

    [Fact]
    public async Task By_a_link_for_the_mailboxs_owner() => await ConnectAsync(async (person, contoso, gateway) =>
    {
        await FillSecretAsync(person, contoso);
        await SaveAsync(person);
        await person.ClickAsync("#owner-make");
        var link = await person.Page.Locator("#owner-link").InputValueAsync();
        await using var visitor = await browser.VisitAsync(gateway.Url, abroad: Authority);
        var owner = new Counted(visitor, person);
        await visitor.OpenAsync(new Uri(link).AbsolutePath);
        await Expect(owner.Page.Locator("main")).ToContainTextAsync($"Contoso asks you to connect the mailbox {contoso.Support}");
        var findings = new List<string>();
        await visitor.LookAsync("owner", findings);
        Assert.Empty(findings);
        await owner.ClickAsync("#owner-begin");
        await owner.FillAsync("passwd", Contoso.Password);
        await owner.ClickAsync("#signin button");
        await owner.ClickAsync("#consent button[value=accept]");
        await Expect(owner.Page.Locator("#authorise-result.good")).ToContainTextAsync("Connected", new() { Timeout = 30_000 });
        Assert.Contains("/owner-result?result=", owner.Page.Url, StringComparison.Ordinal);

        await visitor.OpenAsync(new Uri(link).AbsolutePath); // used once: it says so, and leads nowhere
        await Expect(owner.Page.Locator(".notice.good")).ToContainTextAsync("has done its work");
        await visitor.OpenAsync("/apps");
        await Expect(owner.Page.Locator("h1")).ToHaveTextAsync("Sign in");
        Assert.Empty(visitor.Trouble);
    });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
    private string Authority => lab.Lab.Endpoints.Https.GetLeftPart(UriPartial.Authority);
    private static string Delegate(Contoso contoso) => $"delia@{contoso.Domain}";

    /// <summary>The Microsoft side first, then the person, counted; at the end the app is connected.</summary>
    private async Task ConnectAsync(Func<Counted, Contoso, RunningGateway, Task> act, Func<Contoso, Task>? prepare = null)
    {
        await using var gateway = await RunningGateway.StartAsync(LabAround.SettingsFor(lab.Lab.Endpoints));
        await using var admin = await browser.VisitAsync(gateway.Url, abroad: Authority);
        await admin.SetUpAsync(gateway, LabAround.InboundDomain);
        var contoso = await lab.ReadyAsync(gateway, Cancel);
        if (prepare is not null) await prepare(contoso);

        await admin.OpenAsync("/");
        var person = new Counted(admin);
        await person.FollowAsync("#open-draft");
        await person.FillAsync("email-id", contoso.Support);
        await person.FillAsync("directory-id", contoso.DirectoryId.ToString());
        await person.FillAsync("client-id", contoso.ClientId.ToString());
        await act(person, contoso, gateway);

        var organisation = (await gateway.Services.GetRequiredService<People>().OrganisationsAsync(Cancel)).Single();
        Assert.Equal(AppState.Connected, Assert.Single(await gateway.Services.GetRequiredService<EmailApps>().ListAsync(organisation, Cancel)).State);
        Assert.True(person.Interactions <= Most, $"{person.Interactions} interactions");
        Assert.Empty(admin.Trouble);
        await LookAsync(person);
    }

    /// <summary>The page as it is when it works.</summary>
    private static async Task LookAsync(Counted person)
    {
        var findings = new List<string>();
        await person.Visitor.LookAsync($"way-{TestContext.Current.TestMethod!.MethodName}", findings); // called by a test
        Assert.Empty(findings);
    }

    private static async Task FillSecretAsync(Counted person, Contoso contoso)
    {
        await person.FillAsync("client-secret", contoso.ClientSecret);
        await person.ClickAsync("#secret-expiry-unknown");
    }

    private static async Task SaveAsync(Counted person)
    {
        await person.ClickAsync("#save");
        await person.Page.WaitForURLAsync("**/authorisation");
        await person.Visitor.ReadyAsync();
    }

    private static async Task AuthoriseAsync(Counted person, Contoso contoso, string? account = null)
    {
        await person.ClickAsync("#authorise");
        await Expect(person.Page.Locator("#login")).ToHaveValueAsync(account ?? contoso.Support); // login_hint
        await person.FillAsync("passwd", Contoso.Password);
        await person.ClickAsync("#signin button");
        await person.ClickAsync("#consent button[value=accept]");
        await SeeConnectedAsync(person);
    }

    /// <summary>What an administrator does with the public half that the page offers.</summary>
    /// <returns>The certificate's thumbprint.</returns>
    private async Task<string> RegisterAsync(IPage page, Contoso contoso)
    {
        var link = page.Locator("a[download$='.pem']").First;
        var (name, download) = (await link.GetAttributeAsync("download"), await link.GetAttributeAsync("href"));
        var pem = Encoding.ASCII.GetString(Convert.FromBase64String(download!.Split(',')[1])); // it is a link
        Assert.DoesNotContain("PRIVATE", pem, StringComparison.Ordinal);
        await lab.Lab.Control.SendAsync(
            HttpMethod.Post, $"directories/{contoso.DirectoryId}/apps/{contoso.ClientId}/certificates", new { displayName = "Passerelle", certificate = pem }, Cancel);
        return name!["passerelle-".Length..^".pem".Length]; // it names it
    }

    private static Task SeeConnectedAsync(Counted person) =>
        Expect(person.Page.Locator("#authorise-result.good")).ToContainTextAsync("Connected", new() { Timeout = 30_000 });

    /// <summary>SMTP.SendAsApp with consent, New-ServicePrincipal, Add-MailboxPermission.</summary>
    private async Task GiveToApplicationAsync(Contoso contoso)
    {
        await lab.Lab.Control.SetPermissionsAsync(contoso.DirectoryId, contoso.ClientId, [(LabControl.Exchange, "SMTP.SendAsApp", "application")], Cancel);
        await lab.Lab.Control.GrantAdminConsentAsync(contoso.DirectoryId, contoso.ClientId, Cancel);
        var principal = await PrincipalAsync(contoso);
        var rights = new LabSubmission(lab.Lab.Control, contoso.DirectoryId);
        await rights.SetPrincipalsAsync([(contoso.ClientId, principal)], Cancel);
        await rights.SetMailboxRightsAsync(contoso.Support, [principal], [principal], Cancel);
    }

    private async Task<Guid> PrincipalAsync(Contoso contoso)
    {
        var directory = (await lab.Lab.Control.ExportAsync(contoso.Lab, Cancel)).GetProperty("directories").EnumerateArray()
            .Single(one => one.GetProperty("id").GetGuid() == contoso.DirectoryId);
        return directory.GetProperty("enterpriseApps").EnumerateArray().Single(IsOurs).GetProperty("objectId").GetGuid();

        bool IsOurs(JsonElement app) => app.GetProperty("clientId").GetGuid() == contoso.ClientId;
    }

    /// <summary>A shared mailbox: its own account cannot sign in, a delegate has full access.</summary>
    private async Task GiveToDelegateAsync(Contoso contoso)
    {
        var person = await lab.Lab.Control.AddUserAsync(contoso.DirectoryId, Delegate(contoso), "Delia Delegate", Contoso.Password, administrator: false, Cancel);
        await lab.Lab.Control.SetUserAsync(contoso.DirectoryId, contoso.Support, enabled: false, Cancel);
        await new LabSubmission(lab.Lab.Control, contoso.DirectoryId).SetMailboxRightsAsync(contoso.Support, [person], [person], Cancel);
    }
}
