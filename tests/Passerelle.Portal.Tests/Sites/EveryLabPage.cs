using System.Text.Json;
using Microsoft.Playwright;
using Passerelle.Lab.Testing;
using static Microsoft.Playwright.Assertions;

namespace Passerelle.Portal.Tests.Sites;

/// <summary>Every page of the lab, light and dark, wide and narrow: nothing serious for axe, nothing overflows, nothing leaves
/// the origin.</summary>
public sealed class EveryLabPage(BrowserFixture browser)
{
    private const string Callback = "https://gateway.example/callback";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_page_of_the_lab_is_readable_by_everybody()
    {
        await using var lab = await LabFixture.StartAsync(Cancel);
        var contoso = await lab.ContosoAsync("demo", Callback, Cancel);
        var pages = await PagesAsync(lab, contoso);
        await using var visitor = await browser.VisitAsync(lab.Endpoints.Http.GetLeftPart(UriPartial.Authority));
        await visitor.Page.RouteAsync("**/webmail/**", StandStillAsync);
        var findings = new List<string>();
        foreach (var (name, path) in pages)
        {
            await visitor.Page.GotoAsync(path);
            await visitor.LookAsync($"lab-{name}", findings, judgedFrom: Wide);
        }
        await SignInAsync(lab, contoso, visitor, findings);
        Assert.Empty(findings);
        Assert.Empty(visitor.Trouble);
    }

    /// <summary>axe looks at the wide window alone: on a narrow one the style sheet moves things and changes no colour.</summary>
    private const int Wide = 1280;

    private static async Task<IReadOnlyList<(string Name, string Path)>> PagesAsync(LabFixture lab, Contoso contoso)
    {
        await lab.Control.SetPermissionsAsync(contoso.DirectoryId, contoso.ClientId,
            [(LabControl.Graph, "User.Read", "delegated"), (LabControl.Graph, "SMTP.Send", "delegated"), (LabControl.Exchange, "Mail.Send", "application")], Cancel);
        await lab.Control.SendAsync(HttpMethod.Post, $"labs/{contoso.Lab}/faults", new { where = "smtp-auth", code = "535-5.7.3", probability = 0.5, always = true }, Cancel);
        var mail = new LabMail(lab.Control, contoso.Lab);
        await mail.WriteAsync(contoso.Ann, contoso.Support, "Where is my order?", "Hello,\n\nit has not come yet.\n\nAnn", Cancel);
        await mail.WriteAsync(contoso.Bob, contoso.Support, "Do you open on Sunday? " + new string('x', 90), "Bob", Cancel);
        var letter = await mail.WaitAsync(contoso.Support, TimeSpan.FromSeconds(20), Cancel, subject: "Where is my order?");
        Assert.NotNull(letter);
        JsonElement user = await lab.Control.SendAsync(HttpMethod.Get, $"directories/{contoso.DirectoryId}/users/{contoso.Support}", null, Cancel);
        var identity = $"/identity/{contoso.DirectoryId}";
        var app = $"{identity}/apps/{contoso.ClientId}";
        var admin = $"/admin/{contoso.DirectoryId}";
        var person = $"{admin}/users/{user.GetProperty("id").GetString()}";
        var box = $"/webmail/{contoso.Lab}/{contoso.Support}";
        return
        [
            ("start", "/?lang=en"), ("apps", $"{identity}/apps"), ("register", $"{identity}/apps/new"), ("overview", app), ("authentication", $"{app}/authentication"),
            ("secrets", $"{app}/secrets"), ("certificates", $"{app}/secrets?tab=certificates"), ("federated", $"{app}/secrets?tab=federated"),
            ("permissions", $"{app}/permissions"), ("grant", $"{app}/permissions/consent"), ("apis", $"{app}/permissions/add"),
            ("apis-organization", $"{app}/permissions/add?tab=organization"), ("picker", $"{app}/permissions/add?api={LabControl.Exchange}&kind=Application&q=Mail"),
            ("enterprise", $"{identity}/enterprise"), ("enterprise-app", $"{identity}/enterprise/{contoso.ClientId}"),
            ("enterprise-permissions", $"{identity}/enterprise/{contoso.ClientId}/permissions"), ("consent", $"{identity}/consent"),
            ("classifications", $"{identity}/classifications"), ("security-defaults", $"{identity}/security-defaults"),
            ("users", $"{admin}/users"), ("user-mail", person), ("user-account", $"{person}/account"), ("user-permissions", $"{person}/permissions"),
            ("mail-flow", $"{admin}/mail-flow"), ("remote-domains", $"{admin}/remote-domains"), ("rules", $"{admin}/rules"), ("outbound", $"/security/{contoso.DirectoryId}/outbound"),
            ("faults", $"/faults/{contoso.Lab}?q=535"), ("arm", $"/faults/{contoso.Lab}/arm?where=Token&code=90033"), ("log", $"/log/{contoso.Lab}"),
            ("webmail", "/webmail"), ("mailbox", box), ("message", $"{box}/{letter.Id}"), ("write", $"{box}/write?answer={letter.Id}"), ("mail-settings", $"{box}/settings"),
            ("error", "/error?code=50011"), ("device", "/devicelogin"), ("not-found", "/identity/nobody.example/apps"),
        ];
    }

    /// <summary>The pages that an application sends a person to.</summary>
    private static async Task SignInAsync(LabFixture lab, Contoso contoso, Visitor visitor, List<string> findings)
    {
        var authorize = $"{lab.Endpoints.PlainAuthorizeEndpoint(contoso.DirectoryId)}?client_id={contoso.ClientId}&response_type=code"
            + $"&redirect_uri={Uri.EscapeDataString(Callback)}&scope={Uri.EscapeDataString("offline_access https://outlook.office.com/SMTP.Send")}&login_hint={contoso.Support}";
        await visitor.Page.GotoAsync(authorize);
        await visitor.LookAsync("lab-sign-in", findings, judgedFrom: Wide);
        await visitor.FillAsync("passwd", Contoso.Password);
        await visitor.Page.Locator("#signin button").ClickAsync();
        await Expect(visitor.Page.Locator("#consent")).ToBeVisibleAsync();
        await visitor.LookAsync("lab-permissions-requested", findings, judgedFrom: Wide);
        await lab.Control.SetUserConsentAsync(contoso.DirectoryId, "never", Cancel);
        await visitor.Page.GotoAsync(authorize);
        await Expect(visitor.Page.Locator("#leave")).ToBeVisibleAsync();
        await visitor.LookAsync("lab-need-admin-approval", findings, judgedFrom: Wide);
    }

    /// <summary>A list of mails loads itself again every few seconds, and would do so under axe's eyes.</summary>
    private static async Task StandStillAsync(IRoute route)
    {
        var answer = await route.FetchAsync();
        await route.FulfillAsync(new() { Response = answer, Headers = answer.Headers.Where(h => h.Key != "refresh") });
    }
}
